"""What Followthrough needs of the product's own data: its tables by section, and their rows as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from models.base import Record
from models.export import Section

Row = tuple[Any, ...]


class ProductTable(Record):
    """A table of the product that holds data of customers: which section it belongs to, and its columns.

    Where it does not tell when a row was changed, an export of changes holds the whole of it.
    """

    name: str
    section: Section
    columns: tuple[str, ...]
    tells_changes: bool = False


class ProductDataPort(Protocol):
    """The product's data, read only. Called on a thread, since reading a large account takes a while.

    Raises ``PermanentFault("ProductData", ...)`` where the source is not as it should be, ``TransientFault`` where it
    cannot be reached.
    """

    def tables(self) -> tuple[ProductTable, ...]:
        """Every table that holds data of customers, by name, as it is now."""
        ...

    def rows(self, table: ProductTable, account_id: str, since: datetime | None) -> Iterator[Row]:
        """The rows of an account, in a fixed order, a few at a time; with ``since`` those that changed from then on."""
        ...

    def erase(self, account_id: str) -> int:
        """Delete everything of an account, for good; gives how many rows there were."""
        ...
