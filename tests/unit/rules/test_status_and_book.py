"""What people and pages see: the status, the book's batches, the lines in Temporal's UI."""

from __future__ import annotations

from datetime import timedelta

from models.commands import CloseSave, HoldCase
from models.effects import Verb
from rules import booking, follow_through, status, summaries
from tests.unit.rules.plans import drive, failing, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.world import START, Drive, file, instantly


def test_status_names_what_is_next_and_what_is_late():
    d = drive(spec("a", due="P1D"), spec("b", due="P3D"))
    seen = status.of(d.case, START)
    assert (seen.next_due, seen.overdue, seen.plan) == (START + timedelta(days=1), (), "by_hand@1")
    d.after(days=2)
    seen = status.of(d.case, d.now)
    assert seen.overdue == ("a",)
    assert [(s.id, s.overdue, s.person) for s in seen.steps] == [("a", True, "p-csm"), ("b", False, "p-csm")]
    assert seen.next_wake == follow_through.next_wake(d.case, d.now)


def test_what_is_late_is_told_apart_from_what_falls_due_next():
    d = drive(spec("a", due="P1D"), spec("b", due="P3D"))
    assert status.overdue_since(d.case, START) is None
    assert status.next_ahead(d.case, START) == START + timedelta(days=1)
    d.after(days=2)
    assert status.overdue_since(d.case, d.now) == START + timedelta(days=1)
    assert status.next_ahead(d.case, d.now) == START + timedelta(days=3)
    d.after(days=4)
    assert status.next_ahead(d.case, d.now) is None


def test_overdue_begins_with_the_due_moment_itself():
    d = drive(spec("a", due="P1D"))
    due = d.case.step("a").due
    assert status.of(d.case, due - timedelta(seconds=1)).overdue == ()
    assert status.of(d.case, due).overdue == ("a",)


def test_a_hold_hides_no_broken_promise():
    d = drive(spec("a", due="P1D"), spec("p", due="P1D", promise=True))
    d.do(HoldCase(until=START + timedelta(days=5), reason="fair", by="p-csm"))
    d.after(days=2)
    seen = status.of(d.case, d.now)
    assert (seen.overdue, seen.on_hold_until) == (("p",), START + timedelta(days=5))


def test_the_book_knows_until_when_a_case_is_on_hold():  # SAVE-23
    d = drive(spec("a", due="P9D"))
    until = START + timedelta(days=5)
    d.do(HoldCase(until=until, reason="fair", by="p-csm"))
    assert booking.entry(d.case, status.of(d.case, d.now), "save:acc-1").on_hold_until == until


def test_the_book_gets_each_row_once_and_again_when_it_changed():
    d = drive(spec("a"), spec("b"))
    assert booking.batch(d.case, "k", "save:acc-1", d.now).steps == ()
    d.case = follow_through.advance(d.case, d.now)
    d.world = failing(Verb.WRITE_BOOK, 99)(instantly)
    d.do(note("a"))
    batch = booking.batch(d.case, "k", "save:acc-1", d.now)
    assert [(s.status.id, s.ended_by) for s in batch.steps] == [("a", "p-csm")]
    assert [event.kind for event in batch.timeline] == ["step_done", "write_book_waits"]
    assert batch.case.revision == d.case.revision


def test_what_changes_while_a_batch_is_on_its_way_comes_with_the_next():
    d = drive(spec("a"), spec("b"))
    d.do(note("a"))
    (first,) = (a for _, a in d.sent[-1:] if a.verb is Verb.WRITE_BOOK)
    assert d.case.booked_revision == d.case.revision == first.revision
    d.do(note("b"))
    assert d.sent[-1][1].key != first.key


def test_the_entry_of_a_case_carries_its_own_time_and_its_owner():
    d = Drive()
    entry = booking.entry(d.case, status.of(d.case, d.now), "save:acc-1")
    assert (entry.owner, entry.arr_minor, entry.currency, entry.as_of) == ("p-csm", 4_800_000, "USD", START)
    assert (entry.stage, entry.severity, entry.plan) == ("opened", "high", "product_technical@1")


