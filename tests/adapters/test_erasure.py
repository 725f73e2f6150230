"""Every store deletes what it has of an account, twice like once, and nothing of another (OFFB-25, OFFB-26)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.erasure.port import ErasableStore, ErasureLedger
from adapters.erasure.stores import embedded_stores
from adapters.exports.embedded import EmbeddedExports
from adapters.health.port import HealthPort
from adapters.playbooks.folder import FolderPlaybooks
from adapters.product_data.sql import SqlProductData
from adapters.usage.port import UsagePort
from models.account import Money
from models.calendar import Offset
from models.cancellation import ReasonBefore, ReceivedRequest, SurveyAnswer
from models.correction import Correction
from models.crm import AccountRecord, Contact
from models.erasing import Counted, EraseData
from models.export import PrepareExport
from models.facts import Origin, UsageDay
from models.leaving_status import LeavingStatus
from models.letter import Letter, LetterKind, Mailbox
from models.retention import ErasureMethod
from models.step import Evidence, EvidenceItem
from models.tables import (
    AccessRow,
    AlertRow,
    ApprovalRow,
    CaseRow,
    CommitmentRow,
    ContactRow,
    DocumentRow,
    DraftRow,
    FigureRow,
    InboundRow,
    NoteRow,
    NpsRow,
    OfferRow,
    OutboxRow,
    PaymentRow,
    StepRow,
    StreamRow,
    TaskRow,
    TicketRow,
    TimelineRow,
)
from tests.adapters.test_health import parts, scored
from tests.exports import MESSAGES, Product, silent

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CAME = {"source": "csv", "received_at": AT}
HERS = "Dewi said that her team cries"
DELETING = ("product", "exports", "crm", "facts", "mail", "documents", "book")
KEEPING = ("billing", "workflows")


def asked(account: str = "acc-1", **more: object) -> EraseData:
    return EraseData.model_validate(
        {"key": "ret-1/erase_data/erase_data/1", "case_id": "ret-1", "account_id": account, "at": AT} | more
    )


def held(account: str) -> list[SQLModel]:
    """What the embedded parts hold of an account whose cancellation has ended."""
    case = f"can-{account}"
    who = Mailbox(address="dewi@example.com")
    letter = Letter(kind=LetterKind.CUSTOMER, to=who, sender=who, subject="s", text=HERS, case_id=case)
    at, own = {"at": AT}, {"account_id": account}
    entry = {"case_id": case, "revision": 1}
    leaving = LeavingStatus(
        requests=(ReceivedRequest(at=AT, channel="email", detail=HERS, requested_by="c-1"),),
        answers=(SurveyAnswer(question="main_reason", text=HERS),),
        reason_detail=HERS,
        reasons_before=(ReasonBefore(reason="service", detail=HERS, corrected_at=AT, corrected_by="p-1"),),
        end_date=date(2026, 3, 20),
    )
    corrects = Correction(case_id="s-0", outcome="lost", by="p-1", at=AT, why=HERS)
    return [
        AccessRow(**own, external_id="u-1"),
        NoteRow(key=f"{case}/note", case_id=case, text=HERS, **own, **at),
        TaskRow(key=f"{case}/t/1", case_id=case, step="t", title="t", note=HERS, open=False, changed_at=AT, **own),
        TicketRow(id=f"t-{account}", opened_at=AT, text=HERS, **own, **CAME),
        NpsRow(contact_id="c-1", score=2, comment=HERS, **own, **at, **CAME),
        InboundRow(id=f"in-{account}", fact="x", kind="x", detail=HERS, **own, **at, **CAME),
        PaymentRow(id=f"pay-{account}", due_on=AT.date(), state="late", detail=HERS, **own, **CAME),
        AlertRow(
            id=f"al-{account}", bucket=1, rule="x", kind="behaviour", level="low", since=AT.date(), happens="outreach",
            why=HERS, raised_at=AT, **own,
        ),
        FigureRow(kind="kpi", name="hours_saved", day=AT.date(), value=3, **own, **CAME),
        StreamRow(message_id=f"m-{account}", user_id="dewi", type="track", day=AT.date(), **own, **at, **CAME),
        DraftRow(
            case_id=case, message_id="m", key="k", step="s", template="t", language="en", signer="p", text=HERS,
            drafted_at=AT, changed_at=AT, **own,
        ),
        OutboxRow(
            key=f"{case}/m/release_message", message_id=f"{account}@x", state="sent", letter=letter, case_id=case,
            queued_at=AT, changed_at=AT,
        ),
        DocumentRow(id=f"d-{account}", key=f"{case}/brief", kind="brief", title="t", text=HERS, **own, **at),
        CaseRow(
            whys=(HERS, "a new CFO"),
            stated_reason=HERS,
            **entry, workflow_id="cancellation:x", kind="cancellation", stage="deactivated", opened_at=AT,
            closed_at=AT, as_of=AT, leaving=leaving, corrects=corrects, **own,
        ),
        StepRow(
            **entry, id="call", title="Call", owner="csm", state="done", ended_by="p-1", ended_at=AT, reason=HERS,
            evidence=Evidence(text=HERS, items=(EvidenceItem(content="who", text=HERS),), decision="yes"),
        ),
        StepRow(
            **entry, id="invoice", title="Invoice", owner="finance", state="done", ended_at=AT,
            evidence=Evidence(text="receipt inv-1", items=(EvidenceItem(content="total", text="-1200"),)),
        ),
        StepRow(**entry, id="call_dewi", title=HERS, owner="csm", state="done", ended_at=AT),
        TimelineRow(case_id=case, n=1, kind="contact", text=HERS, by="p-1", **at),
        TimelineRow(case_id=case, n=2, kind="step_added", text=HERS, by="p-1", step="call_dewi", **at),
        CommitmentRow(**entry, id="promise_1", title=HERS, owner="p-1", due=AT, state="open"),
        OfferRow(
            **entry, id="o-1", title="Discount", state="declined", cost_per_year=Money(minor=4_800), reason=HERS,
            answer=HERS, terms=(), lasts=Offset(), details=(), steps=(),
        ),
        ApprovalRow(**entry, id="a-1", subject="o-1", role="cs_manager", state="refused", reason=HERS),
    ]  # fmt: skip


@pytest.fixture
async def stores(
    database: Database, crm: CrmPort, usage: UsagePort, health: HealthPort, tmp_path: Path
) -> dict[str, ErasableStore]:
    """The stores by name, each with something of two accounts."""
    product = Product(tmp_path)
    source = SqlProductData(product.url)
    exports = EmbeddedExports(database, source, crm, tmp_path / "exports", MESSAGES)
    for account in ("acc-1", "acc-2"):
        await crm.put_account(AccountRecord(id=account, name="PT Warung", contact_id=f"c-{account}", bought_for="x"))
        for n in ("", "-more"):
            await crm.put_contact(
                Contact(id=f"c-{account}{n}", account_id=account, name="Dewi", email=f"dewi{n}@example.com")
            )
        product.put("account_users", (f"u-{account}", account, "Dewi", "2026-01-01"))
        async with database.writing() as session:
            session.add_all(held(account))
        await usage.put([UsageDay(account_id=account, day=date(2026, 1, 1), logins=3)], Origin(**CAME))
        await health.put(scored(1, 40.0, account), parts(1, account, usage=40.0))
        export = PrepareExport(
            key=f"{account}/export", case_id="c", account_id=account, at=AT, link_until=AT + timedelta(days=90)
        )
        await exports.prepare(export, silent)
    return {store.name: store for store in embedded_stores(database, exports, source, (usage, health))}


def test_every_store_that_deletes_is_one_that_a_person_can_answer_for():  # OFFB-26
    plan = asyncio.run(FolderPlaybooks(Path("playbooks")).load("retention"))
    assert tuple(content.id for content in plan.step("erase_data").contents) == DELETING


def test_every_store_is_under_test(stores: dict[str, ErasableStore]) -> None:
    assert tuple(stores) == DELETING + KEEPING


@pytest.mark.parametrize("name", DELETING)
async def test_a_store_deletes_what_it_has_of_the_account_and_nothing_of_another(
    stores: dict[str, ErasableStore], name: str
) -> None:
    store = stores[name]
    before, other = await store.remains(asked()), await store.remains(asked("acc-2"))
    assert before > 0
    done = await store.erase(asked())
    assert (done.store, done.rows) == (name, before)
    assert (await store.remains(asked()), await store.remains(asked("acc-2"))) == (0, other)


@pytest.mark.parametrize("name", DELETING)
async def test_deleting_twice_is_like_deleting_once(stores: dict[str, ErasableStore], name: str) -> None:
    await stores[name].erase(asked())
    again = await stores[name].erase(asked())
    assert again.rows == 0


@pytest.mark.parametrize("name", KEEPING)
async def test_what_keeps_everything_says_so_and_why(stores: dict[str, ErasableStore], name: str) -> None:
    assert stores[name].keeps_all
    done = await stores[name].erase(asked())
    assert (done.method, bool(done.kept), await stores[name].remains(asked())) == (ErasureMethod.KEPT, True, 0)


async def test_the_address_stays_for_a_confirmation_and_goes_after_it(
    stores: dict[str, ErasableStore], crm: CrmPort
) -> None:
    spared = asked(keep_address=True)
    done = await stores["crm"].erase(spared)
    assert (done.kept, await stores["crm"].remains(spared), await stores["crm"].remains(asked())) == ("address", 0, 1)
    assert [contact.id for contact in await crm.contacts("acc-1")] == ["c-acc-1"]
    await stores["crm"].erase(asked())
    assert await crm.contacts("acc-1") == ()


async def test_the_address_that_stays_is_of_who_gets_the_confirmation(
    stores: dict[str, ErasableStore], crm: CrmPort, database: Database
) -> None:  # OFFB-26
    async with database.writing() as session:
        session.add(
            ContactRow(id="c-9", account_id="acc-1", name="Rudi Fiktif", email="rudi@example.com", may_cancel=True)
        )
    await stores["crm"].erase(asked(keep_address=True, written_to="c-9"))
    assert [contact.id for contact in await crm.contacts("acc-1")] == ["c-9"]


async def test_a_letter_that_went_out_without_a_case_is_deleted_too(
    stores: dict[str, ErasableStore], database: Database
) -> None:  # OFFB-26, RISK-88
    who, reach = Mailbox(address="dewi@example.com"), "outreach-acc-1.no_login.20260301T020000"
    letter = Letter(kind=LetterKind.CUSTOMER, to=who, sender=who, subject="s", text=HERS, case_id=reach)
    drafted = {"key": "d", "step": "check_in", "template": "check_in", "language": "en", "signer": "p"}
    async with database.writing() as session:
        session.add(
            DraftRow(
                case_id=reach,
                message_id="check_in",
                account_id="acc-1",
                drafted_at=AT,
                changed_at=AT,
                text=HERS,
                **drafted,
            )
        )
        session.add(
            OutboxRow(
                key=reach, message_id="r@x", state="sent", letter=letter, case_id=reach, queued_at=AT, changed_at=AT
            )
        )
    await stores["mail"].erase(asked())
    async with database.reading() as session:
        left = (await session.scalars(select(OutboxRow.case_id))).all()
    assert left == ["can-acc-2"]


async def test_what_was_noted_of_the_reason_to_buy_goes_with_the_contacts(
    stores: dict[str, ErasableStore], crm: CrmPort
) -> None:
    await stores["crm"].erase(asked())
    assert [(await crm.account(account)).bought_for for account in ("acc-1", "acc-2")] == ["", "x"]


async def _rows(database: Database, kind: type[SQLModel]) -> Sequence[SQLModel]:
    async with database.reading() as session:
        return (await session.scalars(select(kind).where(kind.case_id == "can-acc-1"))).all()  # type: ignore[attr-defined]


async def test_the_records_keep_days_steps_decisions_and_amounts_and_no_word(
    stores: dict[str, ErasableStore], database: Database
) -> None:
    await stores["book"].erase(asked())
    kinds = (CaseRow, StepRow, TimelineRow, CommitmentRow, OfferRow, ApprovalRow)
    found = {kind: await _rows(database, kind) for kind in kinds}
    assert HERS not in " ".join(repr(row) for rows in found.values() for row in rows)
    steps = {row.id: row for row in found[StepRow]}
    call, invoice = steps["call"], steps["invoice"]
    assert steps["call_dewi"].title == "call_dewi"
    assert call.title == "Call"
    assert (call.ended_at, call.evidence.decision) == (AT, "yes")
    assert invoice.evidence.items[0].text == "-1200"
    (case,), (line, added), (offer,) = found[CaseRow], found[TimelineRow], found[OfferRow]
    assert (added.kind, added.step) == ("step_added", "call_dewi")
    assert (case.leaving.end_date, line.at, line.kind) == (date(2026, 3, 20), AT, "contact")
    assert (case.corrects.case_id, case.corrects.outcome) == ("s-0", "lost")
    assert offer.cost_per_year == Money(minor=4_800)


REVIEW_PAGE = """# Weekly portfolio review, 2026-W10: Aina

