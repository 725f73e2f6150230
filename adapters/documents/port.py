"""What Followthrough needs to keep documents."""

from __future__ import annotations

from typing import Protocol

from models.document import Document
from models.work import Receipt


class DocumentsPort(Protocol):
    """Documents that stay as they were written. Raises ``TransientFault`` where they are out of reach."""

    async def keep(self, document: Document) -> Receipt:
        """Keep a document, once for its key: the same key again leaves the first one and returns its receipt.

        The receipt's id is that of the document.
        """
        ...

    async def find(self, key: str) -> Document | None:
        """The document of a key, or None."""
        ...

    async def document(self, document_id: str) -> Document:
        """The document of an id. Raises ``PermanentFault(UnknownDocument)`` where there is none."""
        ...

    async def of_account(self, account_id: str) -> tuple[Document, ...]:
        """The documents of an account, the latest first."""
        ...
