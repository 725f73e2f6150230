"""A subscription that the customer ended in the billing system's own portal, as a request to cancel (CANC-10)."""

from __future__ import annotations

from models.book import CaseEntry
from models.cancellation import RequestChannel
from models.cancellation_commands import RequestCancellation
from models.crm import AccountRecord
from models.eligibility import StatedReason
from models.webhooks import ReadSubscription

_REASONS = {
    "too_expensive": StatedReason.BUDGET_CUT,
    "missing_features": StatedReason.MISSING_FEATURE,
    "too_complex": StatedReason.TECHNICAL_PROBLEM,
    "low_quality": StatedReason.TECHNICAL_PROBLEM,
    "customer_service": StatedReason.SERVICE,
    "switched_service": StatedReason.COMPETITOR_CHOSEN_UNSIGNED,
    "unused": StatedReason.VALUE,
    "other": StatedReason.OTHER,
}
"""The words of Stripe's ``cancellation_details.feedback``; whatever else it says is unknown."""


def wish_of(subscription: ReadSubscription) -> str:
    """What makes this wish to leave one of its own: the subscription, and when it was asked to end; empty without a wish."""
    at = subscription.cancelled_at
    return f"{subscription.id}-{int(at.timestamp())}" if at else ""


def not_asked(subscription: ReadSubscription, account: AccountRecord, open_case: CaseEntry | None) -> str:
    """Why no cancellation is to be asked for, in a sentence; empty where one is."""
    if subscription.cancelled_at is None:
        return "the subscription goes on"
    if not account.active:
        return f"{account.id} has left already"
    return f"{account.id} has an open cancellation already" if open_case else ""


def request_of(subscription: ReadSubscription) -> RequestCancellation:
    """The request that the case hears; nobody says who of the customer pressed the button."""
    return RequestCancellation(
        account_id=subscription.account_id,
        channel=RequestChannel.PORTAL,
        reason=_REASONS.get(subscription.feedback, StatedReason.UNKNOWN),
        requested_exit_date=subscription.ends_on,
        detail="cancelled in the portal of the billing system",
        request_id=wish_of(subscription),
        received_at=subscription.cancelled_at,
    )
