"""The files of what people saw, heard and were told of customers: signals, sub-metrics and KPIs, payments."""

from __future__ import annotations

from adapters.portfolio import cells
from adapters.portfolio.table import Check, Column, Table
from models.facts import FigureKind, PaymentState
from models.told import FigureRow, PaymentRow, SignalRow

SIGNALS = Table(
    file="signals.csv",
    model=SignalRow,
    columns=(
        Column("id", cells.identifier),
        Column("account", cells.identifier),
        Column("at", cells.moment, past=True),
        Column("kind", cells.identifier),
        Column("detail", cells.text, optional=True),
        Column("by", cells.identifier, optional=True),
    ),
    key=("id",),
)

SUBMETRICS = Table(
    file="submetrics.csv",
    model=FigureRow,
    columns=(
        Column("account", cells.identifier),
        Column("date", cells.day, "day", past=True),
        Column("kind", cells.one_of(FigureKind), optional=True),
        Column("name", cells.identifier),
        Column("value", cells.number),
        Column("target", cells.number, optional=True),
    ),
    key=("account", "kind", "name", "day"),
    checks=(
        Check(
            lambda row: row.kind is FigureKind.KPI or 0 <= row.value <= 100,
            "value",
            "the sub-metric is out of range",
            "a number from 0 to 100, such as 89.5",
        ),
        Check(
            lambda row: row.target is None or (row.kind is FigureKind.KPI and row.target > 0),
            "target",
            "the target fits no figure",
            "a target above 0 for a kpi, and nothing for a sub-metric",
        ),
    ),
)

PAYMENTS = Table(
    file="payments.csv",
    model=PaymentRow,
    columns=(
        Column("id", cells.identifier),
        Column("account", cells.identifier),
        Column("due_on", cells.day, past=True),
        Column("state", cells.one_of(PaymentState)),
        Column("paid_on", cells.day, optional=True, past=True),
        Column("amount", cells.amount, "amount_minor", optional=True),
        Column("currency", cells.currency, optional=True),
        Column("detail", cells.text, optional=True),
    ),
    key=("id",),
    checks=(
        Check(
            lambda row: (row.amount_minor is None) == (row.currency == ""),
            "currency",
            "an amount and its currency belong together",
            "both of them, or neither",
        ),
        Check(
            lambda row: _made_as_stated(row),
            "paid_on",
            "the day of the payment and its state disagree",
            "with paid a day up to due_on, with late one after it or nothing, with failed nothing",
        ),
    ),
)


def _made_as_stated(row: PaymentRow) -> bool:
    match row.state:
        case PaymentState.PAID:
            return row.paid_on is not None and row.paid_on <= row.due_on
        case PaymentState.LATE:
            return row.paid_on is None or row.paid_on > row.due_on
        case PaymentState.FAILED:
            return row.paid_on is None
