"""What an import counts: records with the rows that they come from, and what became of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from models.portfolio import RowError
from models.told import Row

RecordT = TypeVar("RecordT")


@dataclass(frozen=True)
class Entry(Generic[RecordT]):
    """A record to be written: the row that it comes from, and the key that the ports know it by."""

    row: Row
    key: Hashable
    record: RecordT


@dataclass
class Tally:
    """What became of the good rows of one file, and which of them a port refused."""

    file: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)

    def count(self, old: object | None, new: object) -> None:
        """Count a row by what was known of it before."""
        self.unchanged += old == new
        self.created += old is None
        self.changed += old is not None and old != new


async def put_all(
    file: str,
    entries: Sequence[Entry[RecordT]],
    known: Mapping[Any, RecordT],
    put: Callable[[Sequence[RecordT]], Awaitable[None]],
) -> Tally:
    """Write new and changed records at once."""
    tally = Tally(file)
    for entry in entries:
        tally.count(known.get(entry.key), entry.record)
    fresh = [entry.record for entry in entries if known.get(entry.key) != entry.record]
    if fresh:
        await put(fresh)
    return tally
