"""Mail: a letter as it came (.eml), signed as the Standard Webhooks say, into what ``cancel ingest`` does."""

from __future__ import annotations

import asyncio
import hashlib
from http import HTTPStatus

from fastapi import APIRouter, Request
from pydantic import SecretStr

from adapters.inbound.reading import read_bytes
from adapters.playbooks.folder import FolderPlaybooks
from adapters.webhooks.signatures import BadSignature, check_standard
from cli import ingesting
from cli.ingesting import Result
from models.faults import TransientFault
from models.webhooks import Received, Source, Worked
from web.bodies import MOST_MAIL, body_of, refusal
from web.house import House
from web.incoming.keeping import Kept, keep, unsigned

_NAME = "webhook.eml"


def router(house: House, secret: SecretStr) -> APIRouter:
    """``POST /webhooks/mail``."""
    routes = APIRouter()

    @routes.post("/webhooks/mail")
    async def receive(request: Request) -> Kept:
        body = await body_of(request, MOST_MAIL)
        try:
            check_standard(request.headers, body, secret, house.now())
        except BadSignature as fault:
            raise unsigned(fault) from None
        if not body.strip():
            raise refusal(HTTPStatus.BAD_REQUEST, "the body is empty; it must be a mail as it came, with its headers")
        # The same letter may come under several ids of the sender's; what it holds tells it apart.
        id_ = hashlib.sha256(body).hexdigest()[:32]
        return await keep(
            house, [Received(source=Source.MAIL, id=id_, kind="mail", body=body, received_at=house.now())]
        )

    return routes


async def work(house: House, one: Received) -> Worked:
    """Read it, judge it and hand it on, or keep it in the inbox. Raises ``TransientFault`` while no case answers."""
    arrival, fault = await asyncio.to_thread(read_bytes, one.body, _NAME)
    rules = await FolderPlaybooks(house.settings.playbooks).inbound()
    taken = await ingesting.keep(house.desk, _NAME, arrival, fault, rules, house.now())
    taken = await ingesting.go_on(house.desk, taken)
    if taken.result is Result.NOT_NOW:
        raise TransientFault(taken.why)
    said = f"{taken.kept.id}: {taken.result.value.replace('_', ' ')}"
    return Worked(said=said, account_id=taken.kept.judged.account_id)
