"""Where drafts are kept, and what the case has said before."""

from __future__ import annotations

from sqlmodel import col, select

from adapters.database import Database
from adapters.letters.checks import Parts
from adapters.letters.templates import Written
from adapters.rows import once, upsert
from models.base import Record
from models.case import Edit, RefusalType
from models.faults import PermanentFault
from models.letter import LetterKind, OutboxState
from models.tables import DraftRow, OutboxRow
from models.work import DraftMessage, Receipt, ReleaseMessage


class StoredDraft(Record):
    """A draft: what it was asked for with, and the parts that it was last composed from (none before that)."""

    message: DraftMessage
    parts: Parts = {}


class Drafts:
    """The table of drafts, read together with the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, message: DraftMessage, language: str, shown: Written) -> Receipt:
        """Keep a draft, or renew it under another key; the same key twice leaves it as it is, and so does its release."""
        async with self._database.writing() as session:

            async def store() -> str:
                known = await session.get(DraftRow, (message.case_id, message.message_id))
                if known is None or not known.parts:
                    await upsert(session, [_row(message, language, shown)])
                return message.message_id

            return await once(session, message.key, message.at, store)

    async def find(self, case_id: str, message_id: str) -> StoredDraft:
        """The draft of that id. Raises ``PermanentFault(UnknownMessage)`` where there is none."""
        async with self._database.reading() as session:
            found = await session.get(DraftRow, (case_id, message_id))
        if found is None:
            sentence = f"There is no draft '{message_id}' in this case; the status of the case lists its messages."
            raise PermanentFault(RefusalType.UNKNOWN_MESSAGE, sentence)
        return _stored(found)

    async def released(self, release: ReleaseMessage, parts: Parts, language: str, done: Written) -> None:
        """Note what a draft was composed from, and by whom."""
        async with self._database.writing() as session:
            row = await session.get_one(DraftRow, (release.case_id, release.message_id))
            row.parts = tuple(Edit(name=name, text=text) for name, text in parts.items())
            row.signer, row.language, row.changed_at = release.by, language, release.at
            row.subject, row.text = done.subject, done.text

    async def earlier(self, message: DraftMessage) -> StoredDraft | None:
        """The message of the same kind in the case that was composed last, other than this one, or None."""
        query = (
            select(DraftRow)
            .where(DraftRow.case_id == message.case_id, DraftRow.template == message.template)
            .where(DraftRow.message_id != message.message_id)
            .order_by(col(DraftRow.changed_at).desc())
        )
        async with self._database.reading() as session:
            rows = (await session.scalars(query)).all()
        return next((_stored(row) for row in rows if row.parts), None)

    async def first_mail(self, release: ReleaseMessage) -> str | None:
        """The Message-ID of the first mail of the case that reached the customer, other than this one, or None."""
        query = (
            select(OutboxRow)
            .where(OutboxRow.case_id == release.case_id, OutboxRow.state == OutboxState.SENT)
            .where(OutboxRow.key != release.key)
            .order_by(col(OutboxRow.sent_at))
        )
        async with self._database.reading() as session:
            rows = (await session.scalars(query)).all()
        return next((row.message_id for row in rows if row.letter.kind == LetterKind.CUSTOMER), None)


def _row(message: DraftMessage, language: str, shown: Written) -> DraftRow:
    return DraftRow(
        case_id=message.case_id,
        message_id=message.message_id,
        key=message.key,
        account_id=message.account_id,
        step=message.step,
        template=message.template,
        language=language,
        signer=message.signer,
        facts=message.model_dump(mode="json"),
        subject=shown.subject,
        text=shown.text,
        drafted_at=message.at,
        changed_at=message.at,
    )


def _stored(row: DraftRow) -> StoredDraft:
    parts = {part.name: part.text for part in row.parts}
    return StoredDraft(message=DraftMessage.model_validate(row.facts), parts=parts)
