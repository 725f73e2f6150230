"""Documents in the database."""

from __future__ import annotations

from sqlmodel import col, select

from adapters.database import Database
from adapters.rows import flat, insert_new, once, stable_id
from models.document import Document
from models.faults import PermanentFault
from models.tables import DocumentRow
from models.work import Receipt


class EmbeddedDocuments:
    """DocumentsPort on our own table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, document: Document) -> Receipt:
        """See DocumentsPort."""
        kept = document.model_copy(update={"id": stable_id("doc", document.key)})
        async with self._database.writing() as session:

            async def store() -> str:
                await insert_new(session, [DocumentRow(**flat(kept))])
                return kept.id

            return await once(session, document.key, document.at, store)

    async def find(self, key: str) -> Document | None:
        """See DocumentsPort."""
        async with self._database.reading() as session:
            row = await session.scalar(select(DocumentRow).where(col(DocumentRow.key) == key))
        return None if row is None else Document.model_validate(row, from_attributes=True)

    async def document(self, document_id: str) -> Document:
        """See DocumentsPort."""
        async with self._database.reading() as session:
            row = await session.get(DocumentRow, document_id)
        if row is None:
            raise PermanentFault("UnknownDocument", f"There is no document '{document_id}'.")
        return Document.model_validate(row, from_attributes=True)

    async def of_account(self, account_id: str) -> tuple[Document, ...]:
        """See DocumentsPort."""
        wanted = select(DocumentRow).where(col(DocumentRow.account_id) == account_id)
        async with self._database.reading() as session:
            rows = await session.scalars(wanted.order_by(col(DocumentRow.at).desc(), col(DocumentRow.id)))
            return tuple(Document.model_validate(row, from_attributes=True) for row in rows)
