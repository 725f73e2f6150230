"""HubSpot: what is written there, what its no and its silence mean, and that nothing is there twice."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.crm.hubspot.adapter import HubSpotCrm
from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.erasing import HubSpotStore
from adapters.crm.hubspot.mapping import PROPERTIES, read_map
from adapters.crm.hubspot.records import Kind, NewObject
from adapters.crm.hubspot.setup import _definition
from adapters.database import Database
from adapters.directory.port import DirectoryPort
from adapters.erasure.stores import embedded_stores
from adapters.watch.fresh import FreshWatch
from adapters.watch.port import WatchPort
from models.account import Money
from models.crm import AccountRecord, Contact, SeatRecord
from models.detection import Reach
from models.directory import DirectoryPerson
from models.erasing import EraseData
from models.faults import PermanentFault, TransientFault
from tests.adapters.test_crm import change, note, sync
from tests.hubspot_house import TOKEN, Act, HubSpotHouse
from tests.hubspot_server import Clockwork, after_doing_it, dawdle, half_an_answer, hang_up, no

AT = datetime(2026, 6, 1, tzinfo=UTC)
FIRM = {1: "Mira", 2: "Raka", 3: "Li"}


@pytest.fixture
def address(migrated_file: Path, tmp_path: Path) -> str:
    """One database is enough for what happens in HubSpot."""
    path = tmp_path / "followthrough.db"
    path.write_bytes(migrated_file.read_bytes())
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(autouse=True)
async def portfolio(hubspot: HubSpotCrm, directory: DirectoryPort, house: HubSpotHouse) -> None:
    for number, name in FIRM.items():
        await directory.put_person(DirectoryPerson(id=f"p-{number}", name=name, email=f"P-{number}@firm.example"))
    await hubspot.put_account(AccountRecord(id="acc-1", name="PT Warung", arr=Money(minor=900_050)))
    house.calls.clear()


def owner(house: HubSpotHouse, number: int) -> str:
    return str(house.owners[number - 1]["id"])


class TestWhatHubSpotShows:
    async def test_a_task_stands_on_the_company_with_its_owner(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        await hubspot.sync_tasks(sync("sync/1", change("case-1/ack_call/task/1.1")))
        task = house.one("tasks", followthrough_key="case-1/ack_call/task/1.1")["properties"]
        assert (task["hs_task_subject"], task["hs_task_status"]) == ("Call the customer", "NOT_STARTED")
        assert task["hs_timestamp"] == "2026-03-05T09:00:00.000Z"
        assert (task["hubspot_owner_id"], task["followthrough_case"]) == (owner(house, 1), "case-1")
        assert [one.key for one in await hubspot.tasks("acc-1")] == ["case-1/ack_call/task/1.1"]

    async def test_tasks_that_open_and_close_together_are_two_calls(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        await hubspot.sync_tasks(sync("sync/1", *(change(f"t-{number}") for number in range(60))))
        changes = [change(f"t-{number}", is_open=number < 30) for number in range(90)]
        await hubspot.sync_tasks(sync("sync/2", *changes))
        assert (house.count("tasks", "batch/create"), house.count("tasks", "batch/update")) == (2, 1)
        assert sum(task.open for task in await hubspot.tasks("acc-1")) == 30

    async def test_a_hundred_and_one_tasks_go_in_two_batches(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        await hubspot.sync_tasks(sync("sync/1", *(change(f"t-{number}") for number in range(101))))
        assert len(await hubspot.tasks("acc-1")) == 101

    async def test_a_note_shows_what_was_written_and_nothing_else(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        text = "They said: <b>too dear</b> & slow.\n王小明 agrees."
        await hubspot.add_note(note(text))
        assert house.one("notes")["properties"]["hs_note_body"].startswith("They said: &lt;b&gt;")
        assert [each.text for each in await hubspot.notes("acc-1")] == [text]

    async def test_what_people_note_in_hubspot_is_read_as_well(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        await hubspot.add_note(note("Ours"))
        house.one("notes")["properties"].pop("followthrough_key")
        house.one("notes")["properties"]["hs_note_body"] = "<div>Met <b>Li</b></div><p>again</p>"
        assert [(each.text, each.key[:3]) for each in await hubspot.notes("acc-1")] == [("Met Li\nagain", "hs-")]

    async def test_money_is_in_whole_units_there(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        company = house.one("companies")["properties"]
        assert (company["followthrough_arr"], company["followthrough_currency"]) == ("9000.5", "USD")
        company["followthrough_arr"] = "12000.07"
        assert (await hubspot.account("acc-1")).arr == Money(minor=1_200_007)

    async def test_a_task_without_a_user_of_hubspot_has_no_owner(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        house.owners.clear()
        await hubspot.sync_tasks(sync("sync/1", change("t-1")))
        assert house.one("tasks")["properties"]["hubspot_owner_id"] == ""


class TestWhoSaysWhat:
    async def test_what_changes_in_hubspot_is_known_here_and_to_the_nightly_sweep(
        self, hubspot: HubSpotCrm, house: HubSpotHouse, database: Database
    ) -> None:
        house.one("companies")["properties"] |= {"followthrough_renewal_date": "2027-01-31", "name": "PT Warung Baru"}
        for account in (await hubspot.account("acc-1"), await hubspot._copy.crm.account("acc-1")):
            assert (account.name, account.renewal_date) == ("PT Warung Baru", date(2027, 1, 31))

    async def test_a_company_that_sales_made_is_an_account_once_it_has_an_id(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        await hubspot._client.create(Kind.COMPANIES, [made(name="Sdn Bhd Baru", followthrough_account_id="acc-2")])
        await hubspot._client.create(Kind.COMPANIES, [made(name="No customer of ours")])
        assert [account.name for account in await hubspot.accounts()] == ["PT Warung", "Sdn Bhd Baru"]
        assert (await hubspot.account_file("acc-2")).account.id == "acc-2"

    async def test_a_sweep_sees_hubspot_as_it_is_and_goes_on_without_it(
        self, hubspot: HubSpotCrm, house: HubSpotHouse, watch: WatchPort, caplog: pytest.LogCaptureFixture
    ) -> None:
        fresh = FreshWatch(hubspot, watch)
        house.one("companies")["properties"]["followthrough_arr"] = "77"
        await fresh.take_stock("s/1", AT, Reach(usage=30, facts=30, scores=30))
        assert (await hubspot._copy.crm.account("acc-1")).arr.minor == 7_700
        house.next("companies/search", no(500))
        assert await fresh.take_stock("s/2", AT, Reach(usage=30, facts=30, scores=30))
        assert "goes on with the copy" in caplog.text

    async def test_what_is_not_mapped_stays_ours(self, hubspot: HubSpotCrm) -> None:
        account = (await hubspot.account("acc-1")).model_copy(update={"jurisdiction": "DE", "strategic": True})
        await hubspot.put_account(account)
        assert await hubspot.account("acc-1") == account

    async def test_the_owner_of_a_company_has_the_seat(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        await hubspot.put_seat(SeatRecord(account_id="acc-1", role="csm", person="p-1", deputy="p-2"))
        company = house.one("companies")["properties"]
        assert company["hubspot_owner_id"] == owner(house, 1)
        company["hubspot_owner_id"] = owner(house, 3)
        assert [(seat.account_id, seat.deputy) for seat in await hubspot.seats_held("p-3")] == [("acc-1", "p-2")]
        team = (await hubspot.account_file("acc-1")).team
        assert [seat.person for seat in team.former] == ["p-1"]

    async def test_who_is_no_user_of_hubspot_keeps_their_seat_here(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        await hubspot.put_seat(SeatRecord(account_id="acc-1", role="csm", person="p-1"))
        house.owners.pop(1)
        await hubspot.change_seat("acc-1", "csm", "p-2", None, "handover/1")
        assert [seat.account_id for seat in await hubspot.seats_held("p-2")] == ["acc-1"]

    async def test_a_contact_that_sales_made_has_hubspots_number(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        (company,) = house.objects["companies"]
        person = made(email="Li@customer.example", firstname="Li", lastname="Ming")
        (there,) = await hubspot._client.create(Kind.CONTACTS, [person.model_copy(update={"company": company})])
        (contact,) = await hubspot.contacts("acc-1")
        assert (contact.id, contact.name) == (f"hs-{there.id}", "Li Ming")
        await hubspot.put_contact(contact.model_copy(update={"may_cancel": True}))
        assert [one.may_cancel for one in await hubspot.contacts("acc-1")] == [True]

    async def test_a_contact_who_is_there_by_their_address_is_not_there_twice(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        await hubspot._client.create(Kind.CONTACTS, [made(email="li@customer.example", lastname="Li")])
        contact = Contact(id="con-1", account_id="acc-1", name="Li Ming", email="li@customer.example")
        await hubspot.put_contact(contact)
        assert await hubspot.contacts("acc-1") == (contact,)
        assert len(house.objects["contacts"]) == 1

    async def test_who_is_no_contact_any_more_is_forgotten_here(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        await hubspot.put_contact(Contact(id="con-1", account_id="acc-1", name="Li", email="li@customer.example"))
        house.drop("contacts", next(iter(house.objects["contacts"])))
        assert await hubspot.contacts("acc-1") == ()
        assert await hubspot._copy.crm.contacts("acc-1") == ()

    @pytest.mark.parametrize(("name", "value"), [("renewal_date", "soon"), ("arr", "much")])
    async def test_a_value_that_does_not_fit_is_named_without_showing_it(
        self, hubspot: HubSpotCrm, house: HubSpotHouse, name: str, value: str
    ) -> None:
        house.one("companies")["properties"][f"followthrough_{name}"] = value
        with pytest.raises(PermanentFault, match=f"'{name}' of the company of account 'acc-1'") as fault:
            await hubspot.account("acc-1")
        assert value not in str(fault.value)


class TestATaskThatIsDoneInHubSpot:
    async def test_it_says_of_which_step_it_is_and_who_did_it(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        await hubspot.sync_tasks(sync("sync/1", change("t-1")))
        (number,) = house.objects["tasks"]
        assert (seen := await hubspot.task(number))
        assert (seen.case_id, seen.step_id, seen.completed, seen.by) == ("case-1", "ack_call", False, "p-1")
        done = {"hs_task_status": "COMPLETED", "hs_updated_by_user_id": str(house.owners[2]["userId"])}
        done |= {"hs_task_body": "<p>Call 4711: the IT lead &amp; I went through it</p>"}
        house.one("tasks")["properties"] |= done
        assert (seen := await hubspot.task(number))
        assert (seen.completed, seen.by) == (True, "p-3")
        assert seen.note == "Call 4711: the IT lead & I went through it"

    async def test_what_its_owner_wrote_into_it_stays_when_the_task_moves(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        await hubspot.sync_tasks(sync("sync/1", change("t-1")))
        house.one("tasks")["properties"] |= {"hs_task_body": "half done"}
        await hubspot.sync_tasks(sync("sync/2", change("t-1").model_copy(update={"due": None})))
        (number,) = house.objects["tasks"]
        assert (seen := await hubspot.task(number))
        assert seen.note == "half done"

    async def test_a_task_that_is_none_of_ours_says_nothing(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        await hubspot._client.create(Kind.TASKS, [made(hs_task_subject="x", hs_timestamp="1")])
        assert await hubspot.task(next(iter(house.objects["tasks"]))) is None
        assert await hubspot.task("4711") is None


FOR_NOW = [no(500), no(502), no(423), half_an_answer, hang_up, dawdle]


class TestWhenItFails:
    @pytest.mark.parametrize("act", FOR_NOW)
    @pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
    async def test_what_is_asked_again_is_there_once(
        self, hubspot: HubSpotCrm, house: HubSpotHouse, act: Act, done: bool
    ) -> None:
        hubspot._client._timeout = 0.2
        for path, attempt in (
            ("tasks/batch/create", lambda: hubspot.sync_tasks(sync("sync/1", change("t-1"), change("t-2")))),
            ("notes/batch/create", lambda: hubspot.add_note(note("The customer stays."))),
        ):
            house.next(path, after_doing_it(act) if done else act)
            with pytest.raises(TransientFault, match="HubSpot"):
                await attempt()
            receipt = await attempt()
            assert not receipt.replayed
            assert (await attempt()).id == receipt.id
        assert (len(house.objects["tasks"]), len(house.objects["notes"])) == (2, 1)

    async def test_a_busy_hubspot_is_given_the_time_that_it_asks_for(
        self, hubspot: HubSpotCrm, house: HubSpotHouse, clockwork: Clockwork
    ) -> None:
        house.next("companies/batch/read", no(429, Retry_After="3"))
        house.next("companies/batch/read", no(429))
        assert (await hubspot.account("acc-1")).id == "acc-1"
        assert clockwork.slept == [3, 5]

    async def test_a_long_wait_is_said_and_nothing_is_asked_meanwhile(
        self, hubspot: HubSpotCrm, house: HubSpotHouse, clockwork: Clockwork
    ) -> None:
        house.next("companies/batch/read", no(429, Retry_After="3600"))
        for _ in range(2):
            with pytest.raises(TransientFault, match="rate limit is reached: it asks for 3600 seconds"):
                await hubspot.account("acc-1")
        assert (clockwork.slept, len(house.calls)) == ([], 0)
        clockwork.at += 3600
        assert (await hubspot.account("acc-1")).id == "acc-1"

    async def test_a_hubspot_that_stays_busy_is_left_to_the_cases_patience(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        for _ in range(3):
            house.next("companies/batch/read", no(429, Retry_After="1"))
        with pytest.raises(TransientFault, match="answer 429"):
            await hubspot.account("acc-1")
        assert not house.acts

    async def test_nobody_there_is_tried_again(self, house: HubSpotHouse, database: Database, directory: Any) -> None:
        client = HubSpotClient(house.at(host="http://127.0.0.1:9"))
        with pytest.raises(TransientFault, match="could not be reached"):
            await HubSpotCrm(client, read_map(PROPERTIES), database, directory).account("acc-1")
        client.close()

    @pytest.mark.parametrize(
        ("code", "says"), [(400, "refuses what was sent"), (401, "HUBSPOT_TOKEN"), (403, "scopes"), (404, "refuses")]
    )
    async def test_a_clear_no_is_final_and_quotes_nothing(
        self, hubspot: HubSpotCrm, house: HubSpotHouse, code: int, says: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        house.next("notes/batch/create", no(code))
        with pytest.raises(PermanentFault, match=says) as fault:
            await hubspot.add_note(note("Li is angry"))
        assert f"answer {code}, correlation id 0f3c3e0c" in str(fault.value)
        told = str(fault.value) + repr(fault.value.__cause__) + caplog.text + repr(house.at())
        assert not [word for word in (TOKEN, "Rahasia", "li@customer.example", "angry") if word in told]

    async def test_a_wrong_token_is_said_by_the_doctor(self, house: HubSpotHouse, hubspot: HubSpotCrm) -> None:
        assert await hubspot.check() == ""
        house.next("/crm/v3/owners/", no(401))
        assert "FOLLOWTHROUGH_HUBSPOT_TOKEN" in await hubspot.check()

    async def test_half_a_look_is_not_taken_for_nothing_there(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        await hubspot.add_note(note("Ours"))
        errors = [{"message": "PT Rahasia", "category": "INTERNAL"}]
        house.next("companies/batch/read", lambda call: call.send(207, {"results": [], "errors": errors}))
        with pytest.raises(TransientFault, match="a part of what was asked for"):
            await hubspot.notes("acc-1")

    async def test_a_batch_of_which_a_part_was_taken_is_no_success(
        self, hubspot: HubSpotCrm, house: HubSpotHouse
    ) -> None:
        errors = [{"message": "PT Rahasia", "category": "VALIDATION_ERROR"}]
        house.next("tasks/batch/create", lambda call: call.send(207, {"results": [], "errors": errors}))
        with pytest.raises(PermanentFault, match="a part of the batch only") as fault:
            await hubspot.sync_tasks(sync("sync/1", change("t-1")))
        assert "Rahasia" not in str(fault.value)
        assert not (await hubspot.sync_tasks(sync("sync/1", change("t-1")))).replayed


class TestGettingReady:
    async def test_what_is_missing_is_named_and_created(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        house.known["tasks"].pop("followthrough_key")
        assert "no property followthrough_key for tasks; run starter.py crm prepare" in await hubspot.check()
        with pytest.raises(PermanentFault, match=r"is not unique|refuses|does not exist"):
            await hubspot.sync_tasks(sync("sync/1", change("t-1")))
        assert await hubspot.prepare() == ("tasks.followthrough_key",)
        assert (await hubspot.check(), await hubspot.prepare()) == ("", ())

    def test_a_new_property_holds_what_is_mapped_to_it(self) -> None:
        own = read_map(PROPERTIES)
        names = own.model_copy(update={"contacts": own.contacts | {"sponsor": "our_sponsor", "may_cancel": "may"}})
        shapes = {
            (kind, name): _definition(kind, name, names)["type"]
            for kind, name in (
                (Kind.COMPANIES, "followthrough_renewal_date"),
                (Kind.COMPANIES, "followthrough_arr"),
                (Kind.COMPANIES, "followthrough_moved_to"),
                (Kind.CONTACTS, "our_sponsor"),
                (Kind.CONTACTS, "may"),
                (Kind.TASKS, "followthrough_key"),
            )
        }
        assert list(shapes.values()) == ["date", "number", "string", "bool", "bool", "string"]

    async def test_a_key_that_need_not_be_unique_is_refused(self, hubspot: HubSpotCrm, house: HubSpotHouse) -> None:
        house.known["notes"]["followthrough_key"] = False
        assert "followthrough_key of notes in HubSpot does not keep values unique" in await hubspot.check()

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("accounts: {id: a}", "'name' is missing"),
            ("accounts: {id: a, name: b, colour: c}", "'colour' is not known"),
            ("[", "no file of YAML"),
        ],
    )
    def test_a_map_that_cannot_be_used_is_refused_in_a_sentence(self, tmp_path: Path, text: str, says: str) -> None:
        file = tmp_path / "properties.yaml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=says):
            read_map(file)


class TestAnErasure:
    async def test_hubspot_forgets_who_left(self, hubspot: HubSpotCrm, house: HubSpotHouse, database: Database) -> None:
        for number in (1, 2):
            mail = f"li{number}@customer.example"
            await hubspot.put_contact(Contact(id=f"con-{number}", account_id="acc-1", name=f"Li {number}", email=mail))
        await hubspot.sync_tasks(sync("sync/1", change("t-1", is_open=False), change("t-2")))
        await hubspot.add_note(note("Li is angry"))
        own = next(one for one in embedded_stores(database, *[None] * 3) if one.name == "crm")  # type: ignore[arg-type]
        store = HubSpotStore(hubspot, own)
        asked = EraseData(key="e/1", case_id="ret-1", account_id="acc-1", at=AT, keep_address=True, written_to="con-2")
        assert await store.remains(asked) == 4
        done = await store.erase(asked)
        assert (done.rows, await store.remains(asked)) == (3, 0)
        assert [one.id for one in await hubspot.contacts("acc-1")] == ["con-2"]
        assert ([one.key for one in await hubspot.tasks("acc-1")], await hubspot.notes("acc-1")) == (["t-2"], ())
        assert "angry" not in str(house.objects)
        final = asked.model_copy(update={"key": "e/2", "keep_address": False})
        assert (await store.erase(final)).rows == 1
        assert await hubspot.contacts("acc-1") == ()


def made(**properties: str) -> NewObject:
    return NewObject(properties=properties)
