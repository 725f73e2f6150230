"""The web program: routers over the desk of the instance, and what works in the background."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from models.faults import TransientFault
from models.webhooks import Source
from web import working
from web.house import House
from web.incoming import hubspot, mail, segment, slack, stripe

SENDERS = {
    Source.SEGMENT: segment,
    Source.STRIPE: stripe,
    Source.HUBSPOT: hubspot,
    Source.MAIL: mail,
    Source.SLACK: slack,
}


def build_app(house: House) -> FastAPI:
    """The application; a sender whose secret is not set is not found."""
    app = FastAPI(title="Followthrough", lifespan=partial(_open, house), openapi_url=None)
    for source, secret in house.settings.heard().items():
        sender = SENDERS[source]
        app.include_router(sender.router(house, secret))
        house.handlers[source] = partial(sender.work, house)
    app.exception_handler(TransientFault)(_not_now)

    @app.get("/healthz")
    async def healthy() -> dict[str, str]:
        return {"status": "ok"}

    return app


@asynccontextmanager
async def _open(house: House, _: FastAPI) -> AsyncIterator[None]:
    """Open the parts first, so that a missing one is said at the start, and work until the program ends."""
    await house.desk.parts()
    task = asyncio.create_task(working.run(house))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _not_now(_: Request, fault: Exception) -> JSONResponse:
    """Nothing was kept: the sender is to send it again."""
    return JSONResponse({"detail": str(fault)}, status_code=503, headers={"Retry-After": "5"})
