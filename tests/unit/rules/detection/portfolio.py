"""Accounts with every edge that facts have: gaps, silence, falls on the bound, month ends, years of nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import polars as pl

from models.detection import DetectionRules
from rules.detection import frames
from rules.detection.frames import Facts

PAYMENTS = (None, "current", "late", "failed", "strange")


def portfolio(size: int, seed: int, today: date, rules: DetectionRules) -> Facts:
    """So many accounts, the same for the same seed."""
    dice = Random(seed)
    rows: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("accounts", "usage", "scores", "given", "tickets", "nps", "signals")
    }
    for n in range(size):
        _account(f"acc-{n:06}", dice, today, rules, rows)
    shapes = {
        "accounts": frames.ACCOUNTS,
        "usage": frames.USAGE,
        "scores": frames.SCORES,
        "given": frames.GIVEN,
        "tickets": frames.TICKETS,
        "nps": frames.NPS,
        "signals": frames.SIGNALS,
    }
    return Facts(**{name: pl.DataFrame(rows[name], schema=shape, orient="row") for name, shape in shapes.items()})


def _account(name: str, dice: Random, today: date, rules: DetectionRules, rows: dict[str, list]) -> None:
    renewal = dice.choice((None, today + timedelta(days=dice.randint(-30, 400))))
    stakeholders, sponsor = dice.choice((None, 1, 2, 3, 9)), dice.choice((None, True, False))
    gone, has_case = dice.random() < 0.05, dice.random() < 0.1
    rows["accounts"].append(
        (
            name,
            dice.choice((0, 999_900, 2_500_000, 10_000_000)),
            dice.choice(("USD", "EUR", "XXX")),
            renewal,
            dice.choice((None, date(2015, 2, 28))),
            dice.random() < 0.05,
            stakeholders,
            sponsor,
            dice.choice(PAYMENTS),
            gone,
            has_case,
        )
    )
    rows["usage"] += _usage(name, dice, today)
    rows["scores"] += _scores(name, dice, today)
    rows["tickets"] += [
        (
            f"{name}-{n}",
            name,
            _at(dice, today, 130),
            dice.choice(("negative", "neutral", "", None)),
            dice.choice((None, *range(11))),
        )
        for n in range(dice.choice((0, 0, 1, 3, 9)))
    ]
    rows["nps"] += [(name, _at(dice, today, 190), dice.randint(0, 10)) for _ in range(dice.choice((0, 1, 4)))]
    said = dice.choices([signal.kind for signal in rules.signals], k=dice.choice((0, 0, 1, 2, 4)))
    if dice.random() < 0.1:  # the parts of a red flag, as far as they are signals
        said += [dice.choice(part.any_of) for part in dice.choice(rules.combinations).parts]
    rows["signals"] += [
        (name, _at(dice, today, 40), kind, "test") for kind in said if kind not in {rule.id for rule in rules.rules}
    ]
    metrics = rules.health.given
    rows["given"] += [
        (name, today - timedelta(days=dice.randint(0, 100)), metric, dice.choice((None, 0.0, 49.5, 100.0)))
        for metric in metrics
        if dice.random() < 0.3
    ]


def _at(dice: Random, today: date, days: int) -> datetime:
    return datetime.combine(today - timedelta(days=dice.randint(0, days)), time(dice.randint(0, 23)), UTC)


def _usage(name: str, dice: Random, today: date) -> list[tuple]:
    if dice.random() < 0.05:
        return []
    level, factor, broke = (
        dice.choice((1, 10, 10, 200)),
        dice.choice((0, 0, 0.3, 0.5, 0.7, 1, 1.2)),
        dice.randint(3, 40),
    )
    lag, missing, weekday = dice.choice((0, 0, 1, 3, 4, 30)), dice.choice((0, 0, 0.02, 0.2, 0.7)), dice.random() < 0.4
    first = dice.choice((5, 40, 118, 125, 400))
    noise = dice.choice((0, 0, 3))
    found = []
    for back in range(lag, first):
        day = today - timedelta(days=back)
        if dice.random() < missing:
            continue
        use = level * (factor if back < broke else 1) * (0 if weekday and day.weekday() >= 5 else 1)
        users = max(0, round(use) + dice.randint(0, noise))
        found.append((name, day, users, users * dice.choice((0, 1, 1, 2)), round(use) * 3))
    return found


def _scores(name: str, dice: Random, today: date) -> list[tuple]:
    if dice.random() < 0.1:
        return []
    score, drift = dice.choice((95.0, 89.5, 70.0, 50.0, 30.0, 29.0, 10.0)), dice.choice((0, 0, 0.3, -1, -2))
    lag, missing = dice.choice((0, 1, 3, 4)), dice.choice((0, 0.1, 0.8))
    found = []
    for back in range(dice.choice((1, 10, 45, 200)), lag - 1, -1):
        score = min(100.0, max(0.0, score + drift + dice.choice((0, 0, 0, -10, 10, -30, 20)) * (dice.random() < 0.15)))
        if dice.random() >= missing:
            found.append((name, today - timedelta(days=back), None if dice.random() < 0.02 else score))
    return found
