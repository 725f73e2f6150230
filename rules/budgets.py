"""What a person may give away in a quarter, and what is left of it (SAVE-37..51)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from models.account import Money
from models.policy import Policy


def of_quarter(policy: Policy) -> Money:
    """What the price concessions of one person may cost in a quarter."""
    rules = policy.concessions
    return Money(minor=rules.budget_minor, currency=rules.budget_currency)


def left(policy: Policy, spent: Iterable[Money]) -> Money | None:
    """What is left of it after these, negative where it is overspent; None where the policy has no rate for one."""
    whole, amounts = of_quarter(policy), [converted(policy, amount) for amount in spent]
    if None in amounts:
        return None
    return Money(minor=whole.minor - sum(one for one in amounts if one), currency=whole.currency)


def converted(policy: Policy, amount: Money) -> int | None:
    """An amount in minor units of the budget's currency, rounded half up; None where the policy has no rate."""
    wanted = policy.concessions.budget_currency
    if amount.currency == wanted:
        return amount.minor
    rates = {rate.currency: rate.per_unit for rate in policy.triage.rates} | {policy.triage.currency: Decimal(1)}
    if amount.currency not in rates or wanted not in rates:
        return None
    value = Decimal(amount.minor) * rates[wanted] / rates[amount.currency]
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def quarter_start(now: datetime) -> datetime:
    """The first moment (UTC) of the quarter of ``now``."""
    day = now.astimezone(UTC)
    return datetime(day.year, day.month - (day.month - 1) % 3, 1, tzinfo=UTC)
