"""What of a subscription cannot be divided by days without a wrong cent: refused, and settled by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.billing.statement import refuse

OURS = "followthrough-"
"""How the ids of our own coupons begin."""
_BY_HAND = "settle it in Stripe by hand"


def check_plain(
    found: Mapping[str, Any], items: Iterable[Mapping[str, Any]], rates: Iterable[Mapping[str, Any]]
) -> None:
    """Raises ``PermanentFault("BillingRefused")`` for discounts of others, and for taxes that are not simply added."""
    holders = (found, *items)
    if any(not _coupon(given).startswith(OURS) for holder in holders for given in holder.get("discounts") or ()):
        raise refuse(f"the subscription has a discount that was given in Stripe; {_BY_HAND}")
    if (found.get("automatic_tax") or {}).get("enabled") or any(item.get("tax_rates") for item in items):
        raise refuse(f"Stripe reckons the tax of the subscription by itself or item by item; {_BY_HAND}")
    if any(rate.get("inclusive") or not _whole(rate) for rate in rates):
        raise refuse(f"a tax is part of the price, or has more than two decimals of a percent; {_BY_HAND}")


def _coupon(given: Any) -> str:
    """The id of a discount's coupon; one that Stripe does not show is not ours."""
    if not isinstance(given, Mapping):
        return ""
    coupon = (given.get("source") or {}).get("coupon") or given.get("coupon") or ""
    return str(coupon.get("id", "") if isinstance(coupon, Mapping) else coupon)


def _whole(rate: Mapping[str, Any]) -> bool:
    """Whether the percentage is a whole number of basis points."""
    points = float(rate["percentage"]) * 100
    return abs(points - round(points)) < 1e-6
