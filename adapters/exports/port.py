"""What Followthrough needs to prepare, keep and hand out exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from models.base import Record, Utc
from models.export import ExportProgress, ExportReceipt, Manifest, PrepareExport

Progress = Callable[[ExportProgress], None]
"""Told how far it is, every few thousand rows and while it is packed, on the thread that writes.

What it raises ends the writing; finished tables stay.
"""


class KeptExport(Record):
    """An export that is kept: its archive, the code that fetches it, and until when.

    There is no code once the archive was deleted, or where it cannot be told any more.
    """

    id: str
    account_id: str
    case_id: str
    code: str
    until: Utc
    prepared_at: Utc
    bytes: int
    sha256: str
    manifest: Manifest


class ExportLink(Record):
    """A URL from which anybody fetches an archive until that moment."""

    url: str
    until: Utc


class ExportsPort(Protocol):
    """Exports. The same key twice gives the first receipt; an export is whole or it is not there.

    Raises ``PermanentFault``: ``UnknownExport`` for a code or an id that is not there, ``Expired`` for a code that is too
    old, ``FilesElsewhere`` for archives that lie in another store than that of the settings, ``FilesRefused`` where a
    service says no; and ``TransientFault`` where it cannot be reached.
    """

    async def prepare(self, request: PrepareExport, progress: Progress) -> ExportReceipt:
        """Write and keep an export. Tables that were finished before a crash are not read again.

        Raises ``PermanentFault``: ``UnknownAccount`` or ``ProductData``; ``TransientFault`` where the product is out of
        reach or an attempt before is still writing.
        """
        ...

    async def find(self, export_id: str) -> KeptExport:
        """An export by its id."""
        ...

    async def of_account(self, account_id: str) -> tuple[KeptExport, ...]:
        """The exports of an account, the latest first."""
        ...

    async def fetch(self, code: str, at: Utc, to: Path) -> None:
        """Write the archive that a download code stands for to a file.

        Raises ``PermanentFault("Damaged")`` where it is not what was kept.
        """
        ...

    async def link(self, code: str, at: Utc) -> ExportLink:
        """A link to the archive that a download code stands for; it ends soon, and never after the code.

        Raises ``PermanentFault("NoLink")`` where archives lie in a folder.
        """
        ...

    async def extend(self, export_id: str, until: Utc) -> KeptExport:
        """Let the code of an export be good until that moment, or longer where it is already; never shorter."""
        ...

    async def erase(self, account_id: str) -> int:
        """Delete the archives of an account, and what was begun of others; gives how many there were."""
        ...

    async def remains(self, account_id: str) -> int:
        """How many files of an account's exports are there, read where they lie; zero once they are erased."""
        ...

    async def check(self) -> str:
        """Nothing where the place of the archives is ready, or one sentence on what to do. Changes nothing."""
        ...
