"""What a person may record of a customer, and what is refused."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from models.account import Money
from models.facts import Figure, FigureKind, InboundFact, Payment, PaymentState
from models.facts_policy import FactWords
from rules.facts import BadFact, GivenFact, fact_of

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
WORDS = FactWords(signals=("champion_left", "competitor_named"), submetrics=("champion_status",))


def kept(**said: object) -> InboundFact | Payment | Figure:
    given = GivenFact.model_validate({"account_id": "acc-1", "by": "usr-1", "at": NOW} | said)
    return fact_of(given, WORDS, "MYR", NOW)


def test_a_champion_who_left_is_a_signal_with_who_said_so():  # RISK-13, RISK-84
    fact = kept(kind="champion_left", detail="resigned")
    assert isinstance(fact, InboundFact)
    assert (fact.fact, fact.kind, fact.detail, fact.by) == ("risk_signal", "champion_left", "resigned", "usr-1")


def test_the_same_fact_twice_has_one_id_and_another_has_its_own():
    one, again, other = (kept(kind="champion_left", detail=text) for text in ("resigned", "resigned", "retired"))
    assert one == again
    assert isinstance(one, InboundFact) and isinstance(other, InboundFact) and one.id != other.id


def test_what_is_sent_twice_in_a_day_is_one_fact_and_the_same_on_another_day_its_own():
    later = {"at": NOW - timedelta(hours=3)}, {"at": NOW - timedelta(days=1)}
    one, soon, before = (kept(kind="competitor_named", **more) for more in ({}, *later))
    assert isinstance(one, InboundFact) and isinstance(soon, InboundFact) and isinstance(before, InboundFact)
    assert one.id == soon.id != before.id


def test_a_late_payment_is_a_payment_in_the_currency_of_the_account():  # RISK-53
    fact = kept(kind="payment_late", amount=Money(minor=120050, currency="MYR"))
    assert isinstance(fact, Payment)
    assert (fact.state, fact.due_on, fact.amount) == (
        PaymentState.LATE,
        NOW.date(),
        Money(minor=120050, currency="MYR"),
    )


def test_a_sub_metric_may_have_a_fraction_and_a_kpi_a_target():  # RISK-63..68
    given, kpi = kept(submetric=("champion_status", 89.5)), kept(kpi=("hours saved", -3.0), target=10.0)
    assert isinstance(given, Figure) and isinstance(kpi, Figure)
    assert (given.kind, given.value, given.target) == (FigureKind.SUBMETRIC, 89.5, None)
    assert (kpi.kind, kpi.value, kpi.target) == (FigureKind.KPI, -3.0, 10.0)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "mumble"}, "'mumble' is no kind of fact; one of: champion_left"),
        ({"kind": "champion_left", "at": NOW + timedelta(minutes=1)}, "lies in the future"),
        ({}, "exactly one"),
        ({"kind": "champion_left", "submetric": ("champion_status", 1.0)}, "exactly one"),
        ({"kind": "payment_late", "amount": Money(minor=1, currency="USD")}, "give an amount in MYR"),
        ({"kind": "champion_left", "amount": Money(minor=1, currency="MYR")}, "leave it out"),
        ({"submetric": ("roi", 5.0)}, "'roi' is no sub-metric; one of: champion_status"),
        ({"submetric": ("champion_status", 100.1)}, "from 0 to 100"),
        ({"submetric": ("champion_status", -0.1)}, "from 0 to 100"),
        ({"submetric": ("champion_status", math.nan)}, "no number"),
        ({"kpi": ("hours", math.inf)}, "no number"),
        ({"kpi": ("hours", 1.0), "target": 0.0}, "above 0"),
        ({"submetric": ("champion_status", 1.0), "target": 5.0}, "leave it out for a sub-metric"),
    ],
)
def test_what_cannot_be_is_refused_with_what_would_be_right(said: dict[str, object], why: str):
    with pytest.raises(BadFact, match=why):
        kept(**said)
