"""The table of exports."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.export import Manifest
from models.tables.columns import minor_units, moment, natural, shaped


class ExportRow(SQLModel, table=True):
    """An export that is kept; ``code_hash`` is of the code that fetches it, ``store`` the place where its archive lies.

    Both are empty once it was deleted.
    """

    __tablename__ = "exports"
    id: str = natural()
    account_id: str = Field(index=True)
    case_id: str
    code_hash: str = Field(index=True)
    until: datetime = moment()
    prepared_at: datetime = moment()
    bytes: int = minor_units()
    sha256: str
    store: str
    manifest: Manifest = shaped(Manifest)
