"""Activities: what Temporal sees of a fault, and who is written to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from activities import Activities
from activities.access import AccessActivities
from activities.answering import AnsweringActivities
from activities.beginning import BeginningActivities
from activities.billing import BillingActivities
from activities.book import BookActivities
from activities.closing import ClosingActivities
from activities.crm import CrmActivities
from activities.documents import DocumentActivities
from activities.erasure import ErasureActivities
from activities.exports import ExportActivities
from activities.messages import MessageActivities
from activities.notices import NoticeActivities
from activities.outreach import Outreach
from activities.pages import PageActivities
from activities.plans import PlanActivities
from activities.reviewing import ReviewActivities
from activities.sweeping import SweepActivities
from activities.tickets import TicketActivities
from adapters.access.embedded import EmbeddedAccess
from adapters.alerts.embedded import EmbeddedAlerts
from adapters.billing.embedded import EmbeddedBilling
from adapters.book.embedded import EmbeddedBook
from adapters.crm.embedded import EmbeddedCrm
from adapters.database import Database, open_database
from adapters.directory.embedded import EmbeddedDirectory
from adapters.documents.embedded import EmbeddedDocuments
from adapters.documents.pages import Pages
from adapters.documents.reading import DocumentSources
from adapters.email.embedded import EmbeddedEmail
from adapters.email.gate import GateRules, OutboundGate
from adapters.email.outbox import Outbox
from adapters.erasure.certificates import Certificates
from adapters.erasure.ledger import EmbeddedErasureLedger
from adapters.facts.embedded import EmbeddedFacts
from adapters.invoices.embedded import Party
from adapters.letters.embedded import EmbeddedLetters
from adapters.playbooks.port import PlaybookPort
from models.book import BookBatch, CaseEntry
from models.closing import CloseAccount
from models.crm import AccountRecord, Contact
from models.directory import DirectoryPerson
from models.faults import Held, PermanentFault, TransientFault
from models.leaving_facts import LeavingFacts
from models.letter import Mailbox
from models.plan import Plan
from models.work import DraftMessage, LoadAccount, LoadPlan, NotifyTeam
from tests.exports import NO_EXPORTS, NO_INVOICES

MESSAGES = Path(__file__).resolve().parents[2] / "playbooks" / "messages"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SENDER = Mailbox(address="saves@followthrough.example", name="Followthrough")


class Failing(PlaybookPort):
    """A library that answers with a fault."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    async def load(self, name: str) -> Plan:
        raise self.fault

    async def names(self) -> tuple[str, ...]:
        return ()


async def failure(fault: Exception) -> ApplicationError:
    """How Temporal sees a fault that an adapter raises."""
    load = PlanActivities(Failing(fault)).load_plan
    with pytest.raises(ApplicationError) as raised:
        await ActivityEnvironment().run(load, LoadPlan(playbook="budget_economic"))
    return raised.value


async def test_a_permanent_fault_is_final_and_says_what_would_be_right() -> None:
    seen = await failure(PermanentFault("UnknownPlaybook", "there is no playbook 'x'; there are: a, b"))
    assert (seen.type, seen.non_retryable) == ("UnknownPlaybook", True)
    assert seen.message == "there is no playbook 'x'; there are: a, b"


async def test_a_held_letter_is_no_alarm_and_says_until_when() -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    seen = await failure(Held(until, "outgoing mail is paused"))
    assert (seen.type, seen.non_retryable, seen.category) == ("Held", True, ApplicationErrorCategory.BENIGN)
    moment, seconds = seen.details
    assert datetime.fromisoformat(moment) == until
    assert 3500 < seconds <= 3600


async def test_a_transient_fault_is_tried_again() -> None:
    seen = await failure(TransientFault("the CRM does not answer"))
    assert (seen.type, seen.non_retryable) == ("Transient", False)


async def test_an_unexpected_fault_is_tried_again_and_quotes_nothing() -> None:
    seen = await failure(KeyError("Nor Aisyah <nor@customer.example>"))
    assert (seen.type, seen.non_retryable) == ("Unexpected", False)
    assert "Aisyah" not in seen.message
    assert seen.__cause__ is None


async def test_a_model_that_does_not_fit_is_final_and_quotes_no_value() -> None:
    class Contact(BaseModel):
        email: int

    with pytest.raises(ValidationError) as wrong:
        Contact.model_validate({"email": "nor@customer.example"})
    seen = await failure(wrong.value)
    assert (seen.type, seen.non_retryable) == ("BadPayload", True)
    assert "email" in seen.message
    assert "nor@" not in seen.message


async def test_a_failure_of_an_activity_itself_passes_through() -> None:
    own = ApplicationError("mine", type="Mine")
    assert await failure(own) is own


