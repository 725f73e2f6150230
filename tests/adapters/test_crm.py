"""The CRM: accounts and their team, contacts, tasks and notes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adapters.book.port import BookPort
from adapters.crm.port import CrmPort
from adapters.directory.port import DirectoryPort
from models.account import ContractTerms, CustomerType, MidTerm, Money
from models.book import BookBatch
from models.calendar import Offset
from models.closing import TagAccount
from models.crm import AccountRecord, Contact, SeatRecord
from models.directory import DirectoryPerson, WorkingTime
from models.faults import PermanentFault
from models.people import Seat
from models.work import AddNote, SyncTasks, TaskChange
from tests.adapters.conftest import CRMS
from tests.adapters.test_book import entry

WARUNG = AccountRecord(
    id="acc-1",
    name="PT Warung Sejahtera",
    arr=Money(minor=98_000_000_000_000, currency="IDR"),
    tier="enterprise",
    strategic=True,
    customer_since=date(2019, 2, 28),
    renewal_date=date(2026, 11, 30),
    locale="id",
    jurisdiction="ID",
    customer_type=CustomerType.CONSUMER,
    switching=True,
    expansion_potential=True,
    reference=True,
    contract=ContractTerms(
        term_ends=date(2027, 2, 28),
        notice=Offset(months=2),
        auto_renews=True,
        mid_term=MidTerm.WITH_FEE,
        early_termination_fee=Money(minor=98_000_000_000_000, currency="IDR"),
    ),
    works=WorkingTime(time_zone="Asia/Jakarta", region="ID"),
    contact_id="con-1",
)
pytestmark = pytest.mark.parametrize("crm", CRMS, indirect=True)
DUE = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


def change(key: str, is_open: bool = True) -> TaskChange:
    return TaskChange(key=key, step="ack_call", title="Call the customer", person="p-1", due=DUE, open=is_open)


def sync(key: str, *changes: TaskChange) -> SyncTasks:
    return SyncTasks(key=key, case_id="case-1", account_id="acc-1", changes=changes)


def note(text: str, key: str = "case-1/note/1") -> AddNote:
    return AddNote(key=key, case_id="case-1", account_id="acc-1", text=text)


@pytest.fixture
async def portfolio(crm: CrmPort, directory: DirectoryPort) -> None:
    for person_id, region in (("p-1", "ID"), ("p-2", "ID"), ("p-3", "SG"), ("p-4", "")):
        works = WorkingTime(time_zone="Asia/Jakarta", region=region)
        await directory.put_person(
            DirectoryPerson(id=person_id, name=f"Person {person_id}", email=f"{person_id}@firm.example", works=works)
        )
    await crm.put_account(WARUNG)
    await crm.put_seat(SeatRecord(account_id="acc-1", role="csm", person="p-1", deputy="p-2"))
    await crm.put_seat(SeatRecord(account_id="acc-1", role="cs_manager", person="p-3"))


@pytest.mark.usefixtures("portfolio")
async def test_an_account_comes_back_as_it_was_put(crm: CrmPort) -> None:
    assert await crm.account("acc-1") == WARUNG
    assert await crm.accounts() == (WARUNG,)


@pytest.mark.usefixtures("portfolio")
async def test_the_team_is_everyone_with_a_seat_their_deputies_and_who_opened_the_case(crm: CrmPort) -> None:
    file = await crm.account_file("acc-1", people=("p-4", "p-1", "p-nobody"))
    assert {person.id for person in file.team.people} == {"p-1", "p-2", "p-3", "p-4"}
    assert file.team.seat("csm") is not None
    calendars = {calendar.id for calendar in file.team.calendars}
    assert calendars == {person.calendar for person in file.team.people}


@pytest.mark.usefixtures("portfolio")
async def test_a_case_learns_no_name_of_an_account(crm: CrmPort) -> None:  # AMB-41
    file = await crm.account_file("acc-1")
    assert "Warung" not in file.model_dump_json()
    assert file.account.arr == WARUNG.arr
    assert file.account.calendar.time_zone == "Asia/Jakarta"


@pytest.mark.usefixtures("portfolio")
async def test_a_case_learns_how_an_account_may_end(crm: CrmPort) -> None:  # CANC-46
    facts = (await crm.account_file("acc-1")).account
    assert (facts.customer_type, facts.contract) == (CustomerType.CONSUMER, WARUNG.contract)
    assert facts.switching and facts.expansion_potential and facts.reference


async def test_an_unknown_account_is_refused_with_a_sentence(crm: CrmPort) -> None:
    for ask in (crm.account, crm.account_file, crm.contacts, crm.tasks, crm.notes):
        with pytest.raises(PermanentFault, match="no account has the id 'acc-9'") as refusal:
            await ask("acc-9")
        assert refusal.value.kind == "UnknownAccount"


async def test_nothing_is_written_on_an_unknown_account(crm: CrmPort) -> None:
    writes = (
        crm.put_contact(Contact(id="con-1", account_id="acc-9", name="Ada", email="ada@customer.example")),
        crm.put_seat(SeatRecord(account_id="acc-9", role="csm", person="p-1")),
        crm.change_seat("acc-9", "csm", "p-1", None, "key"),
        crm.add_note(note("text").model_copy(update={"account_id": "acc-9"})),
        crm.sync_tasks(sync("key", change("t")).model_copy(update={"account_id": "acc-9"})),
    )
    for write in writes:
        with pytest.raises(PermanentFault, match="acc-9"):
            await write


@pytest.mark.usefixtures("portfolio")
async def test_a_contact_keeps_their_wish_for_email_only(crm: CrmPort) -> None:  # DIS-7
    contact = Contact(id="con-1", account_id="acc-1", name="李明", email="li@customer.example", email_only=True)
    await crm.put_contact(contact)
    assert await crm.contacts("acc-1") == (contact,)


@pytest.mark.usefixtures("portfolio")
async def test_contacts_are_found_by_their_address_and_by_its_domain(crm: CrmPort) -> None:  # CANC-10
    base = {"account_id": "acc-1", "name": "A person"}
    for name, email in {"con-7": "Ann@One.example", "con-8": "bob@one.example", "con-9": "eve@xone.example"}.items():
        await crm.put_contact(Contact.model_validate({"id": name, "email": email, **base}))
    assert [one.id for one in await crm.contacts_at(("ann@one.EXAMPLE",))] == ["con-7"]
    assert [one.id for one in await crm.contacts_at(("ann@one.example",), "One.example")] == ["con-7", "con-8"]
    assert await crm.contacts_at(("x@y.example",), "%") == ()
    assert await crm.contacts_at(()) == ()


@pytest.mark.usefixtures("portfolio")
async def test_tasks_open_and_close(crm: CrmPort) -> None:
    await crm.sync_tasks(sync("sync/1", change("task-a"), change("task-b")))
    await crm.sync_tasks(sync("sync/2", change("task-a", is_open=False)))
    assert [(task.key, task.open, task.due) for task in await crm.tasks("acc-1")] == [
        ("task-a", False, DUE),
        ("task-b", True, DUE),
    ]


@pytest.mark.usefixtures("portfolio")
async def test_a_sync_that_arrives_again_does_not_reopen_what_was_closed_since(crm: CrmPort) -> None:
    first = await crm.sync_tasks(sync("sync/1", change("task-a")))
    await crm.sync_tasks(sync("sync/2", change("task-a", is_open=False)))
    again = await crm.sync_tasks(sync("sync/1", change("task-a")))
    assert (again.id, again.at, again.replayed) == (first.id, first.at, True)
    assert [task.open for task in await crm.tasks("acc-1")] == [False]


@pytest.mark.usefixtures("portfolio")
async def test_a_note_is_written_once_for_its_key(crm: CrmPort) -> None:
    first = await crm.add_note(note("The customer stays."))
    again = await crm.add_note(note("another text"))
    assert again == first.model_copy(update={"replayed": True})
    assert [each.text for each in await crm.notes("acc-1")] == ["The customer stays."]


@pytest.mark.usefixtures("portfolio")
async def test_a_seat_changes_hands_once(crm: CrmPort) -> None:
    await crm.change_seat("acc-1", "csm", "p-3", None, "handover/1")
    await crm.change_seat("acc-1", "csm", "p-4", None, "handover/2")
    replayed = await crm.change_seat("acc-1", "csm", "p-3", None, "handover/1")
    assert replayed.replayed
    seat = (await crm.account_file("acc-1")).team.seat("csm")
    assert seat is not None
    assert seat.person == "p-4"


@pytest.mark.usefixtures("portfolio")
async def test_a_seat_that_changed_hands_on_a_case_is_known_to_the_next_one(
    crm: CrmPort, book: BookPort
) -> None:  # AMB-29
    left = (Seat(role="csm", person="p-4"),)
    for revision in (1, 2):
        case = entry(revision=revision)
        await book.write(BookBatch(key=f"case-1/book/{revision}", case=case, former_seats=left))
    assert Seat(role="csm", person="p-4") in (await crm.account_file("acc-1")).team.former


@pytest.mark.usefixtures("portfolio")
async def test_a_customer_who_left_is_tagged_and_a_reference_speaks_for_us(crm: CrmPort) -> None:  # OFFB-50, OFFB-55
    await crm.put_account((await crm.account("acc-1")).model_copy(update={"reference": False}))
    who = {"case_id": "win-1", "account_id": "acc-1", "at": datetime(2027, 1, 4, tzinfo=UTC)}
    await crm.tag_account(TagAccount(key="win-1/tag", **who, tag="remember"))
    account = await crm.account("acc-1")
    assert (account.win_back, account.reference) == ("remember", False)
    await crm.tag_account(TagAccount(key="win-2/tag", **who, tag="reference"))
    assert (await crm.tag_account(TagAccount(key="win-1/tag", **who, tag="remember"))).replayed
    account = await crm.account("acc-1")
    assert (account.win_back, account.reference) == ("reference", True)


@pytest.mark.usefixtures("portfolio")
async def test_who_had_a_seat_before_is_remembered(crm: CrmPort) -> None:  # AMB-29
    await crm.put_seat(SeatRecord(account_id="acc-1", role="csm", person="p-2"))
    await crm.change_seat("acc-1", "csm", "p-4", None, "handover/3")
    team = (await crm.account_file("acc-1")).team
    assert {seat.person for seat in team.former if seat.role == "csm"} == {"p-1", "p-2"}


@pytest.mark.usefixtures("portfolio")
async def test_the_seats_of_a_person_are_those_they_hold_or_stand_in_for(crm: CrmPort) -> None:
    assert [(seat.account_id, seat.role) for seat in await crm.seats_held("p-2")] == [("acc-1", "csm")]
    assert await crm.seats_held("p-4") == ()
