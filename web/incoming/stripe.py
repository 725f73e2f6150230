"""Stripe: a subscription that was cancelled in Stripe's own portal asks for its cancellation by itself (CANC-10)."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from pydantic import SecretStr

from adapters.webhooks.signatures import BadSignature, check_stripe
from cli import requesting
from cli.exits import refused
from models.case import CaseKind
from models.webhooks import Received, Source, Worked
from rules.inbound.portal import not_asked, request_of, wish_of
from web.bodies import MOST_JSON, body_of, json_of
from web.house import House
from web.incoming.keeping import Kept, keep, misshapen, unsigned

_WANTED = ("customer.subscription.updated", "customer.subscription.deleted")
_RIGHT = "an event of Stripe with its id, its type and the object in 'data'"


def router(house: House, secret: SecretStr) -> APIRouter:
    """``POST /webhooks/stripe``."""
    routes = APIRouter()

    @routes.post("/webhooks/stripe")
    async def receive(request: Request) -> Kept:
        body = await body_of(request, MOST_JSON)
        try:
            check_stripe(request.headers, body, secret, house.now())
        except BadSignature as fault:
            raise unsigned(fault) from None
        event_id, kind, object_id = _read(json_of(body))
        if kind not in _WANTED:
            return Kept(ignored=1)
        # The event may be older than the next one, and holds personal data: only what to read again is kept.
        kept = json.dumps({"object": object_id}).encode()
        event = Received(source=Source.STRIPE, id=event_id, kind=kind, body=kept, received_at=house.now())
        return await keep(house, [event])

    return routes


async def work(house: House, one: Received) -> Worked:
    """Read the subscription again, and ask for the cancellation where it was cancelled and no case is open, once."""
    parts = await house.desk.parts()
    if parts.readers.subscriptions is None:
        raise refused(
            "NoReader", "no part reads subscriptions of Stripe; let Stripe keep the invoices, and try it again"
        )
    found = await parts.readers.subscriptions.subscription(json.loads(one.body)["object"])
    if found is None:
        return Worked(said="Stripe has no such subscription of an account of ours")
    account = await parts.crm.account(found.account_id)
    open_case = await parts.book.open_case(account.id, CaseKind.CANCELLATION)
    effect = wish_of(found)
    if why := not_asked(found, account, open_case):
        return Worked(said=why, effect=effect, account_id=account.id)
    if await parts.received.has_effect(effect):
        return Worked(said=f"{account.id} was asked about before", account_id=account.id)
    await requesting.request(house.desk, request_of(found), effect)
    return Worked(said=f"asked for the cancellation of {account.id}", effect=effect, account_id=account.id)


def _read(event: Any) -> tuple[str, str, str]:
    try:
        found = event["id"], event["type"], event["data"]["object"].get("id", "")
    except (TypeError, KeyError, AttributeError):
        raise misshapen(_RIGHT) from None
    if not all(isinstance(one, str) and len(one) <= 200 for one in found) or not found[0]:
        raise misshapen(_RIGHT)
    return found
