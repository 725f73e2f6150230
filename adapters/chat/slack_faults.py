"""What Slack's no, silence or half an answer means: what is tried again, and what a person must put right.

No sentence repeats Slack's words; its error codes are a vocabulary of its own and hold nothing of what was sent.
"""

from __future__ import annotations

import re
from http.client import HTTPException
from socket import gaierror
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from models.faults import PermanentFault, TransientFault

ENDS = (SlackClientError, OSError, HTTPException, ValueError)
"""What a call can end in, besides an answer."""

CHAT_REFUSED = "ChatRefused"
_CODE = re.compile(r"[a-z0-9_]{1,60}")
_TOO_MANY = 429
_DOUBTFUL = ("internal_error", "fatal_error", "request_timeout")
_LATER = ("ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited")
_TOKEN = "put FOLLOWTHROUGH_SLACK_TOKEN right and restart worker and web"
_WHAT_TO_DO = {
    "invalid_auth": f"the token is not taken; {_TOKEN}",
    "not_authed": f"the token is not taken; {_TOKEN}",
    "token_revoked": f"the token is revoked; {_TOKEN}",
    "token_expired": f"the token has expired; {_TOKEN}",
    "account_inactive": f"the app was removed from the workspace; install it again, and {_TOKEN}",
    "missing_scope": "the app may not do this; give it the scopes of docs/parts/slack.md and install it again",
    "messages_tab_disabled": "the app takes no messages; turn on its Messages tab under App Home",
    "expired_trigger_id": "the click is too old for a form; press the button again",
}
_OTHERWISE = "it refuses what was sent; look the code up among the errors of Slack's API"


class Doubtful(TransientFault):
    """Nobody knows whether it was done: Slack broke off, or said that it broke down."""


class SlackNo(PermanentFault):
    """A clear no of Slack's; ``code`` is its own word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(CHAT_REFUSED, f"Slack: {_WHAT_TO_DO.get(code, _OTHERWISE)} ({code}).")
        self.code = code


def fault_of(error: Exception) -> PermanentFault | TransientFault:
    """The fault that stands for the end of a call; ``Doubtful`` where it may have been done."""
    if not isinstance(error, SlackApiError):
        return _unreached(error)
    status, code = status_of(error), code_of(error)
    if status == _TOO_MANY or code in _LATER:
        return TransientFault(f"Slack puts it off ({code or status}); it is asked again.")
    if 400 <= status < 500 and not code:
        where = "check FOLLOWTHROUGH_SLACK_URL, which ends in /api/"
        return PermanentFault(CHAT_REFUSED, f"Slack: nothing of Slack's answers there; {where} (answer {status}).")
    if status >= 500 or code in _DOUBTFUL or not code:
        return Doubtful(
            f"Slack broke down or gave no whole answer ({code or status}); it is looked up and asked again."
        )
    return SlackNo(code)


def too_busy(seconds: float) -> TransientFault:
    """The fault for a wait that is longer than an attempt may take; ``seconds`` is what Slack asks for."""
    return TransientFault(f"Slack's rate limit is reached: it asks for {seconds:.0f} s; it is asked again after that.")


def asked_to_wait(error: Exception) -> float | None:
    """For how many seconds Slack wants no such call; None where it did not ask."""
    if not isinstance(error, SlackApiError) or status_of(error) != _TOO_MANY:
        return None
    given = {name.lower(): value for name, value in dict(_of(error, "headers") or {}).items()}
    found = str(given.get("retry-after", ""))
    return float(found) if found.isdigit() else 1.0


def code_of(error: SlackApiError) -> str:
    """Slack's own code of its no; empty where the answer was none of Slack's."""
    try:
        found = str(error.response["error"])
    except (KeyError, TypeError, ValueError):
        return ""
    return found if _CODE.fullmatch(found) else ""


def status_of(error: SlackApiError) -> int:
    """The HTTP status of an answer."""
    return int(_of(error, "status_code") or _of(error, "status") or 0)


def _of(error: SlackApiError, name: str) -> Any:
    """Something of the answer, which the library gives as its own object, or as a dictionary where it is no JSON."""
    found = error.response
    return found.get(name) if isinstance(found, dict) else getattr(found, name, None)


def _unreached(error: Exception) -> TransientFault:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, (ConnectionRefusedError, gaierror)):
        return TransientFault("Slack could not be reached; check FOLLOWTHROUGH_SLACK_URL, and that the network is up.")
    return Doubtful("Slack gave no whole answer; it is looked up and asked again.")
