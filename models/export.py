"""The export of a customer's data: what is asked for, what is in it, and the proof that it is whole (OFFB-7..14)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from models.base import Id, Record, Request, Utc
from models.work import Receipt


class Section(StrEnum):
    """The five parts of an export (OFFB-11)."""

    ACCOUNT = "account"
    CONTENT = "content"
    USAGE = "usage"
    INTEGRATIONS = "integrations"
    REPORTS = "reports"


class SectionState(StrEnum):
    """Whether a section holds something; ``not_applicable`` where the product keeps nothing of the kind."""

    INCLUDED = "included"
    EMPTY = "empty"
    NOT_APPLICABLE = "not_applicable"


class PrepareExport(Request):
    """Prepare the export of an account, once for the key.

    With ``since`` (UTC) it holds what was made or changed from then on. The download code is good until ``link_until``.
    """

    key: str
    case_id: str
    account_id: Id
    at: Utc
    since: Utc | None = None
    link_until: Utc
    locale: str = "en"


class ExportProgress(Record):
    """How far an export is: tables that are finished, what is under way, and the rows that this attempt read of it."""

    finished: int = 0
    tables: int = 0
    under_way: str = ""
    rows: int = 0


class ExportFile(Record):
    """A file of the archive, with what proves that it is whole."""

    name: str
    sha256: str
    bytes: int
    rows: int = 0


class SectionStatus(Record):
    """A section of the archive: whether it holds something, how many rows, and in which files."""

    section: Section
    state: SectionState
    rows: int = 0
    files: tuple[ExportFile, ...] = ()


class Manifest(Record):
    """What is in an archive; ``manifest.json`` says the same beside the files."""

    account_id: str
    account_name: str = ""
    time_zone: str = "UTC"
    prepared_at: Utc
    since: Utc | None = None
    sections: tuple[SectionStatus, ...] = ()
    report: ExportFile | None = None
    remarks: tuple[str, ...] = ()

    def files(self) -> Iterator[ExportFile]:
        """Every file of the archive but the manifest itself."""
        if self.report is not None:
            yield self.report
        for section in self.sections:
            yield from section.files


class ExportReceipt(Receipt):
    """Proof of an export. Its id leads to the download code, which is kept as a hash alone."""

    sections: tuple[SectionStatus, ...] = ()
    bytes: int = 0
    sha256: str = ""
