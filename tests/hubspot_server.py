"""The stand-in for HubSpot as a server on 127.0.0.1: it answers, or fails as it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from adapters.crm.hubspot.brake import Brake
from tests.hubspot_house import TOKEN, TRACE, Act, HubSpotHouse, No


class Handler(BaseHTTPRequestHandler):
    """A call to the house."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    house: HubSpotHouse
    body = b""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        split = urlsplit(self.path)
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        acts = self.house.acts
        if acts and split.path.endswith(acts[0][0]):
            acts.popleft()[1](self)
            return
        self._answered(split.path, {name: each[0] for name, each in parse_qs(split.query).items()}, self.body)

    do_GET = do_PUT = do_PATCH = do_POST  # noqa: N815

    def _answered(self, path: str, query: dict[str, str], raw: bytes) -> None:
        try:
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise No(401, "INVALID_AUTHENTICATION", f"{self.headers.get('Authorization')} is wrong")
            self.send(*self.house.answer(self.command, path, query, json.loads(raw) if raw else None))
        except No as no:
            self.send(no.code, no.body)

    def send(self, code: int, body: Any, **headers: str) -> None:
        """Answer."""
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)


def no(code: int, **headers: str) -> Act:
    """Refuse, with what the customer is called in it."""
    said = {"status": "error", "message": "PT Rahasia li@customer.example", "correlationId": TRACE}
    return lambda call: call.send(code, said, **headers)


def half_an_answer(call: Handler) -> None:
    """Break off in the middle."""
    call.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"resul')
    call.close_connection = True


def hang_up(call: Handler) -> None:
    """Say nothing."""
    call.close_connection = True


def dawdle(call: Handler) -> None:
    """Answer later than anyone waits."""
    time.sleep(1)
    call.close_connection = True


def after_doing_it(act: Act) -> Act:
    """Do what was asked for, and only then fail."""

    def failing(call: Handler) -> None:
        sent, call.send = call.send, lambda *_, **__: None  # type: ignore[assignment, method-assign]
        call._answered(urlsplit(call.path).path, {}, call.body)
        call.send = sent  # type: ignore[method-assign]
        act(call)

    return failing


class Clockwork:
    """A clock that only sleeping moves, so that a wait costs a test nothing."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def brake(self) -> Brake:
        """A brake by this clock."""
        return Brake(self.sleep, lambda: self.at)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@contextmanager
def hubspot_house() -> Iterator[HubSpotHouse]:
    """A house on a free port."""
    house = HubSpotHouse()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"house": house}))
    server.daemon_threads = True
    house.port = server.server_address[1]
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield house
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
