"""The settings of billing: the ledger in the database, or Stripe."""

from __future__ import annotations

import re
from enum import StrEnum

from pydantic import Field, SecretStr

from settings.part import PartSettings, unless

_KEY = re.compile(r"(sk|rk)_(test|live)_\w+")
_NEAR = r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?"


class BillingPart(StrEnum):
    """Who keeps the invoices."""

    LEDGER = "ledger"
    STRIPE = "stripe"


class BillingSettings(PartSettings):
    """Who keeps the invoices."""

    billing: BillingPart = Field(default=BillingPart.LEDGER, description="ledger or stripe")
    stripe_key: SecretStr = Field(default=SecretStr(""), description="a secret or restricted key of Stripe")
    stripe_url: str = Field(
        default="https://api.stripe.com",
        pattern=rf"^(https://[^\s/]+/?|{_NEAR})$",
        description="where Stripe answers: https, or http on this machine for a stand-in",
    )

    @property
    def stripe_stays_here(self) -> bool:
        """Whether Stripe is a stand-in on this machine."""
        return re.fullmatch(_NEAR, self.stripe_url) is not None

    def lacking(self) -> list[str]:
        """What Stripe still needs."""
        if self.billing is not BillingPart.STRIPE:
            return super().lacking()
        fits = bool(_KEY.fullmatch(self.stripe_key.get_secret_value()))
        sentence = (
            "STRIPE_KEY is no key that FOLLOWTHROUGH_BILLING=stripe can use; it needs one that begins with sk_ or rk_."
        )
        return super().lacking() + unless({sentence: fits})
