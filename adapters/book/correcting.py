"""What puts the outcome of a save right, as the book has it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from models.correction import Corrected
from models.tables import CaseRow


async def corrected_of(session: AsyncSession, case: CaseRow) -> Corrected | None:
    """The case of the account that says of this one that its outcome was wrong; None where there is none."""
    theirs = select(CaseRow).where(CaseRow.account_id == case.account_id, CaseRow.kind == case.kind)
    for row in await session.scalars(theirs.order_by(col(CaseRow.opened_at).desc())):
        given = row.corrects
        if given and given.case_id == case.case_id:
            return Corrected(case_id=row.case_id, outcome=row.outcome, by=given.by, at=given.at, why=given.why)
    return None
