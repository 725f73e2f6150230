"""What Slack sends when somebody presses a button or sends a form: who says so, and what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from pydantic import SecretStr, ValidationError
from slack_sdk.signature import Clock, SignatureVerifier

from adapters.chat.slack_blocks import DECISION, EVIDENCE, ITEM
from adapters.webhooks.signatures import BadSignature
from models.chat import About, Click

_OURS = ("block_actions", "view_submission")
_BAD = (KeyError, TypeError, IndexError, AttributeError, ValidationError, ValueError)


class Misshapen(Exception):
    """What came is none of Slack's interactions."""


class _At(Clock):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> float:
        return self._now.timestamp()


def check_slack(headers: Mapping[str, str], body: bytes, secret: SecretStr, now: datetime) -> None:
    """Whether Slack signed the body, within five minutes of ``now``. Raises ``BadSignature``."""
    try:
        right = SignatureVerifier(secret.get_secret_value(), _At(now)).is_valid_request(body, dict(headers))
    except (ValueError, TypeError):  # no number of seconds, or letters that no signature has
        right = False
    if not right:
        raise BadSignature(
            "the signature is missing, does not fit the body, or is more than 5 minutes off our clock; check "
            "FOLLOWTHROUGH_SLACK_SIGNING_SECRET and the clocks"
        )


def read(body: bytes) -> Click | None:
    """The click of a body; None for an interaction that none of our buttons begins. Raises ``Misshapen``."""
    try:
        payload = json.loads(parse_qs(body.decode(), strict_parsing=True)["payload"][0])
        if payload["type"] not in _OURS:
            return None
        return _sent(payload) if payload["type"] == "view_submission" else _pressed(payload)
    except (*_BAD, RecursionError):
        raise Misshapen("the body has another shape; it must be an interaction of Slack") from None


def _pressed(payload: dict[str, Any]) -> Click:
    action, place = payload["actions"][0], payload["container"]
    about = About.model_validate_json(action["value"])
    where = {"channel": place["channel_id"], "thread": place["message_ts"]}
    return Click(
        id=_id(payload["user"]["id"], place["message_ts"], action["action_id"], about.step, action["action_ts"]),
        user=payload["user"]["id"],
        about=about.model_copy(update=where),
        trigger=payload["trigger_id"],
    )


def _sent(payload: dict[str, Any]) -> Click:
    view = payload["view"]
    fields = dict(_fields(view["state"]["values"]))
    return Click(
        id=_id(payload["user"]["id"], view["id"]),
        user=payload["user"]["id"],
        about=About.model_validate_json(view["private_metadata"]),
        sent=True,
        text=fields.get(EVIDENCE, ""),
        items={name.removeprefix(ITEM): text for name, text in fields.items() if name.startswith(ITEM)},
        decision=fields.get(DECISION),
    )


def _fields(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in values.values():
        for name, given in field.items():
            chosen = given.get("selected_option") or given
            if text := chosen.get("value"):
                yield name, text


def _id(*parts: str) -> str:
    """One for the same press or the same form, however often it comes."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
