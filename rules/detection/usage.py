"""Use of the product against what is usual for the account: the ladder of falls, silence, rhythm (DIS-4, AMB-13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from models.detection import Baseline, Metric, NoLogin, RhythmSlows, Rule, Unused, UsageFalls
from rules.detection.finding import Answers, found, joined, unjudged
from rules.detection.frames import FOUND, UNJUDGED
from rules.detection.windows import ago, number

_id, _day, _ago = pl.col("account_id"), pl.col("day"), pl.col("ago")
_SHIFT = 2**32  # counts stay below 2**31, so that key and count fit into one integer that sorts as the pair does
_WEEKDAYS = 7


def prepared(usage: pl.DataFrame, baseline: Baseline, today: date) -> pl.DataFrame:
    """The days that any rule looks at, with a number for the account, the weekday and the days until today."""
    return (
        usage.with_columns(ago=ago(today))
        .filter(baseline.within_days + baseline.days > _ago)
        .with_columns(account=_id.rle_id().cast(pl.Int64), weekday=(_day.cast(pl.Int32) + 3) % _WEEKDAYS)
    )


def compared(days: pl.DataFrame, metrics: Sequence[Metric], baseline: Baseline) -> pl.DataFrame:
    """The recent use of each account beside what is usual on the same weekdays (AMB-13).

    One row for each account that has enough measured days: ``account``, and ``{metric}`` and ``{metric}_usual`` summed
    over the recent days. The work is done on sorted integers: a middle per weekday for each account of a million.
    """
    key = pl.col("account") * _WEEKDAYS + pl.col("weekday")
    recent = days.filter(_ago < baseline.recent_days).with_columns(key=key)
    before = days.filter(_ago >= baseline.within_days).with_columns(key=key)
    for metric in metrics:
        recent = recent.join(_middles(before, metric), on="key", how="left", maintain_order="left")
    usual = [pl.col(f"{metric}_usual") for metric in metrics]
    recent = recent.filter(pl.all_horizontal(*(each.is_not_null() for each in usual)))
    summed = recent.group_by("account", maintain_order=True).agg(
        pl.len().alias("recent_days"), *(pl.col(metric).sum() for metric in metrics), *(each.sum() for each in usual)
    )
    enough = before.group_by("account").len("before_days")
    return summed.join(enough, on="account", how="inner", maintain_order="left").filter(
        (pl.col("recent_days") >= baseline.least_recent) & (pl.col("before_days") >= baseline.least_days)
    )


def _middles(before: pl.DataFrame, metric: Metric) -> pl.DataFrame:
    """The median per key, of pairs packed into one sorted column."""
    packed = before.select(packed=pl.col("key") * _SHIFT + pl.col(metric))["packed"].sort()
    values = (packed % _SHIFT).alias("value")
    groups = (packed // _SHIFT).rle().struct.unnest().with_columns(pl.col("len").cast(pl.Int64))
    groups = groups.with_columns(start=pl.col("len").cum_sum() - pl.col("len"))
    low = groups["start"] + (groups["len"] - 1) // 2
    high = groups["start"] + groups["len"] // 2
    middle = (values.gather(low) + values.gather(high)) / 2
    return groups.select(key=pl.col("value"), middle=middle).rename({"middle": f"{metric}_usual"})


def judged(
    days: pl.DataFrame, levels: pl.DataFrame, rules: Sequence[Rule], baseline: Baseline, today: date, lag_days: int
) -> Answers:
    """What the prepared days say today, given how they compare (``levels``)."""
    names = days.select("account", "account_id").filter(
        (pl.col("account") != pl.col("account").shift(1)).fill_null(value=True)
    )
    return joined(_by(rule, days, levels, names, baseline, today, lag_days) for rule in rules)


def _by(
    rule: Rule, days: pl.DataFrame, levels: pl.DataFrame, names: pl.DataFrame, base: Baseline, today: date, lag: int
) -> Answers:
    match rule:
        case UsageFalls():
            return _falls(rule, levels, names, base, today)
        case NoLogin():
            return _no_login(rule, days, names, today, lag)
        case Unused():
            return _unused(rule, days, names, base, today)
        case RhythmSlows():
            return _rhythm(rule, days, names, base, today)
        case _:
            return FOUND.to_frame(), UNJUDGED.to_frame()


def _named(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return frame.join(names, on="account", how="inner", maintain_order="left")


def _falls(rule: UsageFalls, levels: pl.DataFrame, names: pl.DataFrame, base: Baseline, today: date) -> Answers:
    actual, usual = pl.col(rule.metric), pl.col(f"{rule.metric}_usual")
    fell = levels.filter((usual > 0) & (actual * 100 <= usual * (100 - rule.percent)))
    drop = ((1 - actual / usual) * 100).round(1)
    since = today - timedelta(days=base.recent_days - 1)
    lacking = names.join(levels, on="account", how="anti", maintain_order="left")
    return (
        found(_named(fell, names), rule, "usage", since, usual, drop, rule.percent),
        unjudged(lacking, rule.id, "insufficient_data: too few measured days to compare"),
    )


def _no_login(rule: NoLogin, days: pl.DataFrame, names: pl.DataFrame, today: date, lag: int) -> Answers:
    """Zeros in a row up to the last measured day; a day that was not measured ends the row."""
    same = pl.col("account") == pl.col("account").shift(1)
    unbroken = (same & (pl.col("logins").shift(1) == 0) & (_ago.diff() == -1)).fill_null(value=False)
    silent = days.select(
        "account",
        "ago",
        begun=pl.when((pl.col("logins") == 0) & ~unbroken).then(_ago),
        used=pl.when(pl.col("logins") > 0).then(_ago),
    )
    summed = silent.group_by("account", maintain_order=True).agg(
        last=_ago.min(), begun=pl.col("begun").min(), used=pl.col("used").min()
    )
    lasted = pl.col("begun") - pl.col("last") + 1
    in_row = (pl.col("begun") < pl.col("used").fill_null(2**30)) & (lasted >= rule.days) & (pl.col("last") <= lag)
    holds = in_row.fill_null(value=False)
    unseen = ~holds & (pl.col("used").is_null() | (pl.col("used") >= rule.days))
    since = (number(today) - pl.col("begun")).cast(pl.Int32).cast(pl.Date)
    why = f"insufficient_data: no log-in is known of in {rule.days} days, of which some were not measured"
    return (
        found(_named(summed.filter(holds), names), rule, "usage", since, None, lasted, rule.days),
        unjudged(_named(summed.filter(unseen), names), rule.id, why),
    )


def _stretches(days: pl.DataFrame, recent: int, base: Baseline, active: pl.Expr) -> pl.DataFrame:
    """The measured and the active days of each account, recently and before."""
    now, then = recent > _ago, _ago >= base.within_days
    return days.group_by("account", maintain_order=True).agg(
        now_days=now.sum(), now_active=(now & active).sum(), then_days=then.sum(), then_active=(then & active).sum()
    )


def _unused(rule: Unused, days: pl.DataFrame, names: pl.DataFrame, base: Baseline, today: date) -> Answers:
    looked_at = days.filter(pl.col("weekday") >= 5) if rule.weekends else days
    counted = _stretches(looked_at, rule.days, base, pl.col(rule.metric) > 0)
    measured = (pl.col("now_days") >= rule.least_days) & (pl.col("then_days") >= rule.least_days)
    used = pl.col("then_active") * 100 >= rule.used_percent * pl.col("then_days")
    idle = counted.filter(measured & (pl.col("now_active") == 0) & used)
    share = (pl.col("then_active") * 100 / pl.col("then_days")).round(1)
    lacking = names.join(counted.filter(measured), on="account", how="anti", maintain_order="left")
    return (
        found(_named(idle, names), rule, "usage", today - timedelta(days=rule.days - 1), share, pl.lit(0), rule.days),
        unjudged(lacking, rule.id, "insufficient_data: too few measured days to compare"),
    )


def _rhythm(rule: RhythmSlows, days: pl.DataFrame, names: pl.DataFrame, base: Baseline, today: date) -> Answers:
    counted = _stretches(days, rule.days, base, pl.col("logins") > 0)
    enough = (pl.col("now_days") >= rule.least_days) & (pl.col("then_days") >= base.least_days)
    rates = counted.filter(enough).with_columns(
        now=pl.col("now_active") * _WEEKDAYS / pl.col("now_days"),
        was=pl.col("then_active") * _WEEKDAYS / pl.col("then_days"),
    )
    slower = rates.filter(_pace("now", rule) < _pace("was", rule))
    since = today - timedelta(days=rule.days - 1)
    lacking = names.join(rates, on="account", how="anti", maintain_order="left")
    return (
        found(_named(slower, names), rule, "usage", since, pl.col("was").round(1), pl.col("now").round(1), None),
        unjudged(lacking, rule.id, "insufficient_data: too few measured days to compare"),
    )


def _pace(rate: str, rule: RhythmSlows) -> pl.Expr:
    """2 for daily, 1 for weekly, 0 for less."""
    return (pl.col(rate) >= rule.daily_from).cast(pl.Int8) + (pl.col(rate) >= rule.weekly_from).cast(pl.Int8)
