"""A written service level is measured from the tickets every week, and a miss is told (PLAY-65, PLAY-66)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.automatic import Automatic
from models.calendar import Offset
from models.case import Case
from models.commands import HoldCase
from models.effects import Action, Outcome, OutcomeKind, Verb, Word
from models.facts import Ticket
from models.service_level import Attained, ServiceLevel
from models.step import StepState
from rules import measuring, service_level
from tests.unit.rules.plans import drive, failing, plan, spec
from tests.unit.rules.world import START, Drive

LEVEL = ServiceLevel(respond_within="PT4H", window="P7D")
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def ticket(opened: datetime, answered: float | None = None, closed: float | None = None, name: str = "tic-1") -> Ticket:
    """A ticket that was answered and closed so many hours after it was opened."""
    moments = {"answered_at": answered, "closed_at": closed}
    later = {field: opened + after * HOUR for field, after in moments.items() if after is not None}
    return Ticket(id=name, account_id="acc-1", opened_at=opened, **later)


def week(*tickets: Ticket, level: ServiceLevel = LEVEL, since: datetime = START) -> Attained:
    return service_level.attained(tickets, level, since, since + WEEK)


@pytest.mark.parametrize(
    ("answered", "closed", "kept"),
    [(4, None, True), (4.01, None, False), (None, 3, True), (None, 5, False), (None, None, False), (5, 3, True)],
)
def test_an_answer_in_time_is_the_first_response_or_else_the_resolution(answered, closed, kept):  # PLAY-65
    assert week(ticket(START + HOUR, answered, closed)).kept is kept


def test_a_ticket_counts_in_the_week_in_which_its_answer_fell_due():
    late_on_sunday = ticket(START + WEEK - HOUR, answered=9)
    assert (week(late_on_sunday).due, week(late_on_sunday, since=START + WEEK).missed) == (0, ("tic-1",))


def test_an_answer_that_falls_due_as_the_week_ends_counts_in_that_week_only():
    on_the_edge = ticket(START + WEEK - 4 * HOUR, answered=1)
    assert (week(on_the_edge).due, week(on_the_edge, since=START + WEEK).due) == (1, 0)


def test_a_week_without_tickets_keeps_the_level_and_has_no_figure():
    found = week()
    assert (found.percent, found.kept) == (None, True)
    assert service_level.told(found, LEVEL).startswith("no answer to a ticket fell due from 2026-11-16 01:00")


def test_the_result_says_the_share_the_figures_and_what_was_late():
    found = week(*(ticket(START + n * HOUR, answered=n, name=f"tic-{n}") for n in range(1, 7)))
    assert service_level.told(found, LEVEL) == (
        "66 % (4 of 6) answered within PT4H from 2026-11-16 01:00 to 2026-11-23 01:00 UTC, target 100 %; "
        "late: tic-5, tic-6"
    )


def test_a_target_below_all_is_kept_by_as_much():
    tickets = (ticket(START + HOUR, answered=1), ticket(START + HOUR, answered=9))
    assert week(*tickets, level=LEVEL.model_copy(update={"target_percent": 50})).kept
    assert not week(*tickets, level=LEVEL.model_copy(update={"target_percent": 51})).kept


HOURS = st.floats(0, 24 * 30, allow_nan=False)
TICKETS = st.lists(st.tuples(HOURS, st.none() | HOURS, st.none() | HOURS), max_size=20).map(
    lambda drawn: [ticket(START + o * HOUR, a, c, f"tic-{n}") for n, (o, a, c) in enumerate(drawn)]
)


@given(TICKETS)
def test_weeks_side_by_side_count_every_ticket_once(tickets):
    weeks = [week(*tickets, since=START + n * WEEK) for n in range(6)]
    assert sum(one.due for one in weeks) == len(tickets)
    assert sum(len(one.missed) for one in weeks) == sum(one.due - one.met for one in weeks)


@given(TICKETS)
def test_the_share_is_of_what_fell_due_and_is_full_only_where_nothing_was_missed(tickets):
    found = week(*tickets)
    assert 0 <= found.met <= found.due
    assert (found.percent is None) == (found.due == 0)
    assert (found.percent in (100, None)) == (not found.missed)
    assert found.kept == (not found.missed)


@given(TICKETS, st.integers(1, 48), st.integers(0, 48))
def test_more_time_to_answer_never_misses_more_of_the_same_tickets(tickets, hours, more):
    def missed(within: int) -> set[str]:
        level = ServiceLevel(respond_within=Offset(minutes=60 * within), window="P7D")
        return set(service_level.attained(tickets, level, START - WEEK, START + timedelta(days=60)).missed)

    assert missed(hours + more) <= missed(hours)


def tracking(**tickets: object) -> Drive:
    return drive(
        spec(
            "track",
            owner="cs_manager",
            recur="P7D",
            until={"times": 4},
            automatic={"measures": {"respond_within": "PT4H", "window": "P7D"}},
            evidence={"kind": "record"},
        ),
        **tickets,
    )


def finding(*missed: str):
    """A world in which every week these tickets are late."""

    def around(inner):
        def answer(case: Case, action: Action) -> Outcome:
            if action.verb is not Verb.MEASURE_SERVICE:
                return inner(case, action)
            step = case.step(action.steps[0])
            since, until = measuring.window(case, step, LEVEL, action.moment)
            share = {"due": 2, "met": 2 - len(missed), "percent": 100 - 50 * len(missed), "kept": not missed}
            return Outcome(attained=Attained(since=since, until=until, missed=missed, **share))

        return answer

    return around


def test_it_is_measured_when_a_week_is_over_and_the_figure_proves_the_step():  # PLAY-65, PLAY-66
    d = tracking(around=finding())
    d.after(days=6)
    assert d.case.step("track/1").state is StepState.OPEN
    d.after(days=15)
    done = [step for step in d.case.steps if step.state is StepState.DONE]
    assert [step.id for step in done] == ["track/1", "track/2"]
    assert done[0].evidence.text == (
        "100 % (2 of 2) answered within PT4H from 2026-11-16 01:00 to 2026-11-23 01:00 UTC, target 100 %"
    )
    keys = [action.key for _, action in d.sent if action.verb is Verb.MEASURE_SERVICE]
    assert keys == ["case-1/track/measure_service/1", "case-1/track/measure_service/2"]
    assert not [line for line in d.told() if line[2] in (Word.OVERDUE, Word.ESCALATE)]


def test_a_miss_is_said_and_told_to_the_owner():  # PLAY-66
    d = tracking(around=finding("tic-9"))
    d.after(days=8)
    assert [event.kind for event in d.case.timeline].count("service_level_missed") == 1
    assert [(person, word, step) for _, person, word, step in d.told()] == [("p-mgr", Word.ESCALATE, "track/1")]


def test_what_cannot_be_measured_becomes_the_owners_to_do():
    never = Outcome(kind=OutcomeKind.FAILED, reason="the help desk is down")
    d = tracking(around=failing(Verb.MEASURE_SERVICE, 99, never))
    d.after(days=9)
    step = d.case.step("track/1")
    assert (step.automatic_failed, step.person, step.state) == (True, "p-mgr", StepState.OPEN)


def test_an_automatic_step_either_notifies_or_measures():
    for wrong in ({}, {"notify": ("csm",), "measures": LEVEL}):
        with pytest.raises(ValidationError, match="exactly one of notify, measures and does"):
            Automatic.model_validate(wrong)


def test_the_shipped_service_level_is_that_of_the_source():  # PLAY-65
    level = measuring.level_of(drive(spec()).case, plan("service_relationship").step("sla_tracking"))
    assert (str(level.respond_within), level.target_percent, str(level.window)) == ("PT4H", 100, "P7D")


def test_after_a_hold_a_week_is_measured_from_where_the_one_before_ended():  # PLAY-66
    d = tracking(around=finding())
    d.after(days=8)
    d.do(HoldCase(by="p-csm", until=d.now + timedelta(days=5), reason="they are in a merger"))
    d.after(days=30)
    first, second = [step.evidence.text for step in d.case.steps if step.state is StepState.DONE][:2]
    assert "from 2026-11-16 01:00 to 2026-11-23 01:00" in first
    assert "from 2026-11-23 01:00 to 2026-12-05 01:00" in second
