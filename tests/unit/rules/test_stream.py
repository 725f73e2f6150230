"""What the messages of a stream mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from models.facts import PaymentState, UsageDay
from models.facts_policy import FactsPolicy, StreamRules, UsageEvent
from models.stream import CallType, StreamMessage
from rules import stream

AT = datetime(2026, 11, 1, 23, 59, tzinfo=UTC)
RULES = StreamRules.model_validate(
    {
        "usage": [
            {"event": "Signed In", "measure": "logins"},
            {"event": "Report Created", "measure": "key_feature_events"},
            {"event": "Upload", "measure": "uploads"},
        ],
        "signals": [{"event": "Data Export Requested", "kind": "data_export_requested"}],
        "payments": [{"event": "Payment Failed", "state": "failed"}],
    }
)


def did(event: str, user: str = "u-1", at: datetime = AT, n: int = 0, account: str = "acc-1") -> StreamMessage:
    id_ = f"{event}-{user}-{at}-{n}"
    return StreamMessage(message_id=id_, type=CallType.TRACK, at=at, account_id=account, user_id=user, event=event)


def test_events_of_a_day_are_counted_and_the_people_behind_them_are_the_active_ones():  # RISK-18
    messages = [did("Signed In"), did("Signed In", n=1), did("Signed In", "u-2"), did("Upload", "u-3")]
    (day,) = stream.used_days(messages, RULES)
    assert (day.day, day.active_users, day.logins, day.more) == (AT.date(), 3, 3, {"uploads": 1.0})


def test_a_day_that_the_stream_measures_counts_what_had_no_event_as_none_at_all():
    (day,) = stream.used_days([did("Signed In")], RULES)
    assert (day.logins, day.key_feature_events) == (1, 0)
    only = RULES.model_copy(update={"usage": tuple(one for one in RULES.usage if one.measure == "logins")})
    (day,) = stream.used_days([did("Signed In")], only)
    assert (day.logins, day.key_feature_events) == (1, None)  # nothing of the stream would say so


def test_people_without_an_id_are_counted_as_events_and_not_as_people():
    (day,) = stream.used_days([did("Signed In", "")], RULES)
    assert (day.active_users, day.logins) == (None, 1)


def test_a_day_ends_at_midnight_utc():
    later = AT + timedelta(minutes=1)
    days = stream.used_days([did("Signed In"), did("Signed In", at=later)], RULES)
    assert [(one.day, one.logins) for one in days] == [(date(2026, 11, 1), 1), (date(2026, 11, 2), 1)]


def test_what_is_known_of_a_day_from_elsewhere_stays():
    known = UsageDay(account_id="acc-1", day=AT.date(), active_users=5, key_feature_events=9, more={"calls": 1.0})
    given = UsageDay(account_id="acc-1", day=AT.date(), logins=2, more={"uploads": 3.0})
    whole = stream.merged(known, given)
    assert whole == known.model_copy(update={"logins": 2, "more": {"calls": 1.0, "uploads": 3.0}})
    assert stream.merged(None, given) == given


def test_a_mapped_event_is_a_signal_whose_id_follows_from_its_message():  # RISK-21
    asked = did("Data Export Requested")
    (first,), (again,) = stream.signals([asked], RULES), stream.signals([asked], RULES)
    assert (first.kind, first.account_id, first.at, first.fact) == ("data_export_requested", "acc-1", AT, "risk_signal")
    assert first.id == again.id != stream.signals([did("Data Export Requested", n=1)], RULES)[0].id
    assert stream.signals([did("Signed In")], RULES) == ()


def test_a_payment_that_failed_is_a_payment_and_no_signal():  # RISK-53
    failed = did("Payment Failed")
    (payment,) = stream.payments([failed], RULES)
    assert (payment.state, payment.due_on) == (PaymentState.FAILED, AT.date())
    assert stream.signals([failed], RULES) == ()


def test_an_event_means_something_or_it_does_not():
    assert [stream.meant(event, RULES) for event in ("Upload", "Payment Failed", "Scrolled")] == [True, True, False]


def test_active_users_are_no_measure_that_events_add_to():
    with pytest.raises(ValidationError, match="people behind"):
        UsageEvent(event="Signed In", measure="active_users")
    with pytest.raises(ValidationError):
        FactsPolicy(signals=(), submetrics=("roi",))