class House:
    """The embedded parts, and the activities on them."""

    def __init__(self, database: Database, rules: GateRules) -> None:
        self.directory = EmbeddedDirectory(database)
        self.crm = EmbeddedCrm(database, self.directory)
        self.outbox = Outbox(database)
        self.gate = OutboundGate(EmbeddedEmail(database), self.outbox, rules)
        letters = EmbeddedLetters(database, self.directory, self.crm, NO_EXPORTS, NO_INVOICES, MESSAGES, SENDER)
        documents, away = EmbeddedDocuments(database), Failing(TransientFault("away"))
        sources = DocumentSources(self.crm, EmbeddedFacts(database), away, self.directory, away, EmbeddedBook(database))
        self.activities = Activities(
            plans=PlanActivities(Failing(TransientFault("away"))),
            book=BookActivities(EmbeddedBook(database)),
            crm=CrmActivities(self.crm, self.directory, EmbeddedBook(database)),
            notices=NoticeActivities(letters, self.gate, self.directory, self.crm),
            messages=MessageActivities(letters, self.gate),
            billing=BillingActivities(EmbeddedBilling(database)),
            documents=DocumentActivities(sources, Pages(MESSAGES), documents),
            pages=PageActivities(sources, Pages(MESSAGES), documents, letters),
            tickets=TicketActivities(EmbeddedFacts(database)),
            access=AccessActivities(EmbeddedAccess(database)),
            closing=ClosingActivities(self.crm, EmbeddedBilling(database), EmbeddedAccess(database)),
            exports=ExportActivities(NO_EXPORTS),
            erasure=ErasureActivities(
                (),
                Certificates(
                    Path("unused"), MESSAGES, self.directory, self.crm, Party(name="Us", known_by="us@x.example")
                ),
                EmbeddedErasureLedger(database),
                self.crm,
            ),
            sweeping=SweepActivities(away, away, away, away),
            answering=AnsweringActivities(
                EmbeddedAlerts(database),
                EmbeddedFacts(database),
                self.crm,
                EmbeddedBook(database),
                away,
                Outreach(letters, self.gate, self.crm),
            ),
            reviewing=ReviewActivities(away, Pages(MESSAGES), documents),
            beginning=BeginningActivities(away),
        )

    async def furnish(self) -> None:
        await self.crm.put_account(AccountRecord(id="acc-1", name="PT Warung Sejahtera"))
        for person_id in ("p-1", "p-2", "p-3"):
            email = f"{person_id}@followthrough.example"
            await self.directory.put_person(DirectoryPerson(id=person_id, name=f"Person {person_id}", email=email))

    async def books(self, kind: str, case_id: str, **facts: Any) -> None:
        """The book hears of a case of the account, for the second time at the latest."""
        known = {"workflow_id": f"{kind}:acc-1", "kind": kind, "account_id": "acc-1", "stage": "open", "as_of": AT}
        revision = 1 + len(facts)
        entry = CaseEntry.model_validate({"opened_at": AT} | known | {"case_id": case_id, "revision": revision} | facts)
        await self.activities.book.write_book(BookBatch(key=f"{case_id}/{revision}", case=entry))

    async def reached(self) -> list[str]:
        return sorted(entry.key for entry in await self.outbox.entries() if entry.state == "sent")


@pytest.fixture
async def house(address: str) -> AsyncIterator[House]:
    database = open_database(address)
    house = House(database, GateRules(allow=("p-1@followthrough.example", "p-3@followthrough.example")))
    await house.furnish()
    yield house
    await database.close()


def notice(*people: str) -> NotifyTeam:
    return NotifyTeam(
        key="case-1/escalate/notify",
        case_id="case-1",
        account_id="acc-1",
        step="escalate",
        title="Tell the executive",
        people=people,
        at=AT,
    )


async def test_a_notice_reaches_everybody_once_for_the_key(house: House) -> None:
    notify = house.activities.notices.notify_team
    first = await ActivityEnvironment().run(notify, notice("p-1", "p-3", "p-1"))
    again = await ActivityEnvironment().run(notify, notice("p-1", "p-3"))
    assert (again.id, again.replayed) == (first.id, True)
    assert await house.reached() == ["case-1/escalate/notify/p-1", "case-1/escalate/notify/p-3"]


async def test_one_who_cannot_be_reached_does_not_silence_the_notice_to_the_others(house: House) -> None:
    with pytest.raises(ApplicationError) as raised:
        await ActivityEnvironment().run(house.activities.notices.notify_team, notice("p-2", "p-3"))
    assert raised.value.type == "Held"
    assert await house.reached() == ["case-1/escalate/notify/p-3"]


