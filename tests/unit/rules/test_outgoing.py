"""What other systems are told of cases, and how long an event is tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import cancellation_commands as cc
from models.case import Case
from models.webhooks import EventName, OutgoingState, Posted
from rules import booking, outgoing
from tests.unit.rules.after.former import Keeping, Remembering
from tests.unit.rules.leaving import Leaving
from tests.unit.rules.offered import decided, diagnosed, proposal, said
from tests.unit.rules.test_promises import promised
from tests.unit.rules.world import START

ENDPOINT_DOWN = Posted(said="the endpoint answered 503")


def told(case: Case) -> list[EventName]:
    return [event.name for event in outgoing.events(case, case.timeline)]


def test_a_leaving_is_told_from_the_request_to_the_last_access():
    d = Leaving()
    d.confirmed()
    d.work_through(40)
    names = told(d.case)
    assert names[0] is EventName.CANCELLATION_REQUESTED
    in_order = [name for name in names if name is not EventName.STEP_COMPLETED]
    assert in_order.index(EventName.CANCELLATION_ACKNOWLEDGED) < in_order.index(EventName.EXPORT_READY)
    assert in_order[-1] is EventName.ACCOUNT_DEACTIVATED
    done = sum(step.state == "done" for step in d.case.steps)
    assert names.count(EventName.STEP_COMPLETED) == done > 20


def test_a_withdrawal_is_told_once():
    d = Leaving()
    d.confirmed()
    d.do(cc.Withdraw(confirmed_by_customer=True))
    assert told(d.case).count(EventName.CANCELLATION_RESCINDED) == 1


def test_a_broken_promise_is_told_and_a_kept_one_is_not():
    d = promised()
    assert told(d.case) == [EventName.SAVE_STARTED]
    d.after(days=60)
    missed = [event for event in outgoing.events(d.case, d.case.timeline) if event.name is EventName.COMMITMENT_MISSED]
    assert "promise_1" in {event.step for event in missed}


@pytest.mark.parametrize(("decision", "times"), [("approved", 1), ("refused", 0)])
def test_a_concession_is_told_when_it_is_approved(decision: str, times: int):
    d = diagnosed()
    said(d, proposal())
    decided(d, decision=decision, reason="agreed with finance")
    assert told(d.case).count(EventName.CONCESSION_APPROVED) == times


def test_a_deletion_is_told_when_it_is_done():
    d = Keeping()
    assert told(d.case) == []
    d.deleted()
    assert told(d.case) == [EventName.DATA_DELETED]


def test_each_reminder_of_a_win_back_is_told_on_its_day():  # OFFB-50
    d = Remembering()
    d.after(days=180)
    assert told(d.case) == []
    d.after(days=366)
    assert told(d.case) == [EventName.WIN_BACK_DUE, EventName.WIN_BACK_DUE]


def test_the_book_gets_each_event_with_the_line_that_tells_it_and_once():
    d = Leaving()
    unbooked = d.case.model_copy(update={"booked_events": 0})
    batch = booking.batch(unbooked, "k", "cancellation:acc-1", d.now)
    lines = {line.n: line for line in d.case.timeline}
    assert [event.name for event in batch.events] == told(d.case)
    assert all(lines[event.n].at == event.at for event in batch.events)
    assert booking.batch(d.case, "k", "cancellation:acc-1", d.now).events == ()


def test_an_event_that_is_taken_is_done():
    assert outgoing.verdict(Posted(), 1, START).state is OutgoingState.DELIVERED


def test_an_event_that_is_not_taken_is_tried_for_three_days_and_given_up():
    at, attempts = START, 0
    while True:
        attempts += 1
        ends = outgoing.verdict(ENDPOINT_DOWN, attempts, at)
        if ends.due_at is None:
            break
        assert ends.due_at > at
        at = ends.due_at
    assert ends.state is OutgoingState.DEAD
    assert attempts == 11
    assert timedelta(days=3) < at - START < timedelta(days=4)


def test_an_endpoint_that_asks_for_time_gets_it_and_no_more_than_a_day():
    asks = Posted(said="the endpoint answered 429", wait=timedelta(minutes=7))
    assert outgoing.verdict(asks, 1, START).due_at == START + timedelta(minutes=7)
    for_ever = Posted(said="the endpoint answered 429", wait=timedelta(days=400))
    assert outgoing.verdict(for_ever, 1, START).due_at == START + timedelta(days=1)


def test_an_endpoint_that_is_gone_is_asked_no_more():
    gone = Posted(said="the endpoint answered 410", gone=True)
    assert outgoing.verdict(gone, 1, START).state is OutgoingState.DEAD