def test_a_case_without_a_team_has_no_owner():
    d = drive(spec(), team=file().model_copy(update={"team": file().team.model_copy(update={"seats": ()})}))
    assert booking.owner_of(d.case) is None


# --- lines in Temporal's UI


def test_the_summary_of_a_reminder_says_whom_and_what():
    d = drive(spec("a", due="P4D"), spec("b", due="P4D"))
    d.after(days=4)
    lines = [action.summary for _, action in d.sent if action.verb is Verb.SEND_DIGEST]
    assert lines == [
        "remind csm: a; remind csm: b",
        "overdue csm: a; overdue csm: b",
        "escalate to cs_manager: a; escalate to cs_manager: b",
    ]


def test_the_timer_says_what_it_waits_for():
    d = drive(spec("a", due="P4D"), spec("later", opens="P1D", due="P9D"))
    at = follow_through.next_wake(d.case, d.now)
    assert summaries.of_wake(d.case, at) == "turn of later"
    d.after(days=2)
    assert summaries.of_wake(d.case, follow_through.next_wake(d.case, d.now)) == "remind csm: a"
    assert summaries.of_wake(d.case, d.now) == "try again"


def test_no_summary_is_longer_than_temporal_takes():
    d = Drive()
    d.after(days=30)
    assert max(len(action.summary.encode()) for _, action in d.sent) <= 400


def test_the_case_as_a_table_has_what_is_late_on_top():
    d = drive(spec("done_one"), spec("far", due="P9D"), spec("late", due="P1D"))
    d.do(note("done_one"))
    d.after(days=2)
    lines = summaries.of_case(status.of(d.case, d.now)).splitlines()
    assert lines[0] == "**opened** · by_hand@1 · **1 overdue**"
    assert [line.split("|")[2].strip() for line in lines[-3:]] == ["late", "far", "done_one"]
    assert "overdue" in lines[-3]


def test_a_closed_case_shows_its_outcome_and_a_held_one_its_end():
    d = drive(spec())
    d.do(HoldCase(until=START + timedelta(days=5), reason="fair", by="p-csm"))
    assert "on hold until 2026-11-21 01:00" in summaries.of_case(status.of(d.case, d.now))
    d.do(CloseSave(outcome="lost", notes="gone", by="p-csm", customer_quotes=("the export came a year too late",)))
    assert "outcome **lost**" in summaries.of_case(status.of(d.case, d.now))


def test_the_closing_note_says_what_was_tried():  # CONV-21
    from rules import notes

    d = drive(spec("a"))
    d.do(note("a"))
    d.do(CloseSave(outcome="lost", notes="gone", by="p-csm", customer_quotes=("the export came a year too late",)))
    assert notes.closing(d.case).splitlines() == [
        "Case case-1 closed: lost.",
        "Reason given: missing_feature.",
        "Root cause: not found. Plan: by_hand@1.",
        "Contacts: 0; steps done: 1; saveable test: undecided.",
        'They said: "the export came a year too late"',
    ]


def test_a_long_case_carries_only_its_latest_events_and_loses_none_that_is_not_booked():
    d = Drive()
    d.after(days=60)
    assert len(d.case.timeline) <= d.case.plan.policy.kept_timeline + 20
    assert d.case.events > len(d.case.timeline) or d.case.events == d.case.timeline[-1].n
    numbers = [event.n for event in d.case.timeline]
    assert numbers == list(range(numbers[0], d.case.events + 1))


def test_the_book_waits_for_what_is_under_way_and_takes_it_all_in_one_write():
    d = drive(spec("a"), spec("b"))
    d.after(hours=47)  # a warning is due for both, in one digest
    written = [at for at, action in d.sent if action.verb is Verb.WRITE_BOOK]
    told = [at for at, action in d.sent if action.verb is Verb.SEND_DIGEST]
    assert told
    assert written.count(told[-1]) == 1
    assert d.case.booked_revision == d.case.revision


def test_a_lane_that_is_down_for_hours_keeps_nothing_out_of_the_book():
    d = drive(spec("a"), around=failing(Verb.SYNC_TASKS, 99))
    d.done("a", {"text": "note: agreed with the ops lead on Tuesday"})
    assert d.case.retries
    assert d.case.booked_revision == d.case.revision
