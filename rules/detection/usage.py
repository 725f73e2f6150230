"""Use of the product against what is usual for the account: the ladder of falls, silence, rhythm (DIS-4, AMB-13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add

import polars as pl

from models.detection import Baseline
from models.triggers import Metric, NoLogin, RhythmSlows, Rule, Unused, UsageFalls
from rules.detection.finding import NONE_FOUND, NONE_UNJUDGED, Answers, found, joined, unjudged
from rules.detection.frames import NUMBER
from rules.detection.grid import Grid
from rules.detection.windows import number

_WEEKDAYS, _SATURDAY = 7, 5
_NONE = pl.Series([0.0])
_FEW = "insufficient_data: too few measured days to compare"


def compared(days: Grid, metrics: Sequence[Metric], baseline: Baseline) -> pl.DataFrame:
    """The recent use of each account beside what is usual on the same weekdays (AMB-13).

    One row for each account that has enough measured days: ``account``, and ``{metric}`` and ``{metric}_usual`` summed
    over the recent days.
    """
    middles = {metric: days.middles(metric, baseline.within_days, baseline.days) for metric in metrics}
    parts = defaultdict[str, list[pl.Series]](list)
    for ago in range(baseline.recent_days):
        now = {metric.value: days.on(metric, ago) for metric in metrics}
        usual = {f"{metric}_usual": _on_weekday(days, middles[metric], baseline, ago) for metric in metrics}
        both = (days.on(metrics[0], ago) >= 0) & usual[f"{metrics[0]}_usual"].is_not_null()
        parts["recent_days"].append(both.cast(pl.Float64))
        for name, counts in (now | usual).items():
            parts[name].append(counts.cast(pl.Float64).zip_with(both, _NONE))  # a whole number of 32 bits is soon full
    sums = {name: reduce(add, each) for name, each in parts.items()}
    sums["before_days"] = days.counted(Metric.LOGINS, _before(baseline), 0)
    enough = (pl.col("recent_days") >= baseline.least_recent) & (pl.col("before_days") >= baseline.least_days)
    return pl.DataFrame(sums).with_columns(_number()).filter(enough)


def _on_weekday(days: Grid, middles: pl.Series, baseline: Baseline, ago: int) -> pl.Series:
    return days.column(middles, (ago - baseline.within_days) % _WEEKDAYS)


def _before(baseline: Baseline) -> range:
    return range(baseline.within_days, baseline.within_days + baseline.days)


def _number() -> pl.Expr:
    return pl.int_range(pl.len(), dtype=NUMBER).alias("account")


def judged(
    days: Grid, levels: pl.DataFrame, rules: Sequence[Rule], baseline: Baseline, today: date, lag_days: int
) -> Answers:
    """What the days say on ``today``, the first day of the grid, given how they compare (``levels``)."""
    counted = _counted(days, rules, baseline, today)
    uncompared = counted.join(levels, on="account", how="anti", maintain_order="left")
    return joined(_by(rule, counted, levels, uncompared, baseline, today, lag_days) for rule in rules)


def _counted(days: Grid, rules: Sequence[Rule], base: Baseline, today: date) -> pl.DataFrame:
    """One row for each account that was measured, with what every rule counts."""
    logins = days.cells[Metric.LOGINS]
    zero = logins == 0
    begins = zero & ~zero.shift(-days.accounts, fill_value=False)
    columns = {"last": days.latest(logins >= 0), "begun": days.latest(begins), "used": days.latest(logins > 0)}
    for rule in rules:
        columns |= _counts(rule, days, base, today)
    return pl.DataFrame(columns).with_columns(_number()).filter(pl.col("last").is_not_null())


def _counts(rule: Rule, days: Grid, base: Baseline, today: date) -> dict[str, pl.Series]:
    """The measured and the active days of an account, recently and before, under the name of the rule."""
    if not isinstance(rule, Unused | RhythmSlows):
        return {}
    metric = rule.metric if isinstance(rule, Unused) else Metric.LOGINS
    weekends = isinstance(rule, Unused) and rule.weekends
    found = {}
    for name, stretch in (("now", range(rule.days)), ("then", _before(base))):
        looked_at = [ago for ago in stretch if not weekends or (today - timedelta(days=ago)).weekday() >= _SATURDAY]
        found[f"{rule.id}.{name}_days"] = days.counted(metric, looked_at, 0)
        found[f"{rule.id}.{name}_active"] = days.counted(metric, looked_at, 1)
    return found


def _of(rule: Rule, counted: pl.DataFrame) -> pl.DataFrame:
    names = ("now_days", "now_active", "then_days", "then_active")
    return counted.select("account", **{name: pl.col(f"{rule.id}.{name}") for name in names})


def _by(
    rule: Rule,
    counted: pl.DataFrame,
    levels: pl.DataFrame,
    uncompared: pl.DataFrame,
    base: Baseline,
    today: date,
    lag: int,
) -> Answers:
    match rule:
        case UsageFalls():
            return _falls(rule, levels, uncompared, base, today)
        case NoLogin():
            return _no_login(rule, counted, today, lag)
        case Unused():
            return _unused(rule, _of(rule, counted), today)
        case RhythmSlows():
            return _rhythm(rule, _of(rule, counted), base, today)
        case _:
            return NONE_FOUND, NONE_UNJUDGED


def _falls(rule: UsageFalls, levels: pl.DataFrame, uncompared: pl.DataFrame, base: Baseline, today: date) -> Answers:
    actual, usual = pl.col(rule.metric), pl.col(f"{rule.metric}_usual")
    fell = levels.filter((usual > 0) & (actual * 100 <= usual * (100 - rule.percent)))
    drop = (1 - actual / usual) * 100
    since = today - timedelta(days=base.recent_days - 1)
    return found(fell, rule, "usage", since, usual, drop, rule.percent), unjudged(uncompared, rule.id, _FEW)


def _no_login(rule: NoLogin, counted: pl.DataFrame, today: date, lag: int) -> Answers:
    """Zeros in a row up to the last measured day; a day that was not measured ends the row."""
    lasted = pl.col("begun") - pl.col("last") + 1
    in_row = (pl.col("begun") < pl.col("used").fill_null(2**30)) & (lasted >= rule.days) & (pl.col("last") <= lag)
    holds = in_row.fill_null(value=False)
    unseen = ~holds & (pl.col("used").is_null() | (pl.col("used") >= rule.days))
    since = (number(today) - pl.col("begun")).cast(pl.Int32).cast(pl.Date)
    why = f"insufficient_data: no log-in is known of in {rule.days} days, of which some were not measured"
    return (
        found(counted.filter(holds), rule, "usage", since, None, lasted, rule.days),
        unjudged(counted.filter(unseen), rule.id, why),
    )


def _unused(rule: Unused, counted: pl.DataFrame, today: date) -> Answers:
    measured = (pl.col("now_days") >= rule.least_days) & (pl.col("then_days") >= rule.least_days)
    used = pl.col("then_active") * 100 >= rule.used_percent * pl.col("then_days")
    idle = counted.filter(measured & (pl.col("now_active") == 0) & used)
    share = pl.col("then_active") * 100 / pl.col("then_days")
    since = today - timedelta(days=rule.days - 1)
    return (
        found(idle, rule, "usage", since, share, pl.lit(0), rule.days),
        unjudged(counted.filter(~measured), rule.id, _FEW),
    )


def _rhythm(rule: RhythmSlows, counted: pl.DataFrame, base: Baseline, today: date) -> Answers:
    enough = (pl.col("now_days") >= rule.least_days) & (pl.col("then_days") >= base.least_days)
    rates = counted.filter(enough).with_columns(
        now=pl.col("now_active") * _WEEKDAYS / pl.col("now_days"),
        was=pl.col("then_active") * _WEEKDAYS / pl.col("then_days"),
    )
    slower = rates.filter(_pace("now", rule) < _pace("was", rule))
    since = today - timedelta(days=rule.days - 1)
    return (
        found(slower, rule, "usage", since, pl.col("was"), pl.col("now"), None),
        unjudged(counted.filter(~enough), rule.id, _FEW),
    )


def _pace(rate: str, rule: RhythmSlows) -> pl.Expr:
    """2 for daily, 1 for weekly, 0 for less."""
    return (pl.col(rate) >= rule.daily_from).cast(pl.Int8) + (pl.col(rate) >= rule.weekly_from).cast(pl.Int8)
