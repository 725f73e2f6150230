"""What Followthrough keeps of a stream: each message once, whose account a user belongs to, and a day's messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from models.facts import Origin
from models.stream import StreamMessage


class StreamPort(Protocol):
    """Messages by their ids. One that comes again changes nothing, whatever it says now."""

    async def add(self, messages: Sequence[StreamMessage], origin: Origin) -> frozenset[str]:
        """Keep the messages whose ids are new; gives those ids."""
        ...

    async def stored(self, ids: Collection[str]) -> tuple[StreamMessage, ...]:
        """The messages of those ids as they were kept first, the oldest first."""
        ...

    async def of_days(self, days: Collection[tuple[str, date]]) -> tuple[StreamMessage, ...]:
        """Every message of those accounts and days (UTC), the oldest first."""
        ...

    async def accounts_of(self, users: Collection[str]) -> Mapping[str, str]:
        """The account that each user was last said to belong to, by ``group`` or ``identify``."""
        ...
