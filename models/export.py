"""The export of a customer's data."""

from __future__ import annotations

from models.base import Id, Record, Request, Utc
from models.work import Receipt


class PrepareExport(Request):
    """Prepare an export."""

    key: str
    case_id: str
    account_id: Id
    at: Utc
    since: Utc | None = None
    link_until: Utc
    locale: str = "en"


class SectionStatus(Record):
    """A section of an export."""

    section: str
    rows: int = 0


class ExportReceipt(Receipt):
    """Proof of an export."""

    sections: tuple[SectionStatus, ...] = ()
    bytes: int = 0
    sha256: str = ""
    link: str = ""
