"""A portfolio as if it were exported on another day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.base import Record
from models.portfolio import Portfolio


def moved(portfolio: Portfolio, gap: timedelta) -> Portfolio:
    """The portfolio with every day and moment of every row later by whole days: all lie as far apart as before."""
    return portfolio.model_copy(update={name: tuple(_moved(row, gap) for row in rows) for name, rows in portfolio})


def _moved(row: Record, gap: timedelta) -> Record:
    later: dict[str, Any] = {name: value + gap for name, value in row if isinstance(value, date)}
    return row.model_copy(update=later)
