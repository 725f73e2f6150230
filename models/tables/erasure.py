"""The table of deletions: how much each store had to delete. It holds nothing of the customer."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from models.tables.columns import minor_units, moment, natural


class ErasureRow(SQLModel, table=True):
    """How many entries of an account a store had to delete for a case; ``finished`` once it has."""

    __tablename__ = "erasures"
    case_id: str = natural()
    store: str = natural()
    rows: int = minor_units(default=0)
    finished: bool = False
    at: datetime = moment()
