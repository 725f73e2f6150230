"""What the product is worth to one customer: their numbers, words and given figures (SAVE-10, PLAY-51)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.account import Money
from models.crm import AccountRecord, Contact
from models.facts import UsageFact
from models.usage import Period
from models.value import GivenFigures, RoiInputs, ValueFacts
from rules.value import losses, losses_of, roi, value_summary
from tests.unit.rules.briefing import LAST_90, NOW, answer, plan, ticket, used

AMOUNTS = st.integers(0, 10**11)


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def value_facts(figures: dict[str, Any] | None = None, **more: Any) -> ValueFacts:
    account = AccountRecord(id="acc-1", name="A", arr=usd(3_600_000))
    return ValueFacts(
        account=account, figures=GivenFigures(currency="USD", **(figures or {})), rules=plan().policy.brief, **more
    )


@given(st.lists(st.integers(0, 5000), min_size=180, max_size=180))
def test_save_10_the_sums_of_a_period_and_of_the_one_before_are_those_of_the_customers_days(values: list[int]) -> None:
    first = LAST_90.before.since
    facts = [
        UsageFact(account_id="acc-1", day=first + timedelta(days=n), metric="logins", value=float(value))
        for n, value in enumerate(values)
    ]
    (line,) = value_summary(value_facts(usage=tuple(facts)), LAST_90).quantitative
    assert (line.before.total, line.now.total) == (sum(values[:90]), sum(values[90:]))


def test_save_10_a_gap_makes_no_decline() -> None:
    before = tuple(
        UsageFact(account_id="acc-1", day=day.day - timedelta(days=90), metric="logins", value=10.0)
        for day in used(lambda day: 1.0)
    )
    now = used(lambda day: 10.0 if day.day % 2 else None, "logins")
    (line,) = value_summary(value_facts(usage=(*before, *now)), LAST_90).quantitative
    assert line.change_pct == 0
    assert line.now.measured_days < line.before.measured_days


def test_save_11_a_metric_that_was_not_measured_in_the_period_is_not_spoken_of() -> None:
    earlier = UsageFact(account_id="acc-1", day=LAST_90.since - timedelta(days=1), metric="exports", value=9.0)
    assert value_summary(value_facts(usage=(earlier,)), LAST_90).quantitative == ()


def test_save_10_praise_is_quoted_with_its_day_and_complaints_are_not() -> None:
    said = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
    found = value_summary(
        value_facts(
            nps=(answer(said, 9, " Critical to our launch "), answer(NOW, 9, "later"), answer(said, 8, "clumsy")),
            tickets=(
                ticket(1, said + timedelta(days=1), sentiment="positive", text="Saves us an hour a day."),
                ticket(2, said, sentiment="negative", text="Broken again."),
            ),
            contacts=(Contact(id="con-1", account_id="acc-1", name="Jacinta", email="j@a.example"),),
        ),
        LAST_90,
    ).qualitative
    assert [(quote.text, quote.day, quote.where, quote.name) for quote in found] == [
        ("Saves us an hour a day.", date(2026, 10, 2), "tic-1", ""),
        ("Critical to our launch", date(2026, 10, 1), "nps", "Jacinta"),
    ]


def test_save_10_words_of_the_first_and_the_last_day_count_and_of_the_day_after_do_not() -> None:
    first = datetime(2026, 8, 18, 0, 0, tzinfo=UTC)
    moments = (first - timedelta(seconds=1), first, datetime(2026, 11, 15, 23, 59, tzinfo=UTC), NOW)
    found = value_summary(value_facts(nps=tuple(answer(at, 10, f"{at}") for at in moments)), LAST_90)
    assert [quote.day for quote in found.qualitative] == [date(2026, 11, 15), date(2026, 8, 18)]


def test_tmpl_11_the_comparison_is_made_of_given_figures_and_marked_as_estimate() -> None:
    figures = {
        "alternative": usd(6_000_000), "manual_hours": Decimal("1500.5"), "hourly_rate": usd(3_333), "source": "their CFO"
    }  # fmt: skip
    found = value_summary(value_facts(figures), LAST_90)
    assert [(line.what, line.yearly.minor, line.difference.minor) for line in found.comparative] == [
        ("alternative", 6_000_000, 2_400_000),
        ("manual", 5_001_167, 1_401_167),
    ]
    assert all(line.estimated for line in found.comparative)
    assert (found.asks, found.source) == ((), "their CFO")


def test_save_10_a_figure_that_nobody_gave_is_asked_for_and_never_invented() -> None:
    found = value_summary(value_facts(), LAST_90)
    assert found.comparative == ()
    assert [ask.what for ask in found.asks] == ["alternative", "manual_hours", "hourly_rate"]
    half = value_summary(value_facts({"manual_hours": Decimal(100)}), LAST_90)
    assert half.comparative == ()
    assert "hourly_rate" in [ask.what for ask in half.asks]


def test_an_amount_in_another_currency_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValidationError, match="is in EUR, the account pays in USD; amounts are not converted"):
        value_facts({"alternative": Money(minor=1, currency="EUR")})


def test_play_51_the_return_is_the_benefit_less_the_price() -> None:
    found = roi(
        RoiInputs(
            price=usd(3_600_000),
            hours_saved=Decimal(1200),
            hourly_rate=usd(3_500),
            revenue_enabled=usd(1_000_000),
            cost_avoided=usd(200_000),
            strategic=("a week sooner on the market",),
        )
    )
    assert (found.labour_saved.minor, found.benefit.minor, found.net.minor) == (4_200_000, 5_400_000, 1_800_000)
    assert (found.return_pct, found.payback_months) == (50, Decimal("8.0"))
    assert found.inputs.strategic == ("a week sooner on the market",)


def test_play_51_a_loss_is_said_as_a_loss() -> None:
    found = roi(RoiInputs(price=usd(3_600_000), cost_avoided=usd(900_000)))
    assert (found.net.minor, found.return_pct, found.payback_months) == (-2_700_000, -75, Decimal("48.0"))
    assert roi(RoiInputs(price=usd(100), cost_avoided=usd(0))).payback_months is None


@given(AMOUNTS, AMOUNTS, st.integers(1, 10**11), st.decimals(0, 100_000, places=2), st.integers(0, 10**6))
def test_play_51_no_cent_is_lost_or_made_up(revenue: int, avoided: int, price: int, hours: Decimal, rate: int) -> None:
    hourly = usd(rate) if hours else None
    inputs = RoiInputs(
        price=usd(price), hours_saved=hours, hourly_rate=hourly, revenue_enabled=usd(revenue), cost_avoided=usd(avoided)
    )
    found = roi(inputs)
    assert abs(Decimal(found.labour_saved.minor) - hours * rate) <= Decimal("0.5")
    assert found.benefit.minor == found.labour_saved.minor + revenue + avoided
    assert found.net.minor == found.benefit.minor - price
    if found.payback_months is not None:
        assert found.payback_months * found.benefit.minor >= 12 * price


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ({"price": usd(0), "cost_avoided": usd(1)}, "price must be above 0"),
        ({"price": usd(1)}, "give at least one of"),
        ({"price": usd(1), "hours_saved": Decimal(3)}, "belong together"),
        ({"price": usd(1), "hourly_rate": usd(3)}, "belong together"),
        ({"price": usd(1), "cost_avoided": usd(-1)}, "the cost avoided must lie between 0"),
        ({"price": usd(1), "cost_avoided": Money(minor=1, currency="MYR")}, "is in MYR"),
        ({"price": usd(1), "hours_saved": Decimal(-1), "hourly_rate": usd(1)}, "greater than or equal to 0"),
        ({"price": usd(1), "hours_saved": Decimal("NaN"), "hourly_rate": usd(1)}, "finite"),
    ],
)
def test_play_51_absurd_inputs_are_refused_with_one_sentence(given_: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as raised:
        RoiInputs(**given_)
    assert raised.value.error_count() == 1


def test_a_period_of_a_year_and_of_a_day_both_hold() -> None:
    day = Period(since=date(2026, 11, 15), until=date(2026, 11, 16))
    (line,) = value_summary(value_facts(usage=used(lambda day: 4.0, "logins")), day).quantitative
    assert (line.now.total, line.before.total, line.change_pct) == (4.0, 4.0, 0)


def test_what_argues_against_us_is_told_to_whoever_shows_the_summary() -> None:
    month = Period(since=LAST_90.until - timedelta(days=30), until=LAST_90.until)
    fell = used(lambda day: 10.0 if day < month.since else 4.0, "logins")
    cheap = {"alternative": usd(2_400_000), "alternative_name": "Sheets", "manual_hours": 10, "hourly_rate": usd(1000)}
    assert losses(value_summary(value_facts(cheap, usage=fell), month)) == (
        "logins -60 % a day",
        "Sheets costs USD 12,000 a year less than we do",
        "work by hand costs USD 35,900 a year less than we do",
    )
    rose = used(lambda day: 4.0 if day < month.since else 10.0, "logins")
    assert losses(value_summary(value_facts({"alternative": usd(9_000_000)}, usage=rose), month)) == ()


def test_a_year_that_returns_less_than_its_price_argues_against_us() -> None:
    poor, good = (roi(RoiInputs(price=usd(1_000_000), cost_avoided=usd(worth))) for worth in (400_000, 2_000_000))
    assert (losses_of(poor), losses_of(good)) == (("the year returns USD 6,000 less than its price",), ())
