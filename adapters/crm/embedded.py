"""The CRM in the database."""

from __future__ import annotations

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from adapters.clock import Now, utc_now
from adapters.crm.changes import closed, closing_note, tagged
from adapters.crm.files import account_file
from adapters.database import Database
from adapters.directory.calendars import Years, snapshot
from adapters.directory.port import DirectoryPort
from adapters.rows import flat, insert_new, once, stable_id, upsert
from models.account import AccountFile, Money
from models.case import RefusalType
from models.closing import CloseAccount, TagAccount
from models.crm import AccountRecord, Contact, NoteRecord, SeatRecord, TaskStatus
from models.directory import WorkingTime
from models.faults import PermanentFault
from models.people import PersonId, RoleId, Seat
from models.tables import AccountRow, ContactRow, FormerSeatRow, NoteRow, SeatRow, TaskRow
from models.work import AddNote, Receipt, SyncTasks


class EmbeddedCrm:
    """CrmPort on our own tables; people come from the directory."""

    def __init__(self, database: Database, directory: DirectoryPort, now: Now = utc_now) -> None:
        self._database = database
        self._directory = directory
        self._now = now

    async def account(self, account_id: str) -> AccountRecord:
        """See CrmPort."""
        async with self._database.reading() as session:
            return account_of(await _row(session, account_id))

    async def accounts(self) -> tuple[AccountRecord, ...]:
        """See CrmPort."""
        async with self._database.reading() as session:
            found = await session.scalars(select(AccountRow).order_by(col(AccountRow.id)))
            return tuple(account_of(row) for row in found)

    async def account_file(self, account_id: str, people: tuple[PersonId, ...] = ()) -> AccountFile:
        """See CrmPort."""
        async with self._database.reading() as session:
            account = account_of(await _row(session, account_id))
            seats = select(SeatRow).where(col(SeatRow.account_id) == account_id).order_by(col(SeatRow.role))
            records = tuple(_seat(row) for row in await session.scalars(seats))
            contacts = tuple(await session.scalars(select(ContactRow).where(col(ContactRow.account_id) == account_id)))
            left = select(FormerSeatRow).where(col(FormerSeatRow.account_id) == account_id)
            order = (col(FormerSeatRow.role), col(FormerSeatRow.person))
            former = tuple(Seat(role=r.role, person=r.person) for r in await session.scalars(left.order_by(*order)))
        email_only = any(contact.email_only for contact in contacts if contact.id == account.contact_id)
        file = await account_file(account, records, people, self._directory, self._now(), email_only=email_only)
        may_cancel = tuple(sorted(contact.id for contact in contacts if contact.may_cancel))
        listed = tuple(sorted(contact.id for contact in contacts))
        facts = file.account.model_copy(update={"contacts": listed, "may_cancel": may_cancel})
        return AccountFile(account=facts, team=file.team.model_copy(update={"former": former}), deferred=file.deferred)

    async def contacts(self, account_id: str) -> tuple[Contact, ...]:
        """See CrmPort."""
        async with self._database.reading() as session:
            await _row(session, account_id)
            wanted = select(ContactRow).where(col(ContactRow.account_id) == account_id).order_by(col(ContactRow.id))
            found = await session.scalars(wanted)
            return tuple(Contact.model_validate(row, from_attributes=True) for row in found)

    async def contacts_at(self, addresses: tuple[str, ...], domain: str = "") -> tuple[Contact, ...]:
        """See CrmPort."""
        address = func.lower(col(ContactRow.email))
        own = address.in_([one.lower() for one in addresses])
        fits = or_(own, address.endswith(f"@{domain.lower()}", autoescape=True)) if domain else own
        wanted = select(ContactRow).where(fits).order_by(col(ContactRow.id))
        async with self._database.reading() as session:
            found = await session.scalars(wanted)
            return tuple(Contact.model_validate(row, from_attributes=True) for row in found)

    async def seats_held(self, person_id: PersonId) -> tuple[SeatRecord, ...]:
        """See CrmPort."""
        held = or_(col(SeatRow.person) == person_id, col(SeatRow.deputy) == person_id)
        wanted = select(SeatRow).where(held).order_by(col(SeatRow.account_id), col(SeatRow.role))
        async with self._database.reading() as session:
            return tuple(_seat(row) for row in await session.scalars(wanted))

    async def put_account(self, account: AccountRecord) -> None:
        """See CrmPort. Raises ``PermanentFault("BadCalendar")`` for an unknown time zone or region."""
        snapshot(account.works, Years.around(self._now()))
        async with self._database.writing() as session:
            await upsert(session, [_account_row(account)])

    async def put_contact(self, contact: Contact) -> None:
        """See CrmPort."""
        async with self._database.writing() as session:
            await _row(session, contact.account_id)
            await upsert(session, [ContactRow(**flat(contact))])

    async def put_seat(self, seat: SeatRecord) -> None:
        """See CrmPort."""
        async with self._database.writing() as session:
            await _row(session, seat.account_id)
            await _seated(session, seat)

    async def change_seat(
        self, account_id: str, role: RoleId, person: PersonId, deputy: PersonId | None, key: str
    ) -> Receipt:
        """See CrmPort."""
        async with self._database.writing() as session:
            await _row(session, account_id)

            async def change() -> str:
                await _seated(session, SeatRecord(account_id=account_id, role=role, person=person, deputy=deputy))
                return stable_id("seat", key)

            return await once(session, key, self._now(), change)

    async def sync_tasks(self, request: SyncTasks) -> Receipt:
        """See CrmPort."""
        at = self._now()
        account, case = request.account_id, request.case_id
        rows = [TaskRow(**flat(each), account_id=account, case_id=case, changed_at=at) for each in request.changes]
        async with self._database.writing() as session:
            await _row(session, request.account_id)

            async def change() -> str:
                await upsert(session, rows)
                return stable_id("tasks", request.key)

            return await once(session, request.key, at, change)

    async def add_note(self, request: AddNote) -> Receipt:
        """See CrmPort."""
        at = self._now()
        async with self._database.writing() as session:
            await _row(session, request.account_id)

            async def write() -> str:
                await upsert(session, [NoteRow(**flat(request), at=at)])
                return stable_id("note", request.key)

            return await once(session, request.key, at, write)

    async def close_account(self, request: CloseAccount) -> Receipt:
        """See CrmPort."""
        async with self._database.writing() as session:
            row = await _row(session, request.account_id)

            async def close() -> str:
                await upsert(session, [_account_row(closed(account_of(row), request))])
                own = {"account_id": request.account_id, "case_id": request.case_id}
                await upsert(session, [NoteRow(key=request.key, **own, text=closing_note(request), at=request.at)])
                return stable_id("closed", request.key)

            return await once(session, request.key, self._now(), close)

    async def tag_account(self, request: TagAccount) -> Receipt:
        """See CrmPort."""
        async with self._database.writing() as session:
            row = await _row(session, request.account_id)

            async def tag() -> str:
                await upsert(session, [_account_row(tagged(account_of(row), request))])
                return stable_id("tagged", request.key)

            return await once(session, request.key, self._now(), tag)

    async def check(self) -> str:
        """See CrmPort."""
        return ""

    async def prepare(self) -> tuple[str, ...]:
        """See CrmPort."""
        return ()

    async def tasks(self, account_id: str) -> tuple[TaskStatus, ...]:
        """See CrmPort."""
        wanted = select(TaskRow).where(col(TaskRow.account_id) == account_id)
        async with self._database.reading() as session:
            await _row(session, account_id)
            found = await session.scalars(wanted.order_by(col(TaskRow.due).nulls_last(), col(TaskRow.key)))
            return tuple(TaskStatus.model_validate(row, from_attributes=True) for row in found)

    async def notes(self, account_id: str) -> tuple[NoteRecord, ...]:
        """See CrmPort."""
        wanted = select(NoteRow).where(col(NoteRow.account_id) == account_id)
        async with self._database.reading() as session:
            await _row(session, account_id)
            found = await session.scalars(wanted.order_by(col(NoteRow.at), col(NoteRow.key)))
            return tuple(NoteRecord.model_validate(row, from_attributes=True) for row in found)


