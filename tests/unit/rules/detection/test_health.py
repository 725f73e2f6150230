"""The health score: weights, what is missing, bands, and which component moved it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from models.detection import DetectionRules
from models.health import ComponentScore, HealthScore, ScoreState
from rules.detection.frames import Facts
from rules.detection.scoring import Unweighed, as_score, movement
from rules.detection.sweep import detect
from tests.unit.rules.detection.seen import NAME, RULES, TODAY, accounts, day, given, seen, steady, tickets, usage

USAGE = ("login_frequency", "feature_adoption", "active_users", "time_in_product")
ENGAGEMENT = ("ticket_sentiment", "outreach_response", "review_attendance", "training")
COMMERCIAL = ("payment_status", "expansion_activity", "contract_value", "renewal_timeline")
RELATIONSHIP = ("sponsor_engagement", "champion_status", "nps_csat", "reference_participation")


def scored(values: dict[str, float], ago: int = 0, rules: DetectionRules = RULES) -> HealthScore:
    found = detect(Facts(accounts=accounts(), given=given(values, ago)), rules, TODAY)
    return as_score(found.scored, found.submetrics, NAME, rules.health)


def each(value: float, *metrics: tuple[str, ...]) -> dict[str, float]:
    return {metric: value for component in metrics for metric in component}


def test_forty_thirty_twenty_ten() -> None:  # RISK-63..67
    values = each(100, USAGE) | each(50, ENGAGEMENT) | each(25, COMMERCIAL) | each(0, RELATIONSHIP)
    assert scored(values).score == 100 * 0.4 + 50 * 0.3 + 25 * 0.2


def test_sub_metrics_weigh_the_same_inside_a_component() -> None:  # AMB-6
    values = each(50, ENGAGEMENT, COMMERCIAL, RELATIONSHIP) | dict(zip(USAGE, (100, 0, 0, 0), strict=True))
    assert scored(values).score == 25 * 0.4 + 50 * 0.6


def test_what_is_missing_is_left_out_and_the_rest_weighs_more() -> None:  # AMB-6
    found = scored(each(90, USAGE) | each(20, ENGAGEMENT))
    assert found.score == pytest.approx((90 * 40 + 20 * 30) / 70, abs=1e-5)
    assert found.available_percent == 70
    parts = {part.name: part for part in found.components}
    assert parts["usage"].weight == pytest.approx(400 / 7)
    assert (parts["commercial"].value, parts["commercial"].missing) == (None, COMMERCIAL)


def test_under_half_of_the_weight_there_is_no_score() -> None:  # AMB-6
    half = each(90, USAGE, RELATIONSHIP)
    assert scored(half).score == 90
    del half["nps_csat"]
    found = scored(half)
    assert (found.score, found.state, found.band) == (None, ScoreState.INSUFFICIENT_DATA, "")


def test_insufficient_data_makes_no_alert_of_the_score() -> None:  # AMB-6
    detected = detect(Facts(accounts=accounts(), given=given(each(0, USAGE))), RULES, TODAY)
    assert detected.found.is_empty()


def test_an_old_value_is_a_missing_one() -> None:
    assert scored(each(90, USAGE, ENGAGEMENT), ago=89).score == 90
    assert scored(each(90, USAGE, ENGAGEMENT), ago=90).score is None


def tone(*rows: tuple[int, str, int | None]) -> list[float]:
    found = detect(Facts(accounts=accounts(), tickets=tickets(*rows)), RULES, TODAY).submetrics
    return found.filter(found["metric"] == "ticket_sentiment")["value"].to_list()


def test_a_ticket_without_tone_or_rating_says_nothing_of_the_mood() -> None:  # AMB-6
    assert tone((3, "", None), (5, "", None)) == []
    assert tone((3, "negative", None), (5, "", None)) == tone((3, "negative", None))
    assert tone((3, "neutral", None)) == tone((3, "", 10)) == [100]


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (100, "excellent"),
        (90, "excellent"),
        (89.999, "good"),
        (70, "good"),
        (69.5, "warning"),
        (50, "warning"),
        (49.9, "at_risk"),
        (30, "at_risk"),
        (29.9, "critical"),
        (0, "critical"),
    ],
)
def test_bands_are_half_open(score: float, band: str) -> None:  # RISK-70, AMB-7
    assert RULES.health.band_of(score).name == band


def five_factor(**weights: int) -> DetectionRules:
    """The rules with the five factors in use, and these weights."""
    models = []
    for model in RULES.health.models:
        parts = [
            part.model_copy(update={"weight": Decimal(weights.get(part.name, 0)) or None}) for part in model.components
        ]
        models.append(model.model_copy(update={"components": tuple(parts)}) if model.name == "five_factor" else model)
    health = RULES.health.model_copy(update={"model": "five_factor", "models": tuple(models)})
    return RULES.model_copy(update={"health": health})


def test_five_factors_with_the_company_s_own_weights() -> None:  # RISK-68, DIS-1
    weights = {
        "product_usage": 40,
        "business_success": 15,
        "relationship_strength": 15,
        "support_sentiment": 15,
        "contract_risk": 15,
    }
    values = each(100, ("login_frequency", "feature_adoption")) | each(0, ("kpi_attainment", "roi"))
    values |= each(0, ("review_attendance", "outreach_response"))
    own = {"given": (*RULES.health.given, "login_frequency", "feature_adoption")}
    rules = five_factor(**weights)
    rules = rules.model_copy(update={"health": rules.health.model_copy(update=own)})
    assert scored(values, rules=rules).score == pytest.approx(100 * 40 / 70, abs=1e-5)


def test_five_factors_without_weights_are_no_model() -> None:  # DIS-1
    with pytest.raises(Unweighed, match="no weight for 'product_usage'"):
        scored(each(50, USAGE), rules=five_factor())


def test_our_own_facts_become_sub_metrics() -> None:
    renewal = TODAY + timedelta(days=30)
    known = accounts({"payment": "late", "renewal_date": renewal})
    days = [(ago, 10) for ago in range(110)]
    detected = seen(accounts=known, usage=usage(days), tickets=tickets((1, "negative", 8), (2, "neutral", None)))
    values = dict(detected.submetrics.select("metric", "value").iter_rows())
    assert values == {
        "login_frequency": 100,
        "active_users": 90,
        "feature_adoption": 90,
        "ticket_sentiment": 30,
        "nps_csat": 80,
        "payment_status": 40,
        "renewal_timeline": 40,
    }


def test_a_given_sub_metric_stands_before_our_own() -> None:
    detected = seen(usage=usage(steady()), given=given({"active_users": 12}))
    assert dict(detected.submetrics.select("metric", "value").iter_rows())["active_users"] == 12


def history(*values: tuple[float, float]) -> tuple[HealthScore, ...]:
    """A score for each day up to today, of what its two components are worth."""
    found = []
    for n, (use, talk) in enumerate(values):
        parts = (
            ComponentScore(name="usage", weight=60, value=use),
            ComponentScore(name="engagement", weight=40, value=talk),
        )
        score = sum(part.points for part in parts)
        when = day(len(values) - 1 - n)
        found.append(HealthScore(account_id=NAME, day=when, state=ScoreState.SCORED, score=score, components=parts))
    return tuple(found)


def test_a_score_says_which_component_moved_it_by_how_much_and_since_when() -> None:  # RISK-69
    moved = movement(history(*[(90, 80)] * 5, (60, 82), (50, 82), (50, 82)))
    assert moved is not None
    assert (moved.component, moved.was, moved.now, moved.since) == ("usage", 90, 50, day(2))
    assert moved.component_points == pytest.approx(-24)
    assert moved.points == pytest.approx(-24 + 0.8)


def test_a_rise_is_explained_too() -> None:
    moved = movement(history(*[(50, 80)] * 7, (70, 75)))
    assert moved is not None
    assert (moved.component, moved.since) == ("usage", TODAY)


def test_nothing_moved_is_no_movement() -> None:
    assert movement(history(*[(50, 80)] * 9)) is None
    assert movement(history((50, 80))) is None


def test_a_day_without_a_score_is_passed_over() -> None:
    scores = history(*[(90, 80)] * 7, (90, 40))
    blank = scores[3].model_copy(update={"score": None, "components": ()})
    moved = movement((*scores[:3], blank, *scores[4:]))
    assert moved is not None
    assert (moved.component, moved.since) == ("engagement", date(2026, 11, 17))
