"""Use against what is usual on the same weekdays; a day that was not measured is no zero."""

from __future__ import annotations

import pytest

from tests.unit.rules.detection.seen import day, row_of, rules_of, seen, steady, unjudged, usage

LADDER = {"usage_down_30", "usage_down_50", "usage_down_70"}


@pytest.mark.parametrize(
    ("level", "rules"),
    [
        (71, set()),
        (70, {"usage_down_30"}),  # RISK-80
        (50, {"usage_down_30", "usage_down_50"}),  # RISK-87
        (30, LADDER),  # RISK-22
    ],
)
def test_the_ladder_of_falls(level: int, rules: set[str]) -> None:  # DIS-4
    days = [*steady(7, 100), *((ago, level) for ago in range(7))]
    assert rules_of(seen(usage=usage(days))) & LADDER == rules


def test_the_use_of_the_largest_account_is_not_down_by_its_size() -> None:  # DIS-4
    """A hundred times what it uses in a week is more than a number of 32 bits can be."""
    assert rules_of(seen(usage=usage(steady(level=20_000_000)))) & LADDER == set()


def test_the_same_weekday_mix_is_compared() -> None:  # AMB-13
    """A week of which only the quiet weekend was measured is not down against whole weeks."""
    weekly = [(ago, 20 if day(ago + 1).weekday() >= 5 else 100) for ago in range(7, 110)]
    quiet = [(ago, 20 if day(ago + 1).weekday() >= 5 else 100) for ago in range(7)]
    without_three = [(ago, level) for ago, level in quiet if ago not in (1, 4, 5)]
    assert rules_of(seen(usage=usage([*weekly, *without_three]))) & LADDER == set()


def test_the_fall_does_not_hide_in_its_own_baseline() -> None:  # AMB-13: the 90 days before the drop
    days = [*steady(30, 100), *((ago, 60) for ago in range(30))]
    assert "usage_down_30" in rules_of(seen(usage=usage(days)))


def test_one_day_of_madness_is_no_baseline() -> None:
    days = [(ago, 10_000 if ago == 50 else 100) for ago in range(110)]
    assert rules_of(seen(usage=usage(days))) == set()


@pytest.mark.parametrize("measured", [range(1), range(100, 110), range(400, 500)])
def test_too_few_days_are_stated_and_no_alert(measured: range) -> None:
    detected = seen(usage=usage([(ago, 0) for ago in measured]))
    assert not rules_of(detected)
    assert any("insufficient_data" in why for why in unjudged(detected).values())


def test_a_year_of_missing_data_is_stated() -> None:
    detected = seen(usage=usage([(ago, 100) for ago in range(365, 500)]))
    assert rules_of(detected) == set()
    assert unjudged(detected)["usage"] == "insufficient_data: no usage was measured"


def test_no_log_in_for_14_measured_days() -> None:  # RISK-83
    row = row_of(seen(usage=usage([*steady(14), *((ago, 0) for ago in range(14))])), "no_login")
    assert (row["now"], row["since"]) == (14, day(14))


def test_13_days_are_not_14() -> None:
    assert "no_login" not in rules_of(seen(usage=usage([*steady(13), *((ago, 0) for ago in range(13))])))


def test_a_gap_in_measuring_is_not_a_day_without_a_log_in() -> None:
    detected = seen(usage=usage([*steady(14), *((ago, 0) for ago in range(14) if ago != 5)]))
    assert "no_login" not in rules_of(detected)
    assert "not measured" in unjudged(detected)["no_login"]


def test_silence_counts_from_behind_the_gap() -> None:
    detected = seen(usage=usage([*steady(30), *((ago, 0) for ago in range(30) if ago != 20)]))
    assert row_of(detected, "no_login")["now"] == 20


def test_facts_that_are_a_little_late_still_count_and_old_ones_do_not() -> None:
    late = [*steady(30), *((ago, 0) for ago in range(3, 30))]
    assert "no_login" in rules_of(seen(usage=usage(late)))
    older = [*steady(30), *((ago, 0) for ago in range(4, 30))]
    detected = seen(usage=usage(older))
    assert "no_login" not in rules_of(detected)
    assert "no_login" in unjudged(detected)


def test_weekends_without_use_after_weekends_with_it() -> None:  # RISK-18
    days = [(ago, 0 if ago < 28 and day(ago + 1).weekday() >= 5 else 10) for ago in range(110)]
    row = row_of(seen(usage=usage(days)), "weekends_gone")
    assert (row["level"], row["was"]) == ("watch", 100)


def test_an_office_that_never_worked_at_weekends_lost_nothing() -> None:  # RISK-18
    days = [(ago, 0 if day(ago + 1).weekday() >= 5 else 10) for ago in range(110)]
    assert rules_of(seen(usage=usage(days))) == set()


def test_today_is_not_over_and_is_no_day_of_use() -> None:
    """What is usual is 100; of today, of which little is known yet, nothing is counted."""
    days = [*steady(0, 100, 110), (-1, 0)]
    assert seen(usage=usage(days)).found.equals(seen(usage=usage(days[:-1])).found)
    assert not rules_of(seen(usage=usage([*steady(13, 100), *((ago, 0) for ago in range(-1, 13))]))) & {
        "no_login",
        "key_features_unused",
    }


@pytest.mark.parametrize(("idle", "fires"), [(14, True), (13, False)])
def test_key_features_are_unused_after_whole_days_without_use(idle: int, fires: bool) -> None:  # RISK-18
    days = [*steady(idle), *((ago, 0) for ago in range(idle))]
    assert ("key_features_unused" in rules_of(seen(usage=usage(days)))) is fires


def test_a_fall_is_judged_over_seven_measured_days() -> None:  # DIS-4
    """Six bad days and a usual one before them are a fall of 30 percent in seven days, not of 35 in six."""
    days = [*steady(6, 100), *((ago, 65) for ago in range(6))]
    assert row_of(seen(usage=usage(days)), "usage_down_30")["now"] == pytest.approx(30)


def test_key_features_that_sit_unused() -> None:  # RISK-18
    assert "key_features_unused" in rules_of(seen(usage=usage([*steady(14), *((ago, 0) for ago in range(14))])))


def test_from_daily_to_weekly() -> None:  # RISK-18
    days = [*steady(28), *((ago, 10 if ago % 7 == 0 else 0) for ago in range(28))]
    row = row_of(seen(usage=usage(days)), "rhythm_slows")
    assert (row["was"], row["now"]) == (7, 1)
