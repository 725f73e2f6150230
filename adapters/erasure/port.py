"""What a store gives that holds data of customers: it deletes it, and says what it did and what it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from models.after_commands import DataErased
from models.erasing import Counted, EraseData, IssueCertificate
from models.retention import Erased


class ErasableStore(Protocol):
    """A store of customers' data. Deleting twice is the same as deleting once.

    Raises ``TransientFault`` where it cannot be reached; nothing may be said to be deleted that is not.
    """

    @property
    def name(self) -> str:
        """Its name, by which its proof is known."""
        ...

    @property
    def keeps_all(self) -> bool:
        """Whether it deletes nothing, for a stated reason, so that there is nothing to prove."""
        ...

    @property
    def kept(self) -> str:
        """What it keeps in any case and why: a word that the certificate knows, or a text; empty where it keeps nothing."""
        ...

    async def erase(self, request: EraseData) -> Erased:
        """Delete what is kept of the account, but for what the request spares and what the store has a reason to keep."""
        ...

    async def remains(self, request: EraseData) -> int:
        """How much is left that the same request would delete."""
        ...


class ErasureLedger(Protocol):
    """How much each store had to delete, kept from before the deletion on: a crash understates nothing."""

    async def counted(self, case_id: str, store: str) -> Counted:
        """What was noted last of a store for a case; nothing yet where nothing was."""
        ...

    async def note(self, case_id: str, store: str, counted: Counted) -> None:
        """Note it, in place of what was noted before."""
        ...


class AccountCases(Protocol):
    """The open cases of an account besides the one that deletes. Raises ``TransientFault`` where one cannot be reached."""

    async def owed_before(self, workflow_ids: Sequence[str]) -> tuple[str, ...]:
        """The steps that these cases still owe before the data may be erased; none of a case that is not open."""
        ...

    async def tell(self, workflow_ids: Sequence[str], erased: DataErased) -> None:
        """Tell those of them that are open that the data was erased; telling twice is the same as telling once."""
        ...


class CertificatesPort(Protocol):
    """Certificates of deletion. The same key twice gives the first one."""

    async def issue(self, request: IssueCertificate) -> str:
        """Write the certificate; gives its number."""
        ...

    async def find(self, number: str) -> Path:
        """The file of a certificate. Raises ``PermanentFault("UnknownCertificate", ...)``."""
        ...
