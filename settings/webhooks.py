"""The settings of webhooks: where events go, and the secret of each sender whose events are taken in."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.webhooks.signatures import standard_key
from models.webhooks import Source
from settings.part import PartSettings, unless

_HTTPS = r"^(https://[^\s<>\"]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/[^\s<>\"]*)?)?$"
_KEY = "whsec_ and 24 to 64 random bytes in base64, or nothing"


def _standard(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value():
        standard_key(secret)
    return secret


StandardSecret = Annotated[SecretStr, AfterValidator(_standard)]


class WebhookSettings(PartSettings):
    """Who is told, and whose events are taken in; a sender without a secret is not heard."""

    webhook_url: str = Field(
        default="",
        pattern=_HTTPS,
        description="an https URL for events, http on this machine alone, or nothing",
    )
    webhook_secret: StandardSecret = Field(default=SecretStr(""), description=_KEY)
    segment_webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="the shared secret of the Segment webhook, or nothing"
    )
    stripe_webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="the signing secret of the Stripe endpoint, or nothing"
    )
    hubspot_webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="the client secret of the HubSpot app, or nothing"
    )
    mail_webhook_secret: StandardSecret = Field(default=SecretStr(""), description=_KEY)

    def heard(self) -> dict[Source, SecretStr]:
        """The senders that are heard, each with its secret."""
        secrets = {
            Source.SEGMENT: self.segment_webhook_secret,
            Source.STRIPE: self.stripe_webhook_secret,
            Source.HUBSPOT: self.hubspot_webhook_secret,
            Source.MAIL: self.mail_webhook_secret,
        }
        return {source: secret for source, secret in secrets.items() if secret.get_secret_value()}

    def lacking(self) -> list[str]:
        """What the endpoint still needs."""
        secret = bool(self.webhook_secret.get_secret_value())
        needed = {
            "WEBHOOK_SECRET is not set; FOLLOWTHROUGH_WEBHOOK_URL needs it to sign events.": secret
            or not self.webhook_url,
            "WEBHOOK_URL is not set; FOLLOWTHROUGH_WEBHOOK_SECRET belongs to an endpoint.": bool(self.webhook_url)
            or not secret,
        }
        return super().lacking() + unless(needed)
