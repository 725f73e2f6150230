"""The tables of the facts as frames: of the whole portfolio, or of one account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Select, and_, case, func, literal, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import NullType
from sqlmodel import col

from models.base import Utc
from models.case import CaseKind
from models.contact import STATEMENT
from models.detection import Reach
from models.facts import PAYMENT_KINDS, FigureKind, PaymentState
from models.portfolio import Fact
from models.tables import (
    AccountRow,
    CaseRow,
    ContactRow,
    FigureRow,
    InboundRow,
    NpsRow,
    PaymentRow,
    TicketRow,
    TimelineRow,
)
from rules.detection import frames

_PIECE = 50_000
"""Rows that are read at a time."""
_CURRENT = "current"

Query = Select[Any]
Own = Callable[[Any], list[Any]]
SHAPES: dict[str, pl.Schema] = {
    "accounts": frames.ACCOUNTS,
    "given": frames.GIVEN,
    "tickets": frames.TICKETS,
    "nps": frames.NPS,
    "signals": frames.SIGNALS,
    "tagged": pl.Schema(
        {"account_id": pl.String(), "at": frames.SIGNALS["at"], "text": pl.String(), "source": pl.String()}
    ),
    "unpaid": pl.Schema({"account_id": pl.String(), "due_on": pl.Date(), "kind": pl.String(), "source": pl.String()}),
}
"""What is read from tables: frames of detection, and payments that were missed."""


def queries(at: Utc, reach: Reach, account_id: str | None = None) -> dict[str, Query]:
    """What is read for each frame, with its columns in order: the facts until ``at``, of one account or of all."""
    day = at.date() - timedelta(days=reach.facts)
    since = datetime.combine(day, time(), UTC)

    def own(column: Any) -> list[Any]:
        return [column == account_id] if account_id else []

    tickets = (TicketRow.id, TicketRow.account_id, TicketRow.opened_at, TicketRow.sentiment, TicketRow.csat)
    votes = (NpsRow.account_id, NpsRow.at, NpsRow.score)
    given = (FigureRow.account_id, FigureRow.day, FigureRow.name, FigureRow.value)
    is_given = (col(FigureRow.kind) == FigureKind.SUBMETRIC, col(FigureRow.day).between(day, at.date()))
    return {
        "accounts": _accounts(at, own),
        "given": _read(*given).where(*is_given, *own(FigureRow.account_id)),
        "tickets": _read(*tickets).where(col(TicketRow.opened_at).between(since, at), *own(TicketRow.account_id)),
        "nps": _read(*votes).where(col(NpsRow.at).between(since, at), *own(NpsRow.account_id)),
        "signals": _signals(since, at, own),
        "unpaid": _unpaid(day, at.date(), own),
        "tagged": _tagged(since, at, own),
    }


def newest_ticket(at: Utc, reach: Reach) -> Query:
    """The moment of the latest ticket of anybody until ``at``; none where nobody wrote any as far back as rules look."""
    since = datetime.combine(at.date() - timedelta(days=reach.facts), time(), UTC)
    return select(func.max(col(TicketRow.opened_at))).where(col(TicketRow.opened_at).between(since, at))


def _accounts(at: Utc, own: Own) -> Query:
    """An account with the people of it that are known, its last payment, and whether a save of it is open.

    A reference counts as strategic (RISK-99).
    """
    said = col(ContactRow.sponsor)
    sponsor = func.max(case((said.is_(True), 1), (said.is_(False), 0))).label("sponsor")
    counted = select(col(ContactRow.account_id), func.count().label("n"), sponsor)
    people = counted.where(*own(ContactRow.account_id)).group_by(col(ContactRow.account_id)).subquery()
    last = func.row_number().over(
        partition_by=col(PaymentRow.account_id), order_by=(col(PaymentRow.due_on).desc(), col(PaymentRow.id).desc())
    )
    ranked = (
        select(col(PaymentRow.account_id), col(PaymentRow.state), last.label("n"))
        .where(col(PaymentRow.due_on) <= at.date(), *own(PaymentRow.account_id))
        .subquery()
    )
    state = case((ranked.c.state == PaymentState.PAID, literal(_CURRENT)), else_=ranked.c.state)
    saves = and_(
        col(CaseRow.account_id) == col(AccountRow.id),
        col(CaseRow.kind) == CaseKind.SAVE,
        col(CaseRow.closed_at).is_(None),
    )
    columns = (
        *map(col, (AccountRow.id, AccountRow.arr_minor, AccountRow.currency, AccountRow.renewal_date)),
        *(
            col(AccountRow.customer_since),
            or_(col(AccountRow.strategic), col(AccountRow.reference)),
            people.c.n,
            people.c.sponsor,
            state,
        ),
        *(col(AccountRow.churned_on).is_not(None), select(col(CaseRow.case_id)).where(saves).exists()),
    )
    return (
        _read(*columns)
        .join(people, people.c.account_id == col(AccountRow.id), isouter=True)
        .join(ranked, and_(ranked.c.account_id == col(AccountRow.id), ranked.c.n == 1), isouter=True)
        .where(*own(AccountRow.id))
        .order_by(col(AccountRow.id))
    )


def _signals(since: Utc, at: Utc, own: Own) -> Query:
    columns = (InboundRow.account_id, InboundRow.at, InboundRow.kind, InboundRow.source)
    told = (col(InboundRow.fact) == Fact.RISK_SIGNAL, col(InboundRow.at).between(since, at))
    return _read(*columns).where(*told, *own(InboundRow.account_id))


def _unpaid(since: date, until: date, own: Own) -> Query:
    """A payment that came late or not at all is a signal too (RISK-53)."""
    kind = case(*((col(PaymentRow.state) == state, literal(kind)) for kind, state in PAYMENT_KINDS.items()))
    columns = (col(PaymentRow.account_id), col(PaymentRow.due_on), kind, col(PaymentRow.source))
    missed = (col(PaymentRow.state) != PaymentState.PAID, col(PaymentRow.due_on).between(since, until))
    return _read(*columns).where(*missed, *own(PaymentRow.account_id))


def _tagged(since: Utc, at: Utc, own: Own) -> Query:
    """What a customer said in an open save, as a person tagged it (RISK-25); what was said in a closed one is decided."""
    columns = (col(CaseRow.account_id), col(TimelineRow.at), col(TimelineRow.text), col(CaseRow.workflow_id))
    open_save = (col(CaseRow.kind) == CaseKind.SAVE, col(CaseRow.closed_at).is_(None))
    said = (col(TimelineRow.kind) == STATEMENT, col(TimelineRow.at).between(since, at), *open_save)
    of_case = col(CaseRow.case_id) == col(TimelineRow.case_id)
    return _read(*columns).join_from(TimelineRow, CaseRow, of_case).where(*said, *own(CaseRow.account_id))


def spoken(tagged: pl.DataFrame) -> pl.DataFrame:
    """Tagged statements as signals; the line of a case's history begins with the code."""
    code = pl.col("text").str.extract(r"^(\w+)")
    return tagged.select("account_id", "at", kind=code, source="source")


