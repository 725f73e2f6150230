"""The book: the audit trail of cases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from adapters.book.port import BookPort
from adapters.database import Database
from adapters.incidents.embedded import EmbeddedIncidents
from models.account import Money
from models.book import BookBatch, BookCounts, CaseEntry, CaseFilter, StepEntry
from models.case import Message, MessageState, TimelineEvent
from models.concession import Approval, Detail, LoadStanding, Offer, OfferState, PriceTerm
from models.correction import Corrected, Correction
from models.faults import PermanentFault
from models.incident import IncidentKind, IncidentLink
from models.promise import Commitment
from models.status import StepStatus
from models.step import Evidence, EvidenceItem, StepState

OPENED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DUE = OPENED + timedelta(days=2)


def entry(case: str = "case-1", revision: int = 1, **more: object) -> CaseEntry:
    facts = {
        "case_id": case,
        "workflow_id": "save:acc-1",
        "kind": "save",
        "account_id": "acc-1",
        "stage": "opened",
        "plan": "product_technical@3",
        "owner": "p-1",
        "opened_at": OPENED,
        "next_due": DUE,
        "as_of": OPENED,
        "revision": revision,
    }
    return CaseEntry.model_validate(facts | more)


def step(step_id: str = "ack_call", revision: int = 1, **more: object) -> StepEntry:
    facts = {"id": step_id, "title": "Call", "owner": "csm", "person": "p-1", "due": DUE, "state": StepState.OPEN}
    return StepEntry(status=StepStatus.model_validate(facts | more), revision=revision)


def line(n: int, text: str) -> TimelineEvent:
    return TimelineEvent(n=n, at=OPENED, kind="opened", text=text, by="p-1")


def batch(case: CaseEntry, *steps: StepEntry, lines: tuple[TimelineEvent, ...] = ()) -> BookBatch:
    key = f"{case.case_id}/book/{case.revision}"
    return BookBatch(key=key, case=case, steps=steps, timeline=lines)


async def test_a_case_comes_back_as_it_was_written(book: BookPort) -> None:
    case = entry(root_cause="missing_feature", severity="high", arr_minor=98_000_000_000_000, currency="IDR")
    evidence = Evidence(text="call 4711", items=(EvidenceItem(content="apology", text="said so"),), decision="go")
    done = step(state=StepState.DONE, evidence=evidence)
    await book.write(batch(case, done, lines=(line(1, "opened"), line(2, "called"))))
    assert await book.case("case-1") == case
    assert await book.steps("case-1") == (done,)
    assert [each.text for each in await book.timeline("case-1")] == ["opened", "called"]


async def test_an_outcome_and_what_puts_it_right_are_both_there(book: BookPort) -> None:  # CONV-21
    given = Correction(case_id="case-1", outcome="saved_full", by="p-mgr", at=DUE, why="nobody had signed")
    await book.write(batch(entry(outcome="saved_full", closed_at=DUE)))
    assert (await book.status_of("case-1")).corrected is None
    await book.write(batch(entry("case-2", corrects=given)))
    right = (await book.status_of("case-1")).corrected
    assert right == Corrected(case_id="case-2", by="p-mgr", at=DUE, why="nobody had signed")
    await book.write(batch(entry("case-2", corrects=given, outcome="lost", closed_at=DUE, revision=2)))
    first = await book.status_of("case-1")
    assert (first.outcome, first.corrected and first.corrected.outcome) == ("saved_full", "lost")
    second = await book.status_of("case-2")
    assert (second.corrects, second.corrected) == (given, None)


async def test_an_older_batch_that_comes_late_overwrites_nothing(book: BookPort) -> None:
    newer = batch(entry(revision=5, stage="diagnosed"), step(revision=5, state=StepState.DONE), lines=(line(2, "two"),))
    older = batch(entry(revision=4, stage="contacted"), step(revision=4), lines=(line(1, "one"),))
    await book.write(newer)
    await book.write(older)
    assert (await book.case("case-1")).stage == "diagnosed"
    assert [each.status.state for each in await book.steps("case-1")] == [StepState.DONE]
    assert [each.text for each in await book.timeline("case-1")] == ["one", "two"]


async def test_a_line_of_the_timeline_never_changes(book: BookPort) -> None:
    await book.write(batch(entry(revision=1), lines=(line(1, "as it was"),)))
    await book.write(batch(entry(revision=2), lines=(line(1, "as we wish it was"),)))
    assert [each.text for each in await book.timeline("case-1")] == ["as it was"]


async def test_the_same_batch_twice_has_one_receipt(book: BookPort) -> None:
    first = await book.write(batch(entry()))
    again = await book.write(batch(entry(stage="closed")))
    assert again == first.model_copy(update={"replayed": True})
    assert (await book.case("case-1")).stage == "opened"


async def test_many_batches_at_once_leave_the_newest(book: BookPort) -> None:
    revisions = [3, 9, 1, 7, 2, 8, 4, 6, 5]
    await asyncio.gather(
        *(book.write(batch(entry(revision=n), step(revision=n), lines=(line(n, "x"),))) for n in revisions)
    )
    assert (await book.case("case-1")).revision == 9
    assert [each.revision for each in await book.steps("case-1")] == [9]
    assert len(await book.timeline("case-1")) == 9


async def test_messages_follow_their_own_revision(book: BookPort) -> None:
    drafted = Message(id="m-1", step="ack", template="acknowledgment", at=OPENED, revision=1)
    sent = drafted.model_copy(update={"state": MessageState.SENT, "receipt": "r", "released_by": "p-1", "revision": 2})
    await book.write(BookBatch(key="b/2", case=entry(revision=2), messages=(sent,)))
    await book.write(BookBatch(key="b/3", case=entry(revision=3), messages=(drafted,)))
    assert await book.messages("case-1") == (sent,)


async def test_cases_are_listed_by_what_is_due_next(book: BookPort) -> None:
    await book.write(batch(entry("case-late", next_due=DUE + timedelta(days=1))))
    await book.write(batch(entry("case-none", next_due=None)))
    await book.write(batch(entry("case-soon", next_due=DUE)))
    assert [case.case_id for case in await book.cases()] == ["case-soon", "case-late", "case-none"]


async def test_a_list_can_be_narrowed(book: BookPort) -> None:
    await book.write(batch(entry("case-1", owner="p-1", overdue=2)))
    await book.write(batch(entry("case-2", owner="p-2", stage="diagnosed")))
    await book.write(batch(entry("case-3", account_id="acc-3", overdue=1, closed_at=OPENED, outcome="lost")))
    wanted = {
        "open_only": (CaseFilter(open_only=True), ["case-1", "case-2"]),
        "owner": (CaseFilter(owner="p-2"), ["case-2"]),
        "stage": (CaseFilter(stage="diagnosed"), ["case-2"]),
        "account": (CaseFilter(account_id="acc-3"), ["case-3"]),
        "overdue": (CaseFilter(overdue_only=True), ["case-1"]),
        "limit": (CaseFilter(limit=1), ["case-1"]),
        "kind": (CaseFilter(kind="cancellation"), []),
    }
    for name, (narrow, ids) in wanted.items():
        assert [case.case_id for case in await book.cases(narrow)] == ids, name


async def test_the_open_and_the_latest_case_of_an_account(book: BookPort) -> None:
    await book.write(batch(entry("case-1", closed_at=OPENED, outcome="saved_full")))
    assert await book.open_case("acc-1", "save") is None
    await book.write(batch(entry("case-2", opened_at=OPENED + timedelta(days=90))))
    for found in (await book.open_case("acc-1", "save"), await book.latest_case("acc-1", "save")):
        assert found is not None
        assert found.case_id == "case-2"
    assert await book.latest_case("acc-1", "cancellation") is None


async def test_a_try_that_was_turned_away_hides_no_case_that_left(book: BookPort) -> None:  # AMB-38
    await book.write(batch(entry("case-1", closed_at=OPENED, outcome="left")))
    later = {"opened_at": OPENED + timedelta(days=90), "closed_at": OPENED + timedelta(days=90)}
    await book.write(batch(entry("case-2", **later, outcome="rejected")))
    found = await book.latest_case("acc-1", "save")
    assert found is not None
    assert found.case_id == "case-1"
    await book.write(batch(entry("case-3", account_id="acc-9", **later, outcome="rejected")))
    alone = await book.latest_case("acc-9", "save")
    assert alone is not None
    assert alone.outcome == "rejected"


async def test_an_account_was_deferred_once_a_save_of_it_was(book: BookPort) -> None:  # CONV-23
    await book.write(batch(entry("case-1", closed_at=OPENED, outcome="saved_full")))
    assert not await book.was_deferred("acc-1")
    await book.write(batch(entry("case-2", closed_at=OPENED, outcome="deferred")))
    await book.write(batch(entry("case-3", closed_at=OPENED, outcome="no_contact")))
    assert await book.was_deferred("acc-1")
    assert not await book.was_deferred("acc-2")


async def test_the_cases_of_a_person_are_those_they_own_or_owe_a_step_in(book: BookPort) -> None:
    await book.write(batch(entry("case-own", owner="p-9")))
    await book.write(batch(entry("case-step", owner="p-2"), step(person="p-9")))
    await book.write(batch(entry("case-done", owner="p-2"), step(person="p-9", state=StepState.DONE)))
    await book.write(batch(entry("case-closed", owner="p-9", closed_at=OPENED)))
    assert [case.case_id for case in await book.cases_of_person("p-9")] == ["case-own", "case-step"]


async def test_late_is_what_is_past_due_at_the_later_of_the_clock_and_the_cases_own_time(book: BookPort) -> None:
    ahead = entry("case-ahead", as_of=DUE + timedelta(days=1))
    await book.write(batch(ahead, step()))
    await book.write(batch(entry("case-here"), step()))
    await book.write(batch(entry("case-closed", closed_at=OPENED), step()))
    await book.write(batch(entry("case-waiting"), step(state=StepState.WAITING)))
    assert [late.case_id for late in await book.overdue(OPENED)] == ["case-ahead"]
    assert [late.case_id for late in await book.overdue(DUE)] == ["case-ahead", "case-here"]
    assert await book.counts(OPENED) == BookCounts(open_cases=3, overdue_steps=1)


async def test_the_status_of_a_case_comes_from_the_book(book: BookPort) -> None:
    promise = Commitment(id="c-1", title="Fix the import", owner="p-1", due=DUE)
    case = entry(as_of=DUE, root_cause="missing_feature", next_wake=DUE)
    written = batch(case, step(), step("later", due=DUE + timedelta(days=1)), lines=(line(1, "opened"),))
    await book.write(written.model_copy(update={"commitments": (promise,)}))
    status = await book.status_of("case-1")
    assert (status.case_id, status.stage, status.plan, status.as_of) == ("case-1", "opened", "product_technical@3", DUE)
    assert status.overdue == ("ack_call",)
    assert [each.id for each in status.steps] == ["ack_call", "later"]
    assert status.commitments == (promise,)
    assert status.timeline == (line(1, "opened"),)


async def test_a_closed_case_lists_what_it_shared_as_far_as_it_had_heard(book: BookPort, database: Database) -> None:
    shared = EmbeddedIncidents(database, lambda: OPENED)
    await shared.open("inc-1", IncidentKind.PRODUCT_GAP, "Export of large files", "p-1")
    await shared.link(
        "inc-1", IncidentLink(case_id="case-1", account_id="acc-1", workflow_id="save:acc-1", by="p-1", at=OPENED)
    )
    await shared.add_progress("inc-1", "p-1", "the fix is in test", estimate=DUE)
    await EmbeddedIncidents(database, lambda: DUE).add_progress("inc-1", "p-1", "it is delivered", closes=True)
    await book.write(batch(entry(closed_at=DUE - timedelta(hours=1), outcome="lost")))
    (known,) = (await book.status_of("case-1")).incidents
    assert (known.id, known.kind, known.title) == ("inc-1", "product_gap", "Export of large files")
    assert (known.number, known.text, known.estimate, known.closed) == (1, "the fix is in test", DUE, False)


async def test_nothing_is_overdue_in_a_closed_case(book: BookPort) -> None:
    await book.write(batch(entry(as_of=DUE + timedelta(days=9), closed_at=DUE, outcome="lost"), step()))
    assert (await book.status_of("case-1")).overdue == ()


async def test_an_unknown_case_is_refused_with_a_sentence(book: BookPort) -> None:
    for ask in (book.case, book.steps, book.timeline, book.messages, book.status_of):
        with pytest.raises(PermanentFault, match="the book has no case 'case-9'") as refusal:
            await ask("case-9")
        assert refusal.value.kind == "UnknownCase"


async def test_a_long_case_is_read_in_as_many_queries_as_a_short_one(book: BookPort, database: Database) -> None:
    steps = tuple(step(f"step_{n}") for n in range(60))
    await book.write(batch(entry("case-long"), *steps, lines=tuple(line(n, "x") for n in range(200))))
    await book.write(batch(entry("case-short")))
    asked: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    await book.status_of("case-long")
    for_long = len(asked)
    await book.status_of("case-short")
    assert len(asked) == 2 * for_long


# --- offers (SAVE-37..51)


def offered(n: int = 1, **more: object) -> Offer:
    facts = {
        "id": f"offer_{n}",
        "offer": "bridge_discount",
        "kind": "bridge",
        "title": "Six months at ten percent",
        "state": OfferState.APPLIED,
        "headline_pct": 10,
        "blended_bp": 500,
        "cost_per_year": Money(minor=240_000),
        "terms": (PriceTerm(pct=10, first=1, last=6),),
        "proposed_by": "p-1",
        "proposed_at": OPENED,
        "accepted_at": OPENED,
        "starts": OPENED.date(),
        "lasts": "P6M",
        "details": (Detail(name="metric", text="tickets answered in 4 hours"),),
        "steps": ("offer_1_return",),
        "revision": 1,
    }
    return Offer.model_validate(facts | more)


def asked(**more: object) -> LoadStanding:
    facts = {"case_id": "case-9", "account_id": "acc-1", "person": "p-1", "quarter_start": OPENED - timedelta(days=60)}
    return LoadStanding.model_validate(facts | {"price_kinds": ("discount", "bridge")} | more)


async def booked(book: BookPort, *offers: Offer, case: str = "case-1", **more: object) -> None:
    await book.write(batch(entry(case, **more)).model_copy(update={"offers": offers}))


async def test_an_offer_and_its_approval_come_back_as_they_were_written(book: BookPort) -> None:
    approval = Approval(
        id="approval_1", subject="offer_1", role="cs_manager", state="approved", decided_by="p-2", decided_at=OPENED
    )
    await book.write(batch(entry()).model_copy(update={"offers": (offered(),), "approvals": (approval,)}))
    status = await book.status_of("case-1")
    assert (status.offers, status.approvals) == ((offered(),), (approval,))


async def test_an_account_stands_as_its_last_accepted_price_says(book: BookPort) -> None:
    later = OPENED + timedelta(days=3)
    await booked(
        book, offered(), offered(2, accepted_at=later), offered(3, kind="pause", accepted_at=later + timedelta(days=1))
    )
    assert (await book.standing(asked())).last_accepted == later
    assert (await book.standing(asked(account_id="acc-2"))).last_accepted is None
    assert (await book.standing(asked(case_id="case-1"))).last_accepted is None


async def test_what_a_person_gave_away_in_a_quarter_is_summed_by_currency(book: BookPort) -> None:
    await booked(
        book,
        offered(1),
        offered(2, cost_per_year=Money(minor=100, currency="MYR")),
        offered(3, state="declined"),
        offered(4, proposed_by="p-2"),
        offered(5, proposed_at=OPENED - timedelta(days=90)),
        offered(6, kind="pause"),
    )
    await booked(book, offered(1, carried_from="case-1"), case="case-2", kind="recovery")
    standing = await book.standing(asked())
    assert standing.spent == (Money(minor=100, currency="MYR"), Money(minor=240_000, currency="USD"))


async def test_a_person_alone_stands_with_all_that_they_gave(book: BookPort) -> None:
    await booked(book, offered())
    await booked(book, offered(2), case="case-2", account_id="acc-2")
    alone = LoadStanding(person="p-1", quarter_start=OPENED - timedelta(days=60), price_kinds=("discount", "bridge"))
    assert (await book.standing(alone)).spent == (Money(minor=480_000),)
