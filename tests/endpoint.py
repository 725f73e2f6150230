"""An endpoint of another system, which checks what it gets with the library of the Standard Webhooks."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import SecretStr
from standardwebhooks import Webhook
from uvicorn import Config, Server

from adapters.clock import Now, utc_now
from adapters.webhooks.posting import HttpEndpoint

SECRET = SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


class Endpoint:
    """What arrived, and what is answered next: 200 unless told otherwise."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hook"
        self.bodies: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.answers: deque[Response] = deque()
        self.arrived = asyncio.Event()
        self.pause: asyncio.Event | None = None

    async def take(self, request: Request) -> Response:
        body = await request.body()
        verified = Webhook(SECRET.get_secret_value()).verify(body, dict(request.headers))
        self.bodies.append(verified)
        self.ids.append(request.headers["webhook-id"])
        self.arrived.set()
        if self.pause:
            await self.pause.wait()
        return self.answers.popleft() if self.answers else Response()

    def sender(self, now: Now = utc_now, timeout: float = 5.0) -> HttpEndpoint:
        """Who sends to it."""
        return HttpEndpoint(self.url, SECRET, now, timeout)


class Quiet(Server):
    """Says when it is up, and leaves the signals of the tests alone."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    def capture_signals(self) -> AbstractContextManager[None]:
        return nullcontext()


@asynccontextmanager
async def endpoint() -> AsyncIterator[Endpoint]:
    """An endpoint that runs until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        opened, app = Endpoint(listener.getsockname()[1]), FastAPI()
        app.add_api_route("/hook", opened.take, methods=["POST"])
        server = Quiet(Config(app, log_config=None, access_log=False))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await server.up.wait()
        yield opened
        if opened.pause:
            opened.pause.set()
        server.should_exit = True
        await task


@asynccontextmanager
async def raw_server(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    encrypted: ssl.SSLContext | None = None,
) -> AsyncIterator[str]:
    """A server that answers by bytes of its own; gives its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer)
        writer.close()

    scheme = "https" if encrypted else "http"
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=encrypted) as server:
        yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
