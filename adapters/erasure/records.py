"""The records of the cases: what people wrote about a customer goes; days, steps, decisions and amounts stay."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col, select

from adapters.database import Database
from adapters.erasure.naming import naming, reviews
from models import wordless
from models.erasing import EraseData
from models.retention import Erased, ErasureMethod
from models.tables import ApprovalRow, CaseRow, CommitmentRow, OfferRow, StepRow, TimelineRow


class CaseRecords:
    """ErasableStore over the book: the texts of a customer's cases, but for the case that deletes, which proves it."""

    name, keeps_all, kept = "book", False, "case_records"

    kinds = (CaseRow, StepRow, TimelineRow, CommitmentRow, OfferRow, ApprovalRow)

    def __init__(self, database: Database) -> None:
        self._database = database

    async def erase(self, request: EraseData) -> Erased:
        """See ErasableStore. What open cases know by now goes too; what they still write stays until they end."""
        rows = 0
        async with self._database.writing() as session:
            async for row, added in _rows(session, request):
                texts = _texts(row, added)
                rows += bool(texts)
                for name, bare in texts.items():
                    setattr(row, name, bare)
        return Erased(
            store=self.name,
            what="what people wrote about the customer in the records of the cases, and the titles of steps they added",
            rows=rows,
            method=ErasureMethod.TEXTS_REMOVED,
            kept=self.kept,
        )

    async def remains(self, request: EraseData) -> int:
        """See ErasableStore."""
        async with self._database.reading() as session:
            return sum([1 async for row, added in _rows(session, request, ended=True) if _texts(row, added)])


async def _rows(
    session: AsyncSession, request: EraseData, *, ended: bool = False
) -> AsyncIterator[tuple[SQLModel, frozenset[str]]]:
    """Every row of the account's other cases that may hold a text of a person; of those alone that ended, if told so.

    With each row the ids of the steps that people added to its case, whose titles are theirs. Of reviews of many
    accounts it is what names this one.
    """
    cases = select(CaseRow).where(CaseRow.account_id == request.account_id, col(CaseRow.case_id) != request.case_id)
    if ended:
        cases = cases.where(col(CaseRow.closed_at).is_not(None))
    for case in (await session.scalars(cases)).all():
        added = await _added(session, case.case_id)
        yield case, added
        for kind in CaseRecords.kinds[1:]:
            for row in (await session.scalars(select(kind).where(kind.case_id == case.case_id))).all():
                yield row, added
    named = await naming(session, request.account_id)
    for review in await reviews(session, ended=ended):
        for kind in (StepRow, TimelineRow):
            for row in (await session.scalars(select(kind).where(kind.case_id == review.case_id))).all():
                if named.is_in(_said(row)):
                    yield row, frozenset()


def _said(row: SQLModel) -> str:
    """What people wrote into a step or a line of a review."""
    match row:
        case TimelineRow():
            return row.text
        case StepRow():
            return f"{row.reason} {row.evidence.model_dump_json() if row.evidence else ''}"
        case _:
            return ""


async def _added(session: AsyncSession, case_id: str) -> frozenset[str]:
    """The steps that people added by hand, as the history of the case has them."""
    lines = select(TimelineRow.step).where(TimelineRow.case_id == case_id, TimelineRow.kind == wordless.ADDED)
    return frozenset(step for step in (await session.scalars(lines)).all() if step)


def _texts(row: SQLModel, added: frozenset[str]) -> dict[str, object]:
    """The fields of a row in which people wrote something, each as it is without that."""
    return {name: bare for name, bare in _bare(row, added).items() if getattr(row, name) != bare}


def _bare(row: SQLModel, added: frozenset[str]) -> dict[str, object]:
    """The fields of a row that may hold what people wrote, as they are without it."""
    match row:
        case CaseRow():
            return _of_case(row)
        case StepRow():
            return _of_step(row, added)
        case TimelineRow():
            return {"text": wordless.GONE}
        case CommitmentRow():
            return {"title": row.id}
        case OfferRow():
            return wordless.offer(row.id)
        case ApprovalRow():
            return wordless.approval()
        case _:
            return {}


def _of_case(row: CaseRow) -> dict[str, object]:
    leaving: dict[str, object] = (
        {"leaving": row.leaving.model_copy(update=wordless.leaving(row.leaving))} if row.leaving else {}
    )
    return (
        {"whys": (), "stated_reason": ""}
        | leaving
        | ({"corrects": row.corrects.model_copy(update={"why": wordless.GONE})} if row.corrects else {})
    )


def _of_step(row: StepRow, added: frozenset[str]) -> dict[str, object]:
    title = {"title": row.id} if wordless.is_titled_by_person(row.id, added) else {}
    return title | wordless.step(row.ended_by, row.evidence)
