"""What Followthrough needs of the history of product use: days of one account, and a scan of many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

import polars as pl

from models.facts import Origin, UsageDay


class UsagePort(Protocol):
    """Use of the product by account and day: of what was given twice for a day, the last measure holds.

    Accounts lie in ``buckets`` parts of about the same size, so that a sweep can go through them one by one. Raises
    ``TransientFault`` where the store is out of reach and ``PermanentFault("BadUsage", ...)`` where it is damaged.
    """

    @property
    def buckets(self) -> int:
        """How many buckets there are, numbered from 0."""
        ...

    def bucket(self, account_id: str) -> int:
        """The bucket of an account; the same one for ever."""
        ...

    async def put(self, days: Sequence[UsageDay], origin: Origin) -> None:
        """Add days, or replace the measures of days that are there; a measure that is not given stays."""
        ...

    async def put_frame(self, frame: pl.DataFrame, origin: Origin) -> None:
        """The same for many accounts at once, from the columns that ``scan`` gives. Raises ``ValueError`` for others."""
        ...

    async def days(self, account_id: str, since: date, until: date) -> tuple[UsageDay, ...]:
        """The measured days from ``since`` until before ``until``, in order."""
        ...

    async def days_of(self, accounts: Collection[str], since: date, until: date) -> tuple[UsageDay, ...]:
        """The same of several accounts, in no order."""
        ...

    async def latest(self, account_id: str) -> tuple[UsageDay, Origin] | None:
        """The last measured day of an account, with where it came from."""
        ...

    def scan(self, bucket: int, since: date, until: date) -> pl.LazyFrame:
        """The measured days of a bucket from ``since`` until before ``until``, each account and day once.

        Columns: ``account_id`` str, ``day`` date, ``active_users``, ``logins`` and ``key_feature_events`` i64, null where
        not measured. Collect it at once: one that is held for long may find that its files were compacted away
        (``FileNotFoundError``); scan again then.
        """
        ...

    async def erase(self, account_id: str) -> int:
        """Delete every day of an account, for good; gives how many days there were."""
        ...

    async def remains(self, account_id: str) -> int:
        """How many days of an account lie in any file, also in one that nobody reads any more."""
        ...
