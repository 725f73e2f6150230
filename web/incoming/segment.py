"""Segment: messages of a stream, into the usage history and the signals, as ``facts ingest`` takes them in."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeGuard

from fastapi import APIRouter, Request
from pydantic import SecretStr

from adapters.playbooks.folder import FolderPlaybooks
from adapters.stream.reading import read_calls
from adapters.webhooks.signatures import BadSignature, check_segment
from cli.at_once import judge_at_once
from cli.exits import refused
from cli.streaming import SOURCE, ingest
from models.facts import Origin
from models.faults import TransientFault
from models.portfolio import RowError
from models.stream import CallType
from models.webhooks import Received, Source, Worked
from web.bodies import MOST_JSON, body_of, json_of
from web.house import House
from web.incoming.keeping import Kept, keep, misshapen, unsigned

_RIGHT = "a message of Segment with its type and messageId, or an object with a 'batch' of them"


def router(house: House, secret: SecretStr) -> APIRouter:
    """``POST /webhooks/segment``."""
    routes = APIRouter()

    @routes.post("/webhooks/segment")
    async def receive(request: Request) -> Kept:
        body = await body_of(request, MOST_JSON)
        try:
            check_segment(request.headers, body, secret)
        except BadSignature as fault:
            raise unsigned(fault) from None
        calls = _calls(json_of(body))
        wanted = [call for call in calls if _is_call(call) and call["type"] in set(CallType)]
        received = [_received(house, call) for call in wanted]
        return await keep(house, received, ignored=len(calls) - len(wanted))

    return routes


async def work(house: House, one: Received) -> Worked:
    """Take one message into the stream, and judge its account. Raises ``Failure`` for one that does not fit."""
    parts, now = await house.desk.parts(), house.now()
    rules = (await FolderPlaybooks(house.settings.playbooks).facts()).stream
    calls = read_calls(SOURCE, [one.body], now)
    report = await ingest(SOURCE, calls, rules, parts, Origin(source=SOURCE, received_at=one.received_at))
    if report.errors:
        raise _unfit(report.errors[0])
    noted = await judge_at_once(house.desk, report.accounts)
    unmapped = f"'{next(iter(report.unmapped))}' means nothing in facts.yaml" if report.unmapped else ""
    return Worked(said=unmapped or noted, account_id=next(iter(report.accounts), ""))


def _unfit(fault: RowError) -> Exception:
    """Whose account it is may be known once another message has come; the rest never fits."""
    said = f"{fault.field or 'the message'}: {fault.wrong}; right would be {fault.right}"
    return TransientFault(said) if fault.field == "groupId" else refused("BadMessage", said)


def _calls(sent: Any) -> list[Any]:
    """What was sent, message by message; refused where not one of them is a message."""
    calls = sent.get("batch", [sent]) if isinstance(sent, dict) else None
    if not isinstance(calls, list) or (calls and not any(_is_call(call) for call in calls)):
        raise misshapen(_RIGHT)
    return calls


def _is_call(call: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(call, dict) and all(
        isinstance(call.get(name), str) and call[name] for name in ("type", "messageId")
    )


def _received(house: House, call: dict[str, Any]) -> Received:
    message = call["messageId"]
    fits = len(message) <= 200 and message.isprintable()
    id_ = message if fits else hashlib.sha256(message.encode(errors="surrogatepass")).hexdigest()
    body = json.dumps(call).encode()
    at = house.now()
    return Received(
        source=Source.SEGMENT, id=id_, kind=call["type"], body=body, account_id=_account(call), received_at=at
    )


def _account(call: dict[str, Any]) -> str:
    """The account that the message names, so that what is kept of it is deleted with the account."""
    context = call.get("context")
    named = call.get("groupId") or (context.get("groupId") if isinstance(context, dict) else "")
    return named if isinstance(named, str) and len(named) <= 200 and named.isprintable() else ""
