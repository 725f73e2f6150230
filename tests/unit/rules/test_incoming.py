"""What other systems send: how long it is tried, and when a subscription that ended asks for a cancellation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models.crm import AccountRecord
from models.webhooks import ReadSubscription
from rules.inbound import portal
from rules.incoming import next_try
from tests.unit.rules.world import START

ACCOUNT = AccountRecord(id="acc-1", name="Falk")
ENDED = ReadSubscription(id="sub_1", account_id="acc-1", cancelled_at=START, ends_on=date(2026, 12, 31))


def test_what_cannot_be_worked_is_tried_for_three_days_and_then_a_person_looks():
    at, attempts, tries = START, 1, []
    while due := next_try(START, attempts, at):
        tries.append(due - at)
        at, attempts = due, attempts + 1
    assert tries[:3] == [timedelta(seconds=2), timedelta(seconds=10), timedelta(minutes=1)]
    assert set(tries[6:]) == {timedelta(hours=1)}
    assert timedelta(days=3) - timedelta(hours=1) < at - START <= timedelta(days=3)


@pytest.mark.parametrize(
    ("feedback", "reason"),
    [
        ("too_expensive", "budget_cut"),
        ("missing_features", "missing_feature"),
        ("too_complex", "technical_problem"),
        ("low_quality", "technical_problem"),
        ("customer_service", "service"),
        ("switched_service", "competitor_chosen_unsigned"),
        ("unused", "value"),
        ("other", "other"),
        ("", "unknown"),
        ("something_new", "unknown"),
    ],
)
def test_the_reason_of_the_portal_is_one_of_ours(feedback: str, reason: str):
    asked = portal.request_of(ENDED.model_copy(update={"feedback": feedback}))
    assert (asked.reason, asked.channel, asked.requested_exit_date) == (reason, "portal", date(2026, 12, 31))
    assert asked.received_at == START


def test_a_subscription_that_goes_on_and_a_customer_who_has_left_ask_for_nothing():
    gone = ACCOUNT.model_copy(update={"churned_on": date(2026, 1, 1)})
    goes_on = ENDED.model_copy(update={"cancelled_at": None})
    assert portal.not_asked(goes_on, ACCOUNT, None) == "the subscription goes on"
    assert portal.not_asked(ENDED, gone, None) == "acc-1 has left already"
    assert portal.not_asked(ENDED, ACCOUNT, None) == ""


def test_each_time_that_it_is_asked_to_end_is_a_wish_of_its_own():
    later = ENDED.model_copy(update={"cancelled_at": datetime(2027, 1, 1, tzinfo=UTC)})
    assert portal.wish_of(ENDED) != portal.wish_of(later)
    assert portal.wish_of(ENDED.model_copy(update={"cancelled_at": None})) == ""
