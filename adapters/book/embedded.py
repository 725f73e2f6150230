"""The book in the database."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement
from sqlmodel import col, select

from adapters.book.correcting import corrected_of
from adapters.book.mapping import case_entry, of_case, overdue_step, read, step_entry, step_row
from adapters.book.records import records_of
from adapters.book.shared import incidents_of
from adapters.book.standing import standing_of
from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.rows import flat, insert_new, once, stable_id, upsert
from adapters.webhooks.outgoing import announce, of_batch
from models.base import Utc
from models.book import BookBatch, BookCounts, CaseEntry, CaseFilter, OverdueStep, StepEntry
from models.case import CaseKind, Message, RefusalType, TimelineEvent
from models.concession import Approval, LoadStanding, Offer, Standing
from models.faults import PermanentFault
from models.metrics import CaseRecord
from models.people import PersonId
from models.promise import Commitment
from models.save import SaveOutcome
from models.status import Status
from models.step import StepState
from models.tables import ApprovalRow, CaseRow, CommitmentRow, FormerSeatRow, MessageRow, OfferRow, StepRow, TimelineRow
from models.work import Receipt

_SHARED = set(Status.model_fields) & set(CaseEntry.model_fields) - {"overdue"}
_UNFINISHED = (StepState.WAITING, StepState.OPEN)


class EmbeddedBook:
    """BookPort on our own tables; ``announces`` what batches tell other systems, in the same transaction."""

    def __init__(self, database: Database, now: Now = utc_now, *, announces: bool = False) -> None:
        self._database = database
        self._now = now
        self._announces = announces

    async def write(self, batch: BookBatch) -> Receipt:
        """See BookPort."""
        async with self._database.writing() as session:

            async def effect() -> str:
                await _write(session, batch)
                if self._announces:
                    await announce(session, of_batch(batch), self._now())
                return stable_id("book", batch.key)

            return await once(session, batch.key, self._now(), effect)

    async def standing(self, request: LoadStanding) -> Standing:
        """See BookPort."""
        async with self._database.reading() as session:
            return await standing_of(session, request)

    async def cases(self, wanted: CaseFilter | None = None) -> tuple[CaseEntry, ...]:
        """See BookPort."""
        chosen = wanted or CaseFilter()
        query = select(CaseRow).where(*_conditions(chosen)).limit(chosen.limit)
        async with self._database.reading() as session:
            rows = await session.scalars(query.order_by(col(CaseRow.next_due).nulls_last(), col(CaseRow.case_id)))
            return tuple(case_entry(row) for row in rows)

    async def case(self, case_id: str) -> CaseEntry:
        """See BookPort."""
        async with self._database.reading() as session:
            return case_entry(await _row(session, case_id))

    async def open_case(self, account_id: str, kind: str) -> CaseEntry | None:
        """See BookPort."""
        return await self._latest(account_id, kind, col(CaseRow.closed_at).is_(None))

    async def latest_case(self, account_id: str, kind: str) -> CaseEntry | None:
        """See BookPort."""
        return await self._latest(account_id, kind)

    async def was_deferred(self, account_id: str) -> bool:
        """See BookPort."""
        theirs = (col(CaseRow.account_id) == account_id, col(CaseRow.outcome) == SaveOutcome.DEFERRED)
        async with self._database.reading() as session:
            return await session.scalar(select(CaseRow.case_id).where(*theirs).limit(1)) is not None

    async def came_back(self, account_id: str, left_on: date) -> bool:
        """See BookPort."""
        last = [await self.latest_case(account_id, kind) for kind in (CaseKind.RETENTION, CaseKind.WIN_BACK)]
        return any(one.returned_at.date() >= left_on for one in last if one and one.returned_at)

    async def cases_of_person(self, person_id: PersonId) -> tuple[CaseEntry, ...]:
        """See BookPort."""
        unfinished = and_(col(StepRow.person) == person_id, col(StepRow.state).in_(_UNFINISHED))
        theirs = or_(
            col(CaseRow.owner) == person_id, col(CaseRow.case_id).in_(select(StepRow.case_id).where(unfinished))
        )
        query = select(CaseRow).where(col(CaseRow.closed_at).is_(None), theirs).order_by(col(CaseRow.case_id))
        async with self._database.reading() as session:
            return tuple(case_entry(row) for row in await session.scalars(query))

    async def steps(self, case_id: str) -> tuple[StepEntry, ...]:
        """See BookPort."""
        async with self._database.reading() as session:
            return await _steps(session, await _row(session, case_id))

    async def timeline(self, case_id: str) -> tuple[TimelineEvent, ...]:
        """See BookPort."""
        async with self._database.reading() as session:
            await _row(session, case_id)
            return await _timeline(session, case_id)

    async def messages(self, case_id: str) -> tuple[Message, ...]:
        """See BookPort."""
        async with self._database.reading() as session:
            await _row(session, case_id)
            return await _messages(session, case_id)

    async def overdue(self, as_of: Utc) -> tuple[OverdueStep, ...]:
        """See BookPort."""
        query = select(StepRow, CaseRow).join(CaseRow, col(CaseRow.case_id) == col(StepRow.case_id))
        ordered = query.where(*_late(as_of)).order_by(col(StepRow.due), col(StepRow.case_id), col(StepRow.id))
        async with self._database.reading() as session:
            return tuple(overdue_step(step, case) for step, case in await session.execute(ordered))

    async def counts(self, as_of: Utc) -> BookCounts:
        """See BookPort."""
        late = select(func.count()).select_from(StepRow).join(CaseRow, col(CaseRow.case_id) == col(StepRow.case_id))
        open_cases = select(func.count()).select_from(CaseRow).where(col(CaseRow.closed_at).is_(None))
        async with self._database.reading() as session:
            return BookCounts(
                open_cases=await session.scalar(open_cases) or 0,
                overdue_steps=await session.scalar(late.where(*_late(as_of))) or 0,
            )

    async def records(self) -> tuple[CaseRecord, ...]:
        """See BookPort. Four queries, however many cases there are."""
        async with self._database.reading() as session:
            return await records_of(session)

    async def status_of(self, case_id: str) -> Status:
        """See BookPort. Ten queries, whatever the case holds."""
        async with self._database.reading() as session:
            case = await _row(session, case_id)
            steps = tuple(entry.status for entry in await _steps(session, case))
            return Status(
                **case.model_dump(include=_SHARED),
                corrected=await corrected_of(session, case),
                overdue=tuple(step.id for step in steps if step.overdue),
                steps=steps,
                commitments=await _commitments(session, case_id),
                offers=await _offers(session, case_id),
                approvals=await _approvals(session, case_id),
                messages=await _messages(session, case_id),
                incidents=await incidents_of(session, case),
                timeline=await _timeline(session, case_id),
            )

    async def _latest(self, account_id: str, kind: str, *more: ColumnElement[bool]) -> CaseEntry | None:
        same = (col(CaseRow.account_id) == account_id, col(CaseRow.kind) == kind, *more)
        tried = func.coalesce(col(CaseRow.outcome), "") == SaveOutcome.REJECTED
        query = (
            select(CaseRow).where(*same).order_by(tried, col(CaseRow.opened_at).desc(), col(CaseRow.case_id)).limit(1)
        )
        async with self._database.reading() as session:
            row = await session.scalar(query)
            return case_entry(row) if row else None


async def _write(session: AsyncSession, batch: BookBatch) -> None:
    case_id = batch.case.case_id
    await upsert(session, [CaseRow(**flat(batch.case))], revised=True)
    await upsert(session, [step_row(case_id, entry) for entry in batch.steps], revised=True)
    await upsert(session, [of_case(MessageRow, case_id, each) for each in batch.messages], revised=True)
    await upsert(session, [of_case(CommitmentRow, case_id, each) for each in batch.commitments], revised=True)
    await upsert(session, [of_case(OfferRow, case_id, each) for each in batch.offers], revised=True)
    await upsert(session, [of_case(ApprovalRow, case_id, each) for each in batch.approvals], revised=True)
    await insert_new(session, [of_case(TimelineRow, case_id, event) for event in batch.timeline])
    left = ((seat, person) for seat in batch.former_seats for person in (seat.person, seat.deputy) if person)
    own = {"account_id": batch.case.account_id}
    await insert_new(session, [FormerSeatRow(**own, role=seat.role, person=person) for seat, person in left])


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    equal = {
        CaseRow.kind: wanted.kind,
        CaseRow.account_id: wanted.account_id,
        CaseRow.owner: wanted.owner,
        CaseRow.stage: wanted.stage,
        CaseRow.workflow_id: wanted.workflow_id,
    }
    conditions = [col(column) == value for column, value in equal.items() if value is not None]
    if wanted.open_only or wanted.overdue_only:
        conditions.append(col(CaseRow.closed_at).is_(None))
    if wanted.overdue_only:
        conditions.append(col(CaseRow.overdue) > 0)
    if wanted.since is not None:
        conditions.append(or_(col(CaseRow.closed_at).is_(None), col(CaseRow.closed_at) >= wanted.since))
    among = ((CaseRow.account_id, wanted.account_ids), (CaseRow.case_id, wanted.case_ids))
    return conditions + [col(column).in_(ids) for column, ids in among if ids is not None]


def _late(as_of: Utc) -> tuple[ColumnElement[bool], ...]:
    past = or_(col(StepRow.due) <= as_of, col(StepRow.due) <= col(CaseRow.as_of))
    return col(CaseRow.closed_at).is_(None), col(StepRow.state) == StepState.OPEN, past


async def _row(session: AsyncSession, case_id: str) -> CaseRow:
    row = await session.get(CaseRow, case_id)
    if row is None:
        raise PermanentFault(RefusalType.UNKNOWN_CASE, f"the book has no case '{case_id}'; give the id of a case in it")
    return row


async def _steps(session: AsyncSession, case: CaseRow) -> tuple[StepEntry, ...]:
    order = (col(StepRow.due).nulls_last(), col(StepRow.opens).nulls_last(), col(StepRow.id))
    rows = await session.scalars(select(StepRow).where(col(StepRow.case_id) == case.case_id).order_by(*order))
    return tuple(step_entry(row, case) for row in rows)


async def _timeline(session: AsyncSession, case_id: str) -> tuple[TimelineEvent, ...]:
    query = select(TimelineRow).where(col(TimelineRow.case_id) == case_id).order_by(col(TimelineRow.n))
    return tuple(read(TimelineEvent, row) for row in await session.scalars(query))


async def _messages(session: AsyncSession, case_id: str) -> tuple[Message, ...]:
    query = select(MessageRow).where(col(MessageRow.case_id) == case_id)
    return tuple(
        read(Message, row) for row in await session.scalars(query.order_by(col(MessageRow.at), col(MessageRow.id)))
    )


async def _commitments(session: AsyncSession, case_id: str) -> tuple[Commitment, ...]:
    query = select(CommitmentRow).where(col(CommitmentRow.case_id) == case_id).order_by(col(CommitmentRow.due))
    return tuple(read(Commitment, row) for row in await session.scalars(query))


async def _offers(session: AsyncSession, case_id: str) -> tuple[Offer, ...]:
    query = select(OfferRow).where(col(OfferRow.case_id) == case_id).order_by(col(OfferRow.id))
    return tuple(read(Offer, row) for row in await session.scalars(query))


async def _approvals(session: AsyncSession, case_id: str) -> tuple[Approval, ...]:
    query = select(ApprovalRow).where(col(ApprovalRow.case_id) == case_id).order_by(col(ApprovalRow.id))
    return tuple(read(Approval, row) for row in await session.scalars(query))
