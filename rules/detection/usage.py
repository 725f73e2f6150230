"""Use of the product against what is usual for the account: the ladder of falls, silence, rhythm (DIS-4, AMB-13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from models.detection import Baseline
from models.triggers import Metric, NoLogin, RhythmSlows, Rule, Unused, UsageFalls
from rules.detection.finding import Answers, found, joined, unjudged
from rules.detection.frames import FOUND_ROWS, UNJUDGED_ROWS
from rules.detection.windows import ago, number

_day, _ago = pl.col("day"), pl.col("ago")
_WEEKDAYS = 7
_FEW = "insufficient_data: too few measured days to compare"


def prepared(usage: pl.DataFrame, baseline: Baseline, today: date) -> pl.DataFrame:
    """The days that any rule looks at, with the weekday (0 is Monday) and the days until today."""
    return usage.with_columns(ago=ago(today), weekday=(_day.cast(pl.Int32) + 3) % _WEEKDAYS).filter(
        baseline.within_days + baseline.days > _ago
    )


def compared(days: pl.DataFrame, metrics: Sequence[Metric], baseline: Baseline) -> pl.DataFrame:
    """The recent use of each account beside what is usual on the same weekdays (AMB-13).

    One row for each account that has enough measured days: ``account``, and ``{metric}`` and ``{metric}_usual`` summed
    over the recent days. The work is done on sorted integers: a middle per weekday for each account of a million.
    """
    key = (pl.col("account") * _WEEKDAYS + pl.col("weekday")).alias("key")
    before = days.filter(baseline.within_days <= _ago).select(key, *metrics, account="account")
    recent = days.filter(baseline.recent_days > _ago).select("account", key, *metrics)
    both = recent.join(_middles(before, metrics), on="key", how="inner", maintain_order="left")
    usual = [pl.col(f"{metric}_usual").sum() for metric in metrics]
    summed = both.group_by("account", maintain_order=True).agg(
        pl.len().alias("recent_days"), *(pl.col(metric).sum() for metric in metrics), *usual
    )
    enough = before.group_by("account").len("before_days")
    return summed.join(enough, on="account", how="inner", maintain_order="left").filter(
        (pl.col("recent_days") >= baseline.least_recent) & (pl.col("before_days") >= baseline.least_days)
    )


def _middles(before: pl.DataFrame, metrics: Sequence[Metric]) -> pl.DataFrame:
    """The medians per key: of each group the middle of the sorted pairs of key and count, packed into one integer."""
    groups = before.group_by("key").len("size").sort("key").with_columns(pl.col("size").cast(pl.Int64))
    start = groups["size"].cum_sum() - groups["size"]
    low, high = start + (groups["size"] - 1) // 2, start + groups["size"] // 2
    return groups.select("key", *(_middle(before, metric, low, high) for metric in metrics))


def _middle(before: pl.DataFrame, metric: Metric, low: pl.Series, high: pl.Series) -> pl.Series:
    largest = before.select(pl.col("key", metric).max().fill_null(0)).row(0)
    base = largest[1] + 1
    kind = pl.UInt32 if (largest[0] + 1) * base < 2**32 else pl.Int64
    packed = before.select((pl.col("key") * base + pl.col(metric)).cast(kind)).to_series().sort()
    pair = [packed.gather(at).cast(pl.Int64) % base for at in (low, high)]
    middle: pl.Series = (pair[0] + pair[1]) / 2
    return middle.alias(f"{metric}_usual")


def judged(
    days: pl.DataFrame, levels: pl.DataFrame, rules: Sequence[Rule], baseline: Baseline, today: date, lag_days: int
) -> Answers:
    """What the prepared days say today, given how they compare (``levels``)."""
    counted = _counted(days, rules, baseline)
    uncompared = counted.join(levels, on="account", how="anti", maintain_order="left")
    return joined(_by(rule, counted, levels, uncompared, baseline, today, lag_days) for rule in rules)


def _counted(days: pl.DataFrame, rules: Sequence[Rule], base: Baseline) -> pl.DataFrame:
    """One row for each account with what every rule counts, in one pass over the days."""
    same = pl.col("account") == pl.col("account").shift(1)
    unbroken = (same & (pl.col("logins").shift(1) == 0) & (_ago.diff() == -1)).fill_null(value=False)
    begun = pl.when((pl.col("logins") == 0) & ~unbroken).then(_ago)
    wanted = [count for rule in rules for count in _counts(rule, base)]
    summed = [
        _ago.min().alias("last"),
        pl.col("begun").min(),
        pl.col("seen").min().alias("used"),
    ]
    seen = pl.when(pl.col("logins") > 0).then(_ago)
    marked = days.with_columns(begun=begun, seen=seen)
    return marked.group_by("account", maintain_order=True).agg(summed + wanted)


def _counts(rule: Rule, base: Baseline) -> list[pl.Expr]:
    """The measured and the active days of an account, recently and before, under the name of the rule."""
    if not isinstance(rule, Unused | RhythmSlows):
        return []
    looked_at = pl.col("weekday") >= 5 if isinstance(rule, Unused) and rule.weekends else pl.lit(value=True)
    active = pl.col(rule.metric if isinstance(rule, Unused) else Metric.LOGINS) > 0
    now, then = (rule.days > _ago) & looked_at, (base.within_days <= _ago) & looked_at
    counts = {"now_days": now, "now_active": now & active, "then_days": then, "then_active": then & active}
    return [days.sum().cast(pl.Int64).alias(f"{rule.id}.{name}") for name, days in counts.items()]


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
            return FOUND_ROWS.to_frame(), UNJUDGED_ROWS.to_frame()


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
