"""What people saw, heard and were told of customers, one model per CSV row."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.base import Id, Record, Utc
from models.facts import FigureKind, PaymentState
from models.people import PersonId


class Row(Record):
    """What every row has: the line of its file that it starts on."""

    line: int = 0


class SignalRow(Row):
    """Something that somebody saw or heard of a customer; ``kind`` is a word that detection knows."""

    id: Id
    account: Id
    at: Utc
    kind: Id
    detail: str = ""
    by: PersonId | None = None


class FigureRow(Row):
    """A sub-metric of the health score, 0 to 100, or a KPI of the customer with its target."""

    account: Id
    day: date
    kind: FigureKind = FigureKind.SUBMETRIC
    name: Id
    value: float
    target: float | None = None


class PaymentRow(Row):
    """A payment and what became of it. ``amount_minor`` is in minor units of ``currency``."""

    id: Id
    account: Id
    due_on: date
    state: PaymentState
    paid_on: date | None = None
    amount_minor: int | None = Field(default=None, ge=0)
    currency: str = ""
    detail: str = ""