def as_signals(unpaid: pl.DataFrame) -> pl.DataFrame:
    """Payments that were missed as the signals that they are, of the day on which they were due."""
    return unpaid.select("account_id", at=pl.col("due_on").cast(frames.SIGNALS["at"]), kind="kind", source="source")


def _read(*columns: Any) -> Query:
    """A query whose values come as the database has them: to make Python's own of each costs more than all the rest."""
    as_they_are: list[Any] = [type_coerce(column, NullType()) for column in columns]
    return select(*as_they_are)


async def frame(
    session: AsyncSession, name: str, query: Query, beat: Callable[[], None] = lambda: None
) -> pl.DataFrame:
    """The rows of a query as the frame of that name, read piece by piece."""
    shape = SHAPES[name]
    pieces = [shape.to_frame()]
    connection = await session.connection()
    async with connection.stream(query) as found:
        async for rows in found.partitions(_PIECE):
            beat()
            columns = zip(shape.items(), zip(*rows, strict=True), strict=True)
            pieces.append(pl.DataFrame([_column(key, kind, values) for (key, kind), values in columns]))
    return pl.concat(pieces)


def _column(name: str, kind: pl.DataType, values: tuple[Any, ...]) -> pl.Series:
    """A column of its kind; SQLite has days and moments as text, and these are UTC."""
    column = pl.Series(name, values, strict=False)
    if column.dtype == pl.String and isinstance(kind, pl.Datetime):
        return column.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us").dt.replace_time_zone("UTC")
    return column.str.to_date() if column.dtype == pl.String and kind == pl.Date() else column.cast(kind)