| account | a year |
|---|---|
| PT Warung (acc-1) | USD 4,800 |
| PT Kedai (acc-10) | USD 9,600 |
"""


def review_of_many() -> list[SQLModel]:
    """A review of a CSM's whole portfolio, and what it said of acc-1 and of others."""
    of = {"case_id": "rev-1", "revision": 1}
    note, other = "PT Warung worries me", "acc-10 lost its champion"
    return [
        CaseRow(**of, workflow_id="review:portfolio.p-1.2026-W10", kind="review", stage="closed", opened_at=AT,
                closed_at=AT, as_of=AT, account_id=""),
        DocumentRow(id="d-rev", key="rev-1/held/prepare_review", kind="review", title="t", text=REVIEW_PAGE, at=AT,
                    account_id="", case_id="rev-1"),
        StepRow(**of, id="held", title="Held", owner="csm", state="done", ended_by="p-1", ended_at=AT,
                evidence=Evidence(text=note)),
        TimelineRow(case_id="rev-1", n=1, kind="step_done", text=note, by="p-1", at=AT),
        TimelineRow(case_id="rev-1", n=2, kind="step_added", text=other, by="p-1", at=AT),
    ]  # fmt: skip


async def test_a_review_of_many_accounts_loses_what_it_said_of_this_one_and_keeps_the_others(
    stores: dict[str, ErasableStore], crm: CrmPort, database: Database
) -> None:
    await crm.put_account(AccountRecord(id="acc-2", name="PT Kedai", contact_id="c-acc-2"))
    papers, book = stores["documents"], stores["book"]
    before = [await store.remains(asked()) for store in (papers, book)]
    async with database.writing() as session:
        session.add_all(review_of_many())
    found = [await store.remains(asked()) for store in (papers, book)]
    assert found == [before[0] + 1, before[1] + 2]
    assert [(await store.erase(asked())).rows for store in (papers, book)] == found
    assert [await store.remains(asked()) for store in (papers, book)] == [0, 0]
    async with database.reading() as session:
        page = (await session.get_one(DocumentRow, "d-rev")).text
        step = await session.get_one(StepRow, ("rev-1", "held"))
        lines = [(await session.get_one(TimelineRow, ("rev-1", n))).text for n in (1, 2)]
    assert "PT Warung" not in page
    assert "4,800" not in page
    assert "| PT Kedai (acc-10) | USD 9,600 |" in page
    assert page.endswith("customer whose data was deleted is gone.\n")
    assert step.evidence
    assert [step.evidence.text, *lines] == ["-", "-", "acc-10 lost its champion"]
    assert await papers.remains(asked("acc-10")) == 1


