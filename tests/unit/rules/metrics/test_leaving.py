"""How leaving went, counted from the book: each figure with its part and whole, and no zero that was not measured."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from models import cancellation_commands as cc
from models.facts import NpsAnswer
from models.metrics import Period
from rules.metrics.figures import middle, percentile, spoken
from rules.metrics.leaving import gross_and_net
from tests.unit.rules.leaving import Leaving
from tests.unit.rules.metrics.measured import (
    NOW,
    ago,
    board,
    booked,
    counted,
    left,
    metric,
    policy,
    reading,
    step,
    win_back,
)


def test_the_processing_time_runs_from_the_first_request_to_the_closure():  # METR-1
    found = metric(1, left("acc-1", asked=20, closed=8), left("acc-2", asked=30, closed=10), left("acc-3", closed=None))
    gross = reading("gross", found)
    assert (gross.part, gross.whole, gross.median) == (1, 2, timedelta(days=16))
    assert gross.meets is False


def test_the_net_time_leaves_out_what_the_customer_took_to_answer_and_chose_to_wait():  # METR-1, DIS-18
    slow = left(
        asked=60,
        closed=10,
        confirmed_at=ago(56),
        end_date=date(2030, 5, 24),
        invitations=[{"n": 1, "at": ago(59), "answered_at": ago(57), "accepted": False}],
    )
    gross, net = gross_and_net(slow, policy().counting)
    assert gross == timedelta(days=50)
    midnight = datetime(2030, 5, 24, tzinfo=NOW.tzinfo)
    assert net == gross - timedelta(days=2) - (midnight - ago(41))


def test_waiting_twice_at_once_is_left_out_once():  # METR-1
    both = [{"n": n, "at": ago(59), "answered_at": ago(57), "accepted": False} for n in (1, 2)]
    gross, net = gross_and_net(left(asked=60, closed=40, invitations=both), policy().counting)
    assert gross - net == timedelta(days=2)


@pytest.mark.parametrize("named", ["when they asked", "at the confirmation", "after it"])
def test_a_later_day_is_their_own_choice_whenever_they_named_it(named):  # METR-1, DIS-18
    day = date(2027, 3, 1)
    leaver = Leaving(**({"requested_exit_date": str(day)} if named == "when they asked" else {}))
    leaver.confirmed(exit_date=day if named == "at the confirmation" else None)
    if named == "after it":
        leaver.do(cc.ChangeEndDate(by="p-csm", exit_date=day, consent="agreed by mail on 20 November"))
    leaver.work_through(110)
    record = booked(leaver.case, leaver.now)
    gross, net = gross_and_net(record, policy().counting)
    assert (gross.days, net.days) == (104, 15)


def test_a_driven_cancellation_misses_the_target_as_the_source_s_own_plan_does():  # METR-1, DIS-18
    leaver = Leaving()
    leaver.confirmed()
    leaver.work_through(20)
    found = metric(1, booked(leaver.case, leaver.now), now=leaver.now)
    assert counted("gross", found) == (0, 1)
    assert "miss this target" in found.said


def test_an_export_that_is_late_already_counts_as_missed():  # METR-2
    quick = left("acc-1", export_asked_at=ago(5), exported_at=ago(4))
    slow = left("acc-2", export_asked_at=ago(9), exported_at=ago(6.5))
    never = left("acc-3", closed=None, export_asked_at=ago(5))
    fresh = left("acc-4", closed=None, export_asked_at=ago(1))
    found = metric(2, quick, slow, never, fresh)
    assert counted("within the warning", found) == (1, 3)
    assert counted("within the promise", found) == (2, 3)
    assert reading("within the promise", found).meets is False


def test_the_response_rate_is_of_all_who_left_and_a_no_is_no_answer():  # METR-3
    states = ("answered", "declined", "not_asked", "not_asked")
    found = metric(3, *(left(f"acc-{n}", feedback=state) for n, state in enumerate(states)), left("acc-9", closed=None))
    assert counted("answered", found) == (1, 4)
    assert counted("said no", found) == (1, 4)
    assert reading("answered", found).meets is False


def test_the_satisfaction_is_a_mean_of_the_answers_alone():  # METR-5
    asked = (step("satisfaction_question", ago(3), ago(2), ago(3)),)
    found = metric(5, left("acc-1", satisfaction=9), left("acc-2", satisfaction=6), left("acc-3", steps=asked))
    mean = reading("mean", found)
    assert (mean.mean, mean.part, mean.whole, mean.meets) == (7.5, 1, 2, True)
    assert counted("answered", found) == (2, 3)


def test_who_left_too_lately_is_not_in_the_win_back_rate_of_a_year():  # METR-6
    back = win_back("acc-1", outcome="returned", closed_at=ago(400), opened_at=ago(500))
    late = win_back("acc-2", outcome="returned", closed_at=ago(100), opened_at=ago(500))
    gone = [left("acc-1", 520, 500), left("acc-2", 520, 500), left("acc-3", 30, 10)]
    found = metric(6, back, late, *gone)
    assert counted("back within 12 months", found) == (1, 2)
    assert counted("back within 24 months", found) == (None, 0)


def test_the_brand_is_not_measured_but_by_what_former_customers_answered():  # METR-7
    assert metric(7, left()).said.startswith("not measured: no source")
    answers = [
        NpsAnswer(account_id="acc-1", at=ago(day), score=score) for day, score in ((9, 1), (5, 9), (4, 10), (3, 6))
    ]
    found = metric(7, left("acc-1", closed=8), nps={"acc-1": answers})
    assert counted("promoters", found) == (2, 3)
    assert counted("detractors", found) == (1, 3)


def test_only_what_was_decided_in_the_period_is_counted():
    lately = Period(since=ago(10))
    records = (left("acc-1", closed=8), left("acc-2", closed=12), left("acc-3", closed=10))
    assert counted("gross", metric(1, *records, period=lately))[1] == 2
    assert counted("gross", metric(1, *records, period=Period(until=ago(10))))[1] == 1


def test_a_withdrawn_or_misrouted_cancellation_is_nobody_who_left():
    stayed = [left(f"acc-{n}", outcome=outcome) for n, outcome in enumerate(("saved", "misrouted", "scope_changed"))]
    assert {counted(name, metric(3, *stayed)) for name in ("answered", "said no")} == {(None, 0)}


def test_the_open_cancellations_are_counted_by_stage():  # OFFB-59
    found = board(left("acc-1", closed=None), left("acc-2", closed=None), left("acc-3"))
    assert [(one.stage, one.count) for one in found.open_cancellations] == [("closed", 2)]


@pytest.mark.parametrize(("days", "expected"), [([5], 5), ([1, 9], 5), ([9, 1, 2], 2)])
def test_the_median_of_an_even_number_lies_in_the_middle(days: list[int], expected: int):
    assert middle([timedelta(days=n) for n in days]) == timedelta(days=expected)


def test_nine_of_ten_lie_within_the_90th_percentile():
    from rules.metrics.figures import NINTH

    assert percentile([timedelta(days=n) for n in range(1, 11)], NINTH) == timedelta(days=9)
    assert percentile([timedelta(days=3)], NINTH) == timedelta(days=3)


def test_lengths_of_time_are_said_in_words():
    counting = policy().counting
    assert spoken(counting.responded_within) == "48 hours"
    assert [spoken(one) for one in counting.durable_after] == ["90 days", "6 months", "12 months"]
