"""What every page and webhook stands on: the settings, the desk with parts and Temporal, and the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from adapters.clock import Now, utc_now
from cli.desk import Desk
from models.webhooks import Received, Source, Worked
from settings import Settings

Handler = Callable[[Received], Awaitable[Worked]]
"""Works one thing that was received. Raises what ``cli.exits`` knows, or ``Failure``, where it cannot be done."""


@dataclass
class House:
    """The web's way to the instance; ``woken`` says that something new was kept."""

    settings: Settings
    desk: Desk
    now: Now = utc_now
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    handlers: dict[Source, Handler] = field(default_factory=dict)