async def _row(session: AsyncSession, account_id: str) -> AccountRow:
    row = await session.get(AccountRow, account_id)
    if row is None:
        sentence = f"no account has the id '{account_id}'; give the id of an account that was imported"
        raise PermanentFault(RefusalType.UNKNOWN_ACCOUNT, sentence)
    return row


async def _seated(session: AsyncSession, seat: SeatRecord) -> None:
    """The seat as it is from now on; whoever had it before is remembered (AMB-29)."""
    before = await session.get(SeatRow, (seat.account_id, seat.role))
    had = {before.person, before.deputy} if before else set()
    left = sorted(person for person in had - {seat.person, seat.deputy} if person)
    own = {"account_id": seat.account_id, "role": seat.role}
    await insert_new(session, [FormerSeatRow(**own, person=person) for person in left])
    await upsert(session, [SeatRow(**flat(seat))])


def account_of(row: AccountRow) -> AccountRecord:
    """The account in a row."""
    works = WorkingTime.model_validate(row, from_attributes=True)
    plain = row.model_dump(include=set(AccountRecord.model_fields))
    return AccountRecord(**plain, arr=Money(minor=row.arr_minor, currency=row.currency), works=works)


def _account_row(account: AccountRecord) -> AccountRow:
    return AccountRow(**flat(account, "works", "arr"), arr_minor=account.arr.minor)


def _seat(row: SeatRow) -> SeatRecord:
    return SeatRecord.model_validate(row, from_attributes=True)
