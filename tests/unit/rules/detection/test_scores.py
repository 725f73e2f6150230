"""Triggers on the health score: crossing, not standing; weeks by their last score; months by the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.rules.detection.seen import TODAY, day, row_of, rules_of, scores, seen, unjudged

SUNDAYS = (date(2026, 11, 8), date(2026, 11, 15))
CROSSINGS = {"below_30", "below_50", "below_70"}


def crossed(*values: float | None) -> set[str]:
    """What the last scores, a day apart, cross."""
    history = dict(zip(range(len(values) - 1, -1, -1), values, strict=True))
    return rules_of(seen(scores=scores(history))) & CROSSINGS


@pytest.mark.parametrize(
    ("was", "now", "rules"),
    [
        (30, 29.9, {"below_30"}),  # RISK-71
        (50, 49.5, {"below_50"}),  # RISK-74, RISK-79, DIS-3
        (70, 69.999, {"below_70"}),  # RISK-77
        (89.5, 70, set()),  # the bound itself is not below it
        (89.5, 29, {"below_30", "below_50", "below_70"}),
        (29, 28, set()),  # standing, not crossing
        (29, 75, set()),  # upwards
    ],
)
def test_falls_below_fires_on_the_crossing(was: float, now: float, rules: set[str]) -> None:  # AMB-7
    assert crossed(was, now) == rules


def test_a_score_that_is_missing_between_two_is_no_score() -> None:
    assert crossed(72, None, 69) == {"below_70"}


def test_the_first_score_has_crossed_nothing_but_red_is_a_warning_sign_all_the_same() -> None:  # RISK-87
    detected = seen(scores=scores({0: 20}))
    assert rules_of(detected) == {"red_zone"}
    assert row_of(detected, "red_zone")["level"] == "medium"


def test_a_crossing_in_days_that_no_sweep_looked_at_is_not_overlooked() -> None:  # RISK-85
    history = scores({5: 72, 3: 60, 0: 55})
    row = row_of(seen(scores=history), "below_70")
    assert (row["was"], row["now"], row["since"], row["told_at"].date()) == (72, 55, day(3), day(3))


@pytest.mark.parametrize(("now", "holds"), [(69.9, True), (70, False), (75, False)])
def test_a_crossing_holds_until_the_score_is_at_the_bound_again(now: float, holds: bool) -> None:  # AMB-7
    assert ("below_70" in crossed(72, 60, now)) is holds


def test_of_two_crossings_the_last_one_counts() -> None:
    assert row_of(seen(scores=scores({5: 72, 4: 60, 2: 71, 1: 65, 0: 64})), "below_70")["since"] == day(1)


@pytest.mark.parametrize(
    ("history", "fires"),
    [
        ({7: 90, 0: 60}, True),  # exactly a week ago
        ({8: 90, 0: 60}, False),
        ({7: 90, 0: 60.5}, False),
        ({6: 60, 3: 95, 0: 65}, True),  # from the highest of the week
    ],
)
def test_a_fall_of_30_in_a_single_week(history: dict[int, float], fires: bool) -> None:  # RISK-72
    assert ("fell_in_a_week" in rules_of(seen(scores=scores(history)))) is fires


@pytest.mark.parametrize(
    ("today", "then", "fires"),
    [
        (date(2027, 3, 31), date(2027, 2, 28), True),  # a month before 31 March is the last of February
        (date(2027, 3, 31), date(2027, 2, 27), False),
        (date(2028, 3, 31), date(2028, 2, 28), False),
        (date(2028, 3, 31), date(2028, 2, 29), True),
        (date(2027, 1, 15), date(2026, 12, 15), True),
        (date(2027, 1, 15), date(2026, 12, 14), False),
    ],
)
def test_a_fall_of_20_in_a_month_at_the_ends_of_months(today: date, then: date, fires: bool) -> None:  # RISK-76
    history = scores({(today - then).days: 90, 0: 70}, today)
    assert ("fell_in_a_month" in rules_of(seen(today=today, scores=history))) is fires


@pytest.mark.parametrize(
    ("history", "fires"),
    [
        (dict.fromkeys(range(15), 20), True),
        (dict.fromkeys(range(14), 20), False),  # 13 days red
        ({14: 20, 7: 25, 0: 29.9}, True),
        ({14: 20, 7: 30, 0: 29.9}, False),  # it was not red in between
        ({14: 20, 0: 20}, False),  # nobody knows of the days between
        ({400: 20, 0: 20}, False),
    ],
)
def test_red_for_two_weeks(history: dict[int, float], fires: bool) -> None:  # RISK-73
    assert ("red_two_weeks" in rules_of(seen(scores=scores(history)))) is fires


# today is a Tuesday: this ISO week began 1 day ago and is not over
@pytest.mark.parametrize(
    ("history", "two", "three"),
    [
        ({23: 80, 16: 79, 9: 78, 2: 77, 0: 77}, True, True),
        ({16: 80, 9: 79, 2: 78, 0: 77.9}, True, False),  # RISK-75: one day of the running week is no week
        ({16: 80, 9: 79, 2: 79, 0: 77}, False, False),  # strict drops
        ({30: 80, 23: 79, 9: 78, 2: 77}, False, False),  # a week without a score
        ({30: 80, 23: 79, 16: 78, 0: 77}, False, False),  # so it is where the last one has none
        ({23: 80, 22: 60, 16: 79, 9: 78, 2: 77}, True, True),  # of a week its last score counts, not the low one before
        ({16: 80, 9: 79, 2: 78}, True, False),  # nothing yet this week
        ({23: 81, 16: 80, 9: 79, 2: 78, 0: 90}, True, True),
    ],
)
def test_week_after_week_down_by_the_last_score_of_each_iso_week(
    history: dict[int, float], two: bool, three: bool
) -> None:  # RISK-75, RISK-78, AMB-8
    found = rules_of(seen(scores=scores(history)))
    assert ("two_weeks_down" in found, "three_weeks_down" in found) == (two, three)


@pytest.mark.parametrize(("sunday", "fires"), [(date(2026, 11, 22), True), (date(2026, 11, 21), False)])
def test_a_week_counts_from_its_last_day(sunday: date, fires: bool) -> None:  # AMB-8
    history = {(sunday - then).days: score for then, score in zip(SUNDAYS, (80, 79), strict=True)} | {0: 78}
    assert ("two_weeks_down" in rules_of(seen(today=sunday, scores=scores(history, sunday)))) is fires


def test_iso_weeks_follow_each_other_over_the_new_year() -> None:  # AMB-8
    today = date(2027, 1, 12)  # week 2; 2026 has a week 53
    found = rules_of(seen(today=today, scores=scores({22: 80, 15: 79, 8: 78, 0: 78}, today)))
    assert "two_weeks_down" in found


def test_an_old_score_says_nothing_of_today() -> None:
    detected = seen(scores=scores({30: 80, 10: 20}))
    assert rules_of(detected) == set()
    assert "health_score" in unjudged(detected)


def test_an_alert_carries_the_numbers_that_made_it() -> None:
    row = row_of(seen(scores=scores({1: 52.5, 0: 49.5})), "below_50")
    assert (row["was"], row["now"], row["bound"], row["since"]) == (52.5, 49.5, 50, TODAY)
    assert row["kind"] == "investigation"
