"""The web program on its address, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from uvicorn import Config, Server

_GRACE_SECONDS = 5


async def listening(app: FastAPI, address: str) -> None:
    """Serve at ``host:port``; SIGINT and SIGTERM end it once the answers under way are given."""
    host, _, port = address.rpartition(":")
    config = Config(
        app,
        host.strip("[]"),
        int(port),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    await _Stoppable(config).serve()


class _Stoppable(Server):
    """Ends by its own word; uvicorn would raise the signal a second time afterwards."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals let it end, and nothing more."""
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, self._stop)
        yield

    def _stop(self) -> None:
        self.should_exit = True
