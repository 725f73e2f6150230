"""How an account and a proposer stand, from the offers in the book."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from models.account import Money
from models.concession import LoadStanding, OfferState, Standing
from models.tables import CaseRow, OfferRow

_COSTS_NOTHING = (
    OfferState.REFUSED,
    OfferState.DECLINED,
    OfferState.EXPIRED,
    OfferState.LAPSED,
    OfferState.WITHDRAWN,
)


async def standing_of(session: AsyncSession, request: LoadStanding) -> Standing:
    """See ``BookPort.standing``."""
    others = (col(OfferRow.case_id) != request.case_id, col(OfferRow.kind).in_(request.price_kinds))
    accepted = (
        select(func.max(OfferRow.accepted_at))
        .join(CaseRow, col(CaseRow.case_id) == col(OfferRow.case_id))
        .where(*others, col(CaseRow.account_id) == request.account_id)
    )
    given = select(OfferRow).where(
        *others,
        col(OfferRow.proposed_by) == request.person,
        col(OfferRow.proposed_at) >= request.quarter_start,
        col(OfferRow.state).not_in(_COSTS_NOTHING),
        col(OfferRow.carried_from) == "",
    )
    spent: Counter[str] = Counter()
    for row in await session.scalars(given):
        spent[row.cost_per_year.currency] += row.cost_per_year.minor
    return Standing(
        last_accepted=await session.scalar(accepted),
        spent=tuple(Money(minor=minor, currency=currency) for currency, minor in sorted(spent.items())),
    )
