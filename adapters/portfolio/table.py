"""What a table of a portfolio is made of: columns, and checks of one row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from models.told import Row

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True)
class Column:
    """A column: how its cells are read, the field that they fill, and whether a cell may be empty.

    A cell of a ``past`` column may not lie after the day that the import counts as today.
    """

    name: str
    read: Callable[[str], Any]
    field: str = ""
    optional: bool = False
    past: bool = False

    @property
    def fills(self) -> str:
        """The field of the row that the cell fills."""
        return self.field or self.name


@dataclass(frozen=True)
class Check(Generic[RowT]):
    """What the cells of one row must agree on; ``field`` is blamed where they do not."""

    holds: Callable[[RowT], bool]
    field: str
    wrong: str
    right: str


@dataclass(frozen=True)
class Table(Generic[RowT]):
    """A file: the model of its rows, its columns, the fields that name a row once, and its checks."""

    file: str
    model: type[RowT]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False
    checks: tuple[Check[RowT], ...] = ()
