"""What Followthrough keeps of the health of accounts: a score a day, with what it was made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

import polars as pl

from models.health import HealthScore


class HealthPort(Protocol):
    """Scores by account and day; what is put again for a day replaces what was there.

    Raises ``TransientFault`` where the store is out of reach and ``PermanentFault("BadUsage", ...)`` where it is damaged.
    """

    async def put(self, health: pl.DataFrame, components: pl.DataFrame) -> None:
        """Keep the scores of a day: ``account_id, day, score, state, available_percent, band``, one row an account.

        ``components`` are ``account_id, day, component, weight, value``.
        """
        ...

    def bucket(self, account_id: str) -> int:
        """The bucket of an account; the same one for ever."""
        ...

    async def scores(self, buckets: Collection[int], since: date, until: date) -> pl.DataFrame:
        """``account_id, day, score`` of these buckets from ``since`` until before ``until``, by account and day."""
        ...

    async def unscored(self, day: date) -> Mapping[str, float]:
        """Whose score a day was not known, and how many percent of the weight were."""
        ...

    async def history(self, account_id: str, since: date, until: date) -> tuple[HealthScore, ...]:
        """The scores of an account from ``since`` until before ``until``, in order, with their components."""
        ...

    async def erase(self, account_id: str) -> int:
        """Delete every score of an account, for good; gives how many days there were."""
        ...

    async def remains(self, account_id: str) -> int:
        """How many days of an account lie in any file, also in one that nobody reads any more."""
        ...
