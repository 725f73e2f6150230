"""Our copy of what HubSpot knows, which the nightly sweep reads, and what HubSpot has no property for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete
from sqlmodel import col, select

from adapters.clock import Now
from adapters.crm.embedded import EmbeddedCrm, account_of
from adapters.database import Database
from adapters.directory.port import DirectoryPort
from adapters.rows import once
from models.crm import AccountRecord, Contact, SeatRecord
from models.people import PersonId, RoleId
from models.tables import AccountRow, ContactRow, ReceiptRow, SeatRow
from models.work import Receipt

_FEW = 100
"""Up to so many are named to the database; of more the whole portfolio is read."""


class OwnCopy:
    """Accounts, contacts and seats in our tables, and the receipts of what was done in HubSpot."""

    def __init__(self, database: Database, directory: DirectoryPort, now: Now) -> None:
        self._database = database
        self._now = now
        self.crm = EmbeddedCrm(database, directory, now)

    async def accounts(self, ids: Collection[str]) -> dict[str, AccountRecord]:
        """The accounts as they were last read, by id."""
        wanted = select(AccountRow)
        few = wanted.where(col(AccountRow.id).in_(ids)) if len(ids) <= _FEW else wanted
        async with self._database.reading() as session:
            return {row.id: account_of(row) for row in await session.scalars(few)}

    async def seats(self, ids: Collection[str], roles: Iterable[RoleId]) -> dict[tuple[str, RoleId], SeatRecord]:
        """Who holds these roles, by account and role."""
        wanted = select(SeatRow).where(col(SeatRow.role).in_(list(roles)))
        wanted = wanted.where(col(SeatRow.account_id).in_(ids)) if len(ids) <= _FEW else wanted
        async with self._database.reading() as session:
            found = await session.scalars(wanted)
            return {(row.account_id, row.role): SeatRecord.model_validate(row, from_attributes=True) for row in found}

    async def keep(self, account: AccountRecord, before: AccountRecord | None, holders: Sequence[SeatRecord]) -> None:
        """Note an account, where it is another than before, and who holds its roles now."""
        if account != before:
            await self.crm.put_account(account)
        for seat in holders:
            await self.crm.put_seat(seat)

    async def keep_contacts(self, account_id: str, people: tuple[Contact, ...]) -> None:
        """Note the contacts of an account; who is none any more is forgotten."""
        known = {contact.id: contact for contact in await self.crm.contacts(account_id)}
        for contact in people:
            if known.get(contact.id) != contact:
                await self.crm.put_contact(contact)
        if gone := known.keys() - {contact.id for contact in people}:
            own = col(ContactRow.account_id) == account_id
            async with self._database.writing() as session:
                await session.execute(delete(ContactRow).where(own, col(ContactRow.id).in_(gone)))

    async def receipt(self, key: str) -> Receipt | None:
        """The first receipt of a key that had its effect."""
        async with self._database.reading() as session:
            first = await session.get(ReceiptRow, key)
            return Receipt(id=first.id, at=first.at, replayed=True) if first else None

    async def done(self, key: str, receipt_id: str) -> Receipt:
        """Note that a key had its effect."""

        async def known() -> str:
            return receipt_id

        async with self._database.writing() as session:
            return await once(session, key, self._now(), known)

    async def seats_held(self, person_id: PersonId) -> tuple[SeatRecord, ...]:
        """The seats that a person holds or stands in for, as they were last read."""
        return await self.crm.seats_held(person_id)
