"""The book of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.book import BookBatch
from models.concession import LoadStanding, Standing
from models.work import Receipt

if TYPE_CHECKING:
    from adapters.book.port import BookPort


class BookActivities:
    """What a case writes into the book."""

    def __init__(self, book: BookPort) -> None:
        self._book = book

    @activity.defn
    @reporting_faults
    async def write_book(self, batch: BookBatch) -> Receipt:
        """Write what changed in a case, in one transaction, once for the key of the batch."""
        return await self._book.write(batch)

    @activity.defn
    @reporting_faults
    async def load_standing(self, request: LoadStanding) -> Standing:
        """What an account was conceded before, and what a person gave away this quarter."""
        return await self._book.standing(request)