async def test_a_notice_to_nobody_is_refused(house: House) -> None:
    with pytest.raises(ApplicationError, match="names nobody"):
        await ActivityEnvironment().run(house.activities.notices.notify_team, notice())


async def test_an_unknown_account_reaches_the_case_as_its_refusal(house: House) -> None:
    with pytest.raises(ApplicationError) as raised:
        await ActivityEnvironment().run(house.activities.crm.load_account, LoadAccount(account_id="acc-9"))
    assert (raised.value.type, raised.value.non_retryable) == ("UnknownAccount", True)


async def test_who_left_is_known_as_such_until_a_person_says_that_they_are_back(house: House) -> None:  # AMB-38
    left = CloseAccount(key="closed", case_id="can-1", account_id="acc-1", at=AT, closed_on=AT.date())
    await house.crm.close_account(left)

    async def left_on() -> date | None:
        load = house.activities.crm.load_account
        file = await ActivityEnvironment().run(load, LoadAccount(account_id="acc-1"))
        return file.account.churned_on

    assert await left_on() == AT.date()
    for days, since in ((None, AT.date()), (-1, AT.date()), (9, None)):
        back = AT + timedelta(days=days) if days else None
        await house.books("retention", f"ret-{days}", opened_at=AT + timedelta(days=days or -2), returned_at=back)
        assert await left_on() == since


async def test_a_customer_comes_with_what_still_takes_them_for_one_who_left(house: House) -> None:  # OFFB-24, AMB-26
    async def held() -> tuple[str, ...]:
        load = house.activities.crm.load_account
        return (await ActivityEnvironment().run(load, LoadAccount(account_id="acc-1"))).held_as_left

    assert await held() == ()
    await house.books("retention", "ret-1")
    await house.books("win_back", "win-1")
    assert await held() == ("retention", "win_back")
    await house.books("retention", "ret-1", returned_at=AT)
    await house.books("win_back", "win-1", closed_at=AT)
    assert await held() == ()
    await house.books("retention", "ret-2", opened_at=AT + timedelta(days=1))
    assert await held() == ("retention",)
    left = CloseAccount(key="closed", case_id="can-1", account_id="acc-1", at=AT, closed_on=AT.date())
    await house.crm.close_account(left)
    assert await held() == ()


async def test_each_activity_runs_on_one_queue_under_its_own_name_with_one_model_each_way(house: House) -> None:
    queues = ("cases", "email", "crm", "billing", "access", "data")
    served = [effect for queue in queues for effect in house.activities.on_queue(queue)]
    names = [activity._Definition.must_from_callable(effect).name for effect in served]
    assert names == [effect.__name__ for effect in served]
    assert len(set(names)) == len(names) == 40
    for effect in served:
        definition = activity._Definition.must_from_callable(effect)
        assert definition.arg_types is not None
        (asked,) = definition.arg_types
        assert issubclass(asked, BaseModel)
        assert isinstance(definition.ret_type, type)
        assert issubclass(definition.ret_type, BaseModel)


async def test_a_queue_that_has_no_activities_serves_none(house: House) -> None:
    assert house.activities.on_queue("unknown") == []


async def test_a_letter_to_the_users_reaches_each_other_contact_once(address: str) -> None:  # OFFB-17
    database = open_database(address)
    house = House(database, GateRules())
    await house.furnish()
    card = {"id": "p-4", "name": "Wei Ling", "email": "wei@followthrough.example", "title": "CSM"}
    await house.directory.put_person(DirectoryPerson(**card))
    for name in ("c-1", "c-2", "c-3"):
        await house.crm.put_contact(
            Contact(id=name, account_id="acc-1", name=f"Reader {name}", email=f"{name}@warung.example")
        )
    letter = DraftMessage(
        key="case-1/users_notice/send_letter/1",
        case_id="case-1",
        account_id="acc-1",
        message_id="users_notice-1",
        step="users_notice",
        template="access_notice_users",
        signer="p-4",
        reader="c-2",
        to_others=True,
        at=AT,
        opened_at=AT,
        leaving=LeavingFacts(
            received=AT, end_date=date(2026, 12, 1), access_from=date(2026, 11, 24), deletion_day=date(2027, 3, 1)
        ),
    )
    for _ in range(2):
        receipt = await ActivityEnvironment().run(house.activities.messages.send_letter, letter)
    assert receipt.id == "2 letter(s) to other contacts"
    sent = await house.outbox.entries()
    assert sorted(entry.letter.to.address for entry in sent) == ["c-1@warung.example", "c-3@warung.example"]
    assert all(entry.letter.automatic for entry in sent)
    await database.close()
