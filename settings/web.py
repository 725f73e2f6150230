"""The settings of the web program: where it listens, and what it is called from outside."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from settings.part import unless
from settings.webhooks import WebhookSettings

_ADDRESS = re.compile(r"^(?P<host>[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:]+\]):(?P<port>\d{1,5})$")


def address(value: str) -> str:
    """A ``host:port`` as it is. Raises ``ValueError`` where it is none."""
    found = _ADDRESS.match(value)
    if not found or not 0 < int(found["port"]) < 65536:
        raise ValueError("not an address")
    return value


Address = Annotated[str, AfterValidator(address)]


class WebSettings(WebhookSettings):
    """Where the web program listens."""

    web: Address = Field(default="127.0.0.1:8700", description="an address like 127.0.0.1:8700")
    web_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s<>\"/?#]+)?$",
        description="the URL under which others reach the web program, without a path, or nothing",
    )

    def lacking(self) -> list[str]:
        """What HubSpot's signature, which covers the whole URL, still needs."""
        heard = bool(self.hubspot_webhook_secret.get_secret_value())
        needed = {
            "WEB_URL is not set; FOLLOWTHROUGH_HUBSPOT_WEBHOOK_SECRET needs it, since HubSpot signs the URL.": bool(
                self.web_url
            )
            or not heard
        }
        return super().lacking() + unless(needed)
