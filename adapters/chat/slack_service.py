"""Slack's Web API: the official SDK, with its answers as plain data, its errors as ours, and its rate limits kept."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from adapters.chat.slack_faults import ENDS, asked_to_wait, fault_of, too_busy
from models.base import Record

_SECONDS, _PATIENCE = 8, 5.0
Rest = Callable[[float], Awaitable[object]]


class Workspace(Record):
    """Whose Slack it is: the bot token of the app, and where Slack answers."""

    token: SecretStr
    url: str


class SlackService:
    """Calls of Slack. A method that Slack wants no call of for a while is left alone by all of this process."""

    def __init__(
        self, workspace: Workspace, rest: Rest = asyncio.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rest = rest
        self._clock = clock
        self._not_before: dict[str, float] = {}
        self.api = WebClient(
            token=workspace.token.get_secret_value(),
            base_url=workspace.url,
            timeout=_SECONDS,
            logger=_quiet(),
            retry_handlers=[],  # its own would send again what may have been done
        )

    async def call(self, method: Callable[..., SlackResponse], **given: Any) -> SlackResponse:
        """Call a method, once more where Slack asks to come back soon. Raises what a ``ChatPort`` raises."""
        name = method.__name__
        for last in (False, True):
            await self._wait(name)
            try:
                return await asyncio.to_thread(method, **given)
            except ENDS as error:
                wait = asked_to_wait(error)
                if wait is not None:
                    self._not_before[name] = self._clock() + wait
                if wait is None or last:
                    raise fault_of(error) from None
        raise AssertionError

    async def _wait(self, method: str) -> None:
        """Wait for one's turn. Raises ``TransientFault`` where that is longer than an attempt may take."""
        left = self._not_before.get(method, 0.0) - self._clock()
        if left > _PATIENCE:
            raise too_busy(left)
        if left > 0:
            await self._rest(left)


def _quiet() -> logging.Logger:
    """The library writes what is sent and what came back into its log."""
    logger = logging.getLogger("slack_sdk")
    logger.setLevel(logging.CRITICAL + 1)
    return logger
