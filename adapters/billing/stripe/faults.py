"""What Stripe's no, silence or bad key means: what is tried again, and what a person must put right.

No sentence repeats what Stripe said, since its messages quote parameters and ends of keys; its code and the number of the
request are enough to look it up in Stripe's own log.
"""

from __future__ import annotations

import stripe

from models.faults import PermanentFault, TransientFault

REFUSED = "BillingRefused"
_KEY = (
    "Stripe does not take the key; put FOLLOWTHROUGH_STRIPE_KEY right (a secret or restricted key of the account), "
    "restart the worker, then do this again"
)
_RIGHTS = (
    "the key may not do this; give it the rights that docs/parts/stripe.md lists (Stripe: Developers, API keys), then do "
    "this again"
)


def fault_of(error: stripe.StripeError, case_id: str = "") -> PermanentFault | TransientFault:
    """The fault that stands for an error of the SDK. Final is a clear no: a decline, a refused request, a wrong key."""
    about = f"Billing by Stripe{f', case {case_id}' if case_id else ''}: "
    if isinstance(error, stripe.AuthenticationError):
        return PermanentFault(REFUSED, f"{about}{_KEY}.")
    if isinstance(error, stripe.PermissionError):
        return PermanentFault(REFUSED, f"{about}{_RIGHTS}.")
    if isinstance(error, stripe.CardError):
        return PermanentFault(
            REFUSED, f"{about}the payment was declined{_look_up(error)}; agree on another way to pay."
        )
    if isinstance(error, stripe.APIConnectionError):
        return TransientFault(f"{about}it could not be reached or did not answer in time; it is tried again.")
    if isinstance(error, stripe.RateLimitError | stripe.IdempotencyError) or _busy(error.http_status):
        return TransientFault(f"{about}it puts us off{_look_up(error)}; it is tried again.")
    what_to_do = "look the request up in Stripe (Developers, Logs), put right what it names, then do this again"
    return PermanentFault(REFUSED, f"{about}it refuses the request{_look_up(error)}; {what_to_do}.")


def asked_to_wait(error: stripe.RateLimitError) -> float | None:
    """The seconds of ``Retry-After``, where Stripe gave any."""
    said = str((error.headers or {}).get("Retry-After", ""))
    return float(said) if said.isdecimal() else None


def _busy(status: int | None) -> bool:
    """A conflict with another request, a fault of theirs, or no whole answer."""
    return status is None or status == 409 or status < 400 or status >= 500


def _look_up(error: stripe.StripeError) -> str:
    found = (
        f"answer {error.http_status}" if error.http_status else "no whole answer",
        f"code {error.code}" if error.code else "",
        f"request {error.request_id}" if error.request_id else "",
    )
    return f" ({', '.join(part for part in found if part)})"
