"""The endpoint of another system: one POST for each event, signed as the Standard Webhooks say."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus

import httpx2
from pydantic import SecretStr

from adapters.clock import Now, utc_now
from adapters.webhooks.signatures import sign_standard
from models.webhooks import Outgoing, Posted

_TIMEOUT_SECONDS = 15.0
_AGENT = "Followthrough-Webhooks/1"


@dataclass(frozen=True)
class HttpEndpoint:
    """EndpointPort over HTTP: no redirects, and nothing of an answer is read but its status and ``Retry-After``."""

    url: str
    secret: SecretStr
    now: Now = utc_now
    timeout: float = _TIMEOUT_SECONDS

    async def post(self, event: Outgoing) -> Posted:
        """See EndpointPort."""
        body, now = event.body.encode(), self.now()
        headers = sign_standard(self.secret, event.id, body, now) | {"content-type": "application/json"}
        try:
            async with (
                asyncio.timeout(self.timeout),
                _client() as client,
                client.stream("POST", self.url, content=body, headers=headers) as answer,
            ):
                return _posted(answer.status_code, answer.headers.get("retry-after", ""), now)
        except TimeoutError:
            return Posted(said=f"the endpoint did not answer within {self.timeout:g} s")
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            return Posted(said=f"the endpoint could not be reached ({type(error).__name__})")

    async def check(self) -> str:
        """See EndpointPort."""
        url = httpx2.URL(self.url)
        encrypted = _trusted() if url.scheme == "https" else None
        port = url.port or (443 if encrypted else 80)
        try:
            async with asyncio.timeout(self.timeout):
                _, writer = await asyncio.open_connection(url.host, port, ssl=encrypted)
        except ssl.SSLCertVerificationError as error:
            return f"the certificate of {url.host} is refused ({error.verify_message}); put it right there"
        except (OSError, TimeoutError):
            return f"{url.host}:{port} cannot be reached; check FOLLOWTHROUGH_WEBHOOK_URL and the network"
        writer.close()
        return ""


def _client() -> httpx2.AsyncClient:
    return httpx2.AsyncClient(verify=_trusted(), follow_redirects=False, headers={"user-agent": _AGENT}, timeout=None)


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities of the machine, and those of ``SSL_CERT_FILE``; to read them takes its time."""
    return ssl.create_default_context()


def _posted(status: int, retry_after: str, now: datetime) -> Posted:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Posted()
    said = f"the endpoint answered {status}"
    return Posted(said=said, wait=_wait(retry_after, now), gone=status == HTTPStatus.GONE)


def _wait(retry_after: str, now: datetime) -> timedelta:
    """How long the endpoint asked us to wait: in seconds, or until a moment; nothing where it says neither."""
    try:
        return timedelta(seconds=int(retry_after))
    except (ValueError, OverflowError):
        pass
    try:
        at = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return timedelta()
    return max((at if at.tzinfo else at.replace(tzinfo=UTC)) - now, timedelta())
