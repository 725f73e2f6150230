"""A service of somebody else's (a WSGI application) on 127.0.0.1, with answers of a test's own in place of some of its."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

Answer = Callable[[dict[str, Any], Callable[..., Any]], Any]
"""What is answered: it gets the request and what begins the answer."""


class Front:
    """Stands before a service: what was asked of it, and the answers to come in its place, ``None`` for its own."""

    def __init__(self, service: Answer) -> None:
        self.service = service
        self.port = 0
        self.asked: list[tuple[str, str, str]] = []
        self.instead: deque[Answer | None] = deque()

    def __call__(self, environ: dict[str, Any], begin: Callable[..., Any]) -> Any:
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"]))
        answer = self.instead.popleft() if self.instead else None
        return (answer or self.service)(environ, begin)


def says(status: str, body: bytes = b"", **headers: str) -> Answer:
    """An answer with that status, such as ``429 Too Many``."""

    def answer(environ: dict[str, Any], begin: Callable[..., Any]) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        begin(status, [(name.replace("_", "-"), value) for name, value in headers.items()])
        return [body]

    return answer


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # an upload asks whether to go on, and waits a second where nobody says so

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 as its parent names it
        """A test prints nothing."""


@contextmanager
def serving(front: Front) -> Iterator[None]:
    """Listen on a port of its own until the end."""
    with make_server("127.0.0.1", 0, front, server_class=_Threaded, handler_class=_Quiet) as server:
        front.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()
