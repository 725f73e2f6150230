"""What a value report counts: tickets of its days, and what they answered before the save and since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.document import DocumentKind
from models.value import GivenFigures, ValueFacts
from models.value_report import Score, TicketFigures, ValueReport
from models.work import PreparePage
from rules.value_report import measured_period, period_of, value_report
from tests.unit.rules.briefing import NOW, answer, facts, ticket, used

SAVED = NOW - timedelta(days=30)
ASKED = PreparePage(
    key="c-1/value_report/prepare_page/1",
    case_id="c-1",
    account_id="acc-1",
    kind=DocumentKind.VALUE_REPORT,
    title="Monthly value report",
    person="p-csm",
    at=NOW,
    since=date(2026, 10, 17),
    until=date(2026, 11, 16),
    anchor=SAVED,
)


def report(**more: Any) -> ValueReport:
    known = ValueFacts(account=facts().account, figures=GivenFigures(currency="USD"), **more)
    return value_report(known, ASKED, period_of(ASKED))


def test_tickets_are_counted_in_the_period_and_in_the_one_before():  # POST-6
    day = timedelta(days=1)
    tickets = (
        ticket(1, NOW - 40 * day, closed_at=NOW - 5 * day),
        ticket(2, NOW - 10 * day, closed_at=NOW - 9 * day),
        ticket(3, NOW - 3 * day, closed_at=NOW + day),
        ticket(4, NOW + day),
        ticket(5, NOW - 70 * day),
    )
    assert report(tickets=tickets).tickets == TicketFigures(opened=2, opened_before=1, closed=2, still_open=2)


def test_nps_is_told_before_the_save_and_since_it():  # POST-12
    day = timedelta(days=1)
    nps = (answer(NOW + day, 1), answer(NOW - 2 * day, 8), answer(NOW - 20 * day, 6), answer(NOW - 50 * day, 3))
    found = report(nps=nps)
    assert found.nps_before == Score(score=3, day=(NOW - 50 * day).date())
    assert found.nps_since == Score(score=8, day=(NOW - 2 * day).date())
    assert report().nps_since is None


def test_usage_is_compared_with_as_many_days_before():
    (use,) = report(usage=used(lambda day: 20.0 if day >= ASKED.since else 10.0)).summary.quantitative
    assert (use.change_pct, use.now.measured_days, len(use.weeks)) == (100, 30, 4)


def test_where_nothing_was_measured_the_last_days_that_were_are_told_and_said_to_be_so():
    wanted = period_of(ASKED)
    last = ASKED.since - timedelta(days=9)
    earlier = measured_period(wanted, [last - timedelta(days=1), last])
    assert (earlier.last, earlier.days) == (last, wanted.days)
    known = ValueFacts(account=facts().account, figures=GivenFigures(currency="USD"))
    found = value_report(known, ASKED, earlier)
    assert (found.summary.period, found.unmeasured) == (earlier, wanted)


def test_one_measured_day_is_enough_to_stay_with_the_days_that_are_wanted():
    wanted = period_of(ASKED)
    assert measured_period(wanted, [ASKED.since]) == measured_period(wanted, []) == wanted
    assert report().unmeasured is None
