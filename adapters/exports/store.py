"""Where finished archives lie: in the folder in which they were packed, or elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from models.base import Record
from models.faults import PermanentFault

FOLDER = "the folder"
"""The place of archives that lie where they were packed."""
Look = Callable[[], None]
"""Called every few megabytes; what it raises ends the work, which another attempt takes up again."""


class Archive(Record):
    """A finished archive: whose it is, and what it must be when it is read again; ``bytes`` is its size."""

    id: str
    account_id: str
    sha256: str
    bytes: int

    @property
    def name(self) -> str:
        """Its file, by account."""
        return f"{self.account_id}/{self.id}.zip"


class ArchiveStore(Protocol):
    """Keeps archives. Its methods may take long and run in a thread.

    Raises ``PermanentFault("FilesRefused")`` where a service says no, ``TransientFault`` where it is out of reach.
    """

    @property
    def place(self) -> str:
        """Where it keeps them, as rows of exports and messages name it; another one has other archives."""
        ...

    def keep(self, archive: Archive, packed: Path, look: Look) -> None:
        """Have the packed file whole, proved by its checksum. What an attempt before brought over is not sent again."""
        ...

    def settle(self, packed: Path) -> None:
        """The archive is kept and known: what is of no use any more goes."""
        ...

    def fetch(self, archive: Archive, to: Path) -> None:
        """Write the archive to a file, checked. Raises ``PermanentFault``: ``UnknownExport`` or ``Damaged``."""
        ...

    def link(self, archive: Archive, lasting: timedelta) -> str:
        """A URL from which anybody fetches the archive for so long.

        Raises ``PermanentFault``: ``UnknownExport``, or ``NoLink`` where there are none.
        """
        ...

    def erase(self, account_id: str) -> None:
        """Delete the archives of an account outside the folder, with every version of them and what was half sent."""
        ...

    def remains(self, account_id: str) -> int:
        """How many of those are there, read where they lie."""
        ...

    def check(self) -> str:
        """Nothing where it is ready, or one sentence on what to do. Changes nothing."""
        ...


def gone() -> PermanentFault:
    """The fault that stands for an archive that is not there any more."""
    return PermanentFault("UnknownExport", "the archive of this download code is gone; ask for a new export")


def elsewhere(what: str, place: str) -> PermanentFault:
    """The fault that stands for archives that lie where the settings do not lead any more."""
    sentence = f"{what} in {place}; set FOLLOWTHROUGH_FILES and what belongs to it back to that, and try again"
    return PermanentFault("FilesElsewhere", sentence)


class FolderArchives:
    """ArchiveStore in the folder of the exports itself, which they write and delete."""

    place = FOLDER

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, archive: Archive, packed: Path, look: Look) -> None:
        """See ArchiveStore: it stays where it was packed."""

    def settle(self, packed: Path) -> None:
        """See ArchiveStore."""

    def fetch(self, archive: Archive, to: Path) -> None:
        """See ArchiveStore."""
        packed = self._folder / archive.name
        if not packed.is_file():
            raise gone()
        shutil.copyfile(packed, to)

    def link(self, archive: Archive, lasting: timedelta) -> str:  # noqa: ARG002
        """See ArchiveStore."""
        raise PermanentFault(
            "NoLink", "archives lie in a folder, which has no links; use 'export fetch CODE --to FILE'"
        )

    def erase(self, account_id: str) -> None:
        """See ArchiveStore."""

    def remains(self, account_id: str) -> int:  # noqa: ARG002
        """See ArchiveStore."""
        return 0

    def check(self) -> str:
        """See ArchiveStore."""
        return ""
