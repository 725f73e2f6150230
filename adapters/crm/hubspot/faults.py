"""What HubSpot's no, silence or half an answer means: what is tried again, and what a person must put right.

No sentence repeats what HubSpot said, since it quotes values of properties; its correlation id is enough to look it up.
"""

from __future__ import annotations

import json
from typing import Any

from hubspot.crm import contacts, objects, owners, properties
from hubspot.crm.associations import v4 as links
from urllib3.exceptions import HTTPError

from models.case import RefusalType
from models.faults import PermanentFault, TransientFault

ANSWERS = (
    objects.ApiException,
    links.ApiException,
    contacts.ApiException,
    owners.ApiException,
    properties.ApiException,
)
"""The same error of the library, once for each of its packages."""

ENDS = (*ANSWERS, HTTPError, ValueError, AttributeError)
"""What a call can end in: an answer, no connection, half an answer, and how the library stumbles over such."""

BUSY = (429, 477, 503)
"""Answers that may say with ``Retry-After`` when to come back: too many requests, moving house, overloaded."""

_FOR_NOW = (408, 409, 423, *BUSY)
_CONFLICT = "CONFLICTING_UNIQUE_VALUE"
_NO_PROPERTY = "PROPERTY_DOESNT_EXIST"
_MISSING = "a property that is written does not exist there; starter.py crm prepare creates what is missing"
_OTHERWISE = "it refuses what was sent; look the call up in the logs of the private app, then try again"
_WHAT_TO_DO = {
    401: "the token is not taken; put FOLLOWTHROUGH_HUBSPOT_TOKEN right and restart the worker",
    403: "the token may not do this; give its private app the scopes of docs/parts/hubspot.md",
}


def fault_of(error: Exception) -> PermanentFault | TransientFault:
    """The fault that stands for an error of a call; final is a clear no to what was sent or to the token."""
    answer = answer_of(error)
    if answer is None:
        return TransientFault("HubSpot could not be reached or gave no whole answer; it is asked again.")
    code, body = int(answer.status), _read(answer)
    said = json.dumps(body)
    if code in _FOR_NOW or code >= 500 or _CONFLICT in said:
        return TransientFault(f"HubSpot puts it off (answer {code}); it is asked again.")
    what = _WHAT_TO_DO.get(code) or (_MISSING if _NO_PROPERTY in said else _OTHERWISE)
    return PermanentFault(RefusalType.CRM_REFUSED, f"HubSpot: {what} (answer {code}{_trace(body)}).")


def too_busy(seconds: float) -> TransientFault:
    """The fault for a wait that is longer than an attempt may take; ``seconds`` is what HubSpot asks for."""
    return TransientFault(
        f"HubSpot's rate limit is reached: it asks for {seconds:.0f} seconds; it is asked again then."
    )


def failed_in_part(body: dict[str, Any]) -> PermanentFault | TransientFault:
    """The fault for a batch that was not done whole; what was done of it is found by its keys next time."""
    said = json.dumps(body.get("errors"))
    if _CONFLICT in said:
        return TransientFault("HubSpot took a part of the batch: another attempt was at it; it is looked at again.")
    what = _MISSING if _NO_PROPERTY in said else _OTHERWISE
    return PermanentFault(RefusalType.CRM_REFUSED, f"HubSpot took a part of the batch only: {what}.")


def answer_of(error: BaseException | None) -> Any:
    """HubSpot's answer behind an error of its library, which stumbles over answers that are no text; None without one."""
    while error is not None and not (isinstance(error, ANSWERS) and error.status):
        error = error.__cause__ or error.__context__
    return error


def asked_to_wait(answer: Any) -> float | None:
    """The seconds that HubSpot asks to wait, or None where it names none."""
    named = {str(name).lower(): value for name, value in dict(answer.headers or {}).items()}
    try:
        return max(0.0, float(named["retry-after"]))
    except (KeyError, ValueError):
        return None


def _read(answer: Any) -> dict[str, Any]:
    try:
        body = json.loads(answer.body or "{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _trace(body: dict[str, Any]) -> str:
    trace = str(body.get("correlationId", ""))
    return f", correlation id {trace}" if trace.replace("-", "").isalnum() and len(trace) <= 64 else ""