async def test_the_case_that_deletes_keeps_its_own_record_as_proof(
    stores: dict[str, ErasableStore], database: Database
) -> None:
    own = {"case_id": "ret-1", "account_id": "acc-1", "workflow_id": "retention:acc-1", "kind": "retention"}
    async with database.writing() as session:
        session.add(CaseRow(**own, stage="retained", opened_at=AT, as_of=AT, revision=1))
        session.add(TimelineRow(case_id="ret-1", n=1, at=AT, kind="erase_now", text="verified by call back"))
    await stores["book"].erase(asked())
    async with database.reading() as session:
        assert (await session.get_one(TimelineRow, ("ret-1", 1))).text == "verified by call back"


async def test_how_much_there_was_is_remembered_for_each_case_and_store(erasures: ErasureLedger) -> None:
    assert await erasures.counted("ret-1", "crm") == Counted()
    await erasures.note("ret-1", "crm", Counted(rows=7))
    await erasures.note("ret-1", "crm", Counted(rows=9, finished=True))
    assert await erasures.counted("ret-1", "crm") == Counted(rows=9, finished=True)
    assert await erasures.counted("ret-2", "crm") == await erasures.counted("ret-1", "mail") == Counted()


_KEPT = {
    "seats": "our own people",
    "former_seats": "our own people",
    "internal_access": "our own systems, closed",
    "exports": "when an export was made, and its digest; the archive and its code are deleted",
    "erasures": "how much was deleted",
    "book_messages": "ids and states of letters",
    "incident_links": "which shared faults it was hit by",
    "webhooks_out": "which events other systems were told of, by ids alone",
    "coupons": "tax law",
    "invoices": "tax law",
    "pauses": "tax law",
    "subscriptions": "tax law",
}
"""What of an account's rows is not deleted; the certificate says so by store."""


def test_every_table_that_knows_an_account_or_a_case_is_deleted_from_or_kept_for_a_reason(
    stores: dict[str, ErasableStore],
) -> None:  # OFFB-25, OFFB-26: a new table is not forgotten
    deleted = {kind.__tablename__ for store in stores.values() for kind in getattr(store, "kinds", ())}
    known = {
        name for name, table in SQLModel.metadata.tables.items() if {"account_id", "case_id"} & set(table.c.keys())
    }
    assert known == deleted | set(_KEPT)
