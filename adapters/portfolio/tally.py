"""What an import counts: records with the rows that they come from, and what became of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from models.portfolio import RowError
from models.told import Row


class OfAccount(Protocol):
    """A fact of an account."""

    @property
    def account_id(self) -> str:
        """Whose it is."""
        ...


RecordT = TypeVar("RecordT")
FactT = TypeVar("FactT", bound=OfAccount)


@dataclass(frozen=True)
class Entry(Generic[RecordT]):
    """A record to be written: the row that it comes from, and the key that the ports know it by."""

    row: Row
    key: Hashable
    record: RecordT


@dataclass
class Tally:
    """What became of the good rows of one file, and which of them a port refused.

    ``accounts`` are those of which something is new by it.
    """

    file: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    accounts: set[str] = field(default_factory=set)

    def count(self, old: object | None, new: object) -> None:
        """Count a row by what was known of it before."""
        self.unchanged += old == new
        self.created += old is None
        self.changed += old is not None and old != new


async def put_all(
    file: str,
    entries: Sequence[Entry[FactT]],
    known: Mapping[Any, FactT],
    put: Callable[[Sequence[FactT]], Awaitable[None]],
) -> Tally:
    """Write new and changed records at once."""
    tally = Tally(file)
    for entry in entries:
        tally.count(known.get(entry.key), entry.record)
    fresh = [entry.record for entry in entries if known.get(entry.key) != entry.record]
    tally.accounts |= {fact.account_id for fact in fresh}
    if fresh:
        await put(fresh)
    return tally
