"""What a store gives that holds data of customers: it deletes it, and says what it did and what it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from models.erasing import EraseData, IssueCertificate
from models.retention import Erased


class ErasableStore(Protocol):
    """A store of customers' data. Deleting twice is the same as deleting once.

    Raises ``TransientFault`` where it cannot be reached; nothing may be said to be deleted that is not.
    """

    async def erase(self, request: EraseData) -> Erased:
        """Delete what is kept of the account."""
        ...

    async def remains(self, account_id: str) -> int:
        """How much is left of the account, apart from what it keeps for a stated reason."""
        ...


class CertificatesPort(Protocol):
    """Certificates of deletion. The same key twice gives the first one."""

    async def issue(self, request: IssueCertificate) -> str:
        """Write the certificate; gives its number."""
        ...

    async def find(self, number: str) -> Path:
        """The file of a certificate. Raises ``PermanentFault("UnknownCertificate", ...)``."""
        ...
