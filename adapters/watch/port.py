"""What a sweep needs: the facts of many accounts at once, as the frames that detection reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from models.base import Utc
from models.detection import Reach
from models.sweep import Span, Stock
from rules.detection.frames import Facts


class WatchPort(Protocol):
    """The facts of the portfolio, read in bulk; those of today are usage up to yesterday, and all else up to now."""

    async def take_stock(self, key: str, at: Utc, reach: Reach, beat: Callable[[], None] = ...) -> Stock:
        """Put the facts of all accounts aside by bucket, once for the key; what is there already is not read again.

        ``beat`` is called now and then while it reads.
        """
        ...

    async def facts(self, span: Span, reach: Reach) -> Facts:
        """The facts of a span: of the buckets of a stock, or of one account as it is now.

        Raises ``PermanentFault("NoStock")`` for a stock that was not taken, or is gone.
        """
        ...

    async def forget(self, key: str) -> None:
        """Remove a stock; one that is not there is none."""
        ...
