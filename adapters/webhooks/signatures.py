"""Signatures of webhooks: each sender's own scheme, checked over the bytes as they came, in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""How far the moment of a signature may lie from ours, in both directions; all schemes recommend it."""
STANDARD_PREFIX = "whsec_"


class BadSignature(Exception):
    """It cannot be told that the sender is who they say; the sentence says why and quotes nothing."""


def check_segment(headers: Mapping[str, str], body: bytes, secret: SecretStr) -> None:
    """Segment: ``X-Signature`` is the HMAC-SHA1 of the body in hex. Raises ``BadSignature``."""
    _check([_given(headers, "x-signature").lower()], _mac(secret, body, "sha1").hex())


def check_stripe(headers: Mapping[str, str], body: bytes, secret: SecretStr, now: datetime) -> None:
    """Stripe: ``Stripe-Signature`` holds ``t`` and one or more ``v1``, of ``t.body`` in hex. Raises ``BadSignature``."""
    pairs = [part.strip().partition("=") for part in _given(headers, "stripe-signature").split(",")]
    moment = next((value for name, _, value in pairs if name == "t"), "")
    _check_moment(moment, now)
    signed = _mac(secret, f"{moment}.".encode() + body, "sha256").hex()
    _check([value for name, _, value in pairs if name == "v1"], signed)


def check_hubspot(headers: Mapping[str, str], body: bytes, url: str, secret: SecretStr, now: datetime) -> None:
    """HubSpot v3: base64 of the HMAC over method, full URL, body and milliseconds. Raises ``BadSignature``."""
    given = _given(headers, "x-hubspot-signature-v3")
    moment = _given(headers, "x-hubspot-request-timestamp")
    _check_moment(moment, now, per_second=1000)
    signed = _mac(secret, b"POST" + url.encode() + body + moment.encode(), "sha256")
    _check([given], base64.b64encode(signed).decode())


def check_standard(headers: Mapping[str, str], body: bytes, secret: SecretStr, now: datetime) -> str:
    """Standard Webhooks; gives the id of the message. Raises ``BadSignature``."""
    given, message_id = _given(headers, "webhook-signature"), _given(headers, "webhook-id")
    moment = _given(headers, "webhook-timestamp")
    _check_moment(moment, now)
    versioned = (part.partition(",") for part in given.split(" "))
    _check([value for version, _, value in versioned if version == "v1"], _standard(secret, message_id, moment, body))
    return message_id


def sign_standard(secret: SecretStr, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of the Standard Webhooks for a message that leaves at ``now``."""
    moment = str(int(now.timestamp()))
    signature = f"v1,{_standard(secret, message_id, moment, body)}"
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": signature}


def standard_key(secret: SecretStr) -> bytes:
    """The key of ``whsec_...``. Raises ``ValueError`` where it is none of 24 to 64 bytes in base64."""
    key = base64.b64decode(secret.get_secret_value().removeprefix(STANDARD_PREFIX), validate=True)
    if not 24 <= len(key) <= 64:
        raise ValueError("the key has another length")
    return key


def _standard(secret: SecretStr, message_id: str, moment: str, body: bytes) -> str:
    signed = f"{message_id}.{moment}.".encode() + body
    return base64.b64encode(hmac.new(standard_key(secret), signed, hashlib.sha256).digest()).decode()


def _mac(secret: SecretStr, signed: bytes, digest: str) -> bytes:
    return hmac.new(secret.get_secret_value().encode(), signed, digest).digest()


def _given(headers: Mapping[str, str], name: str) -> str:
    if not (value := headers.get(name, "")):
        raise BadSignature(f"the header {name} is missing")
    return value


def _check(given: Iterable[str], right: str) -> None:
    if not any(hmac.compare_digest(one.encode(), right.encode()) for one in given):
        raise BadSignature("the signature does not fit the body; check the secret on both sides")


def _check_moment(text: str, now: datetime, per_second: int = 1) -> None:
    try:
        at = datetime.fromtimestamp(int(text) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSignature("the moment of the signature is no number of seconds") from None
    if abs(now - at) > CLOCKS_DIFFER_BY:
        minutes = int(CLOCKS_DIFFER_BY.total_seconds() // 60)
        raise BadSignature(
            f"the signature is more than {minutes} minutes off our clock; send it anew, or set the clocks"
        )
