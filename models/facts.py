"""What is known of an account from other systems and from people, each fact stored once with where it came from."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from models.account import Money
from models.base import Id, Record, Utc
from models.people import PersonId

MEASURES = ("active_users", "logins", "key_feature_events")
"""The measures of product use that every sweep reads."""

Metric = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""The name of a measure of product use."""

Count = Annotated[int, Field(ge=0, le=10**12)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Origin(Record):
    """Where a fact came from and when it was received (UTC): ``csv:FILE``, ``segment``, ``command:PERSON``, ``crm``."""

    source: str
    received_at: Utc


class UsageFact(Record):
    """One measure of the product on one day, such as ``active_users``, as the rules compute with it."""

    account_id: Id
    day: date
    metric: str
    value: float


class UsageDay(Record):
    """The use of the product on one day, UTC. Natural key: account, day. What is None or absent was not measured.

    ``more`` holds measures of a company's own, by their names.
    """

    account_id: Id
    day: date
    active_users: Count | None = None
    logins: Count | None = None
    key_feature_events: Count | None = None
    more: dict[Metric, Amount] = Field(default_factory=dict)

    @field_validator("more")
    @classmethod
    def _of_their_own(cls, more: dict[str, float]) -> dict[str, float]:
        taken = sorted(set(more) & {*Origin.model_fields, *cls.model_fields})
        if taken:
            raise ValueError(f"'{taken[0]}' is a name of the usage history itself; give the measure another one")
        return more

    @property
    def measures(self) -> tuple[UsageFact, ...]:
        """The measures of the day one by one, by their names."""
        known: dict[str, float | None] = {name: getattr(self, name) for name in MEASURES}
        given = {name: value for name, value in (known | self.more).items() if value is not None}
        return tuple(
            UsageFact(account_id=self.account_id, day=self.day, metric=name, value=value)
            for name, value in sorted(given.items())
        )


class Ticket(Record):
    """A support ticket with its text, its tone (RISK-20) and its CSAT of 1 to 10 (RISK-82). Natural key: id.

    ``answered_at`` is when support first responded; ``closed_at`` when it was resolved.
    """

    id: Id
    account_id: Id
    opened_at: Utc
    answered_at: Utc | None = None
    closed_at: Utc | None = None
    severity: str = ""
    sentiment: str = ""
    csat: int | None = Field(default=None, ge=1, le=10)
    locale: str = "en"
    subject: str = ""
    text: str = ""


class NpsAnswer(Record):
    """An answer to "would you recommend us", 0 to 10. Natural key: account, contact, moment."""

    account_id: Id
    contact_id: str = ""
    at: Utc
    score: int = Field(ge=0, le=10)
    comment: str = ""


class InboundFact(Record):
    """Something that reached the company about an account: a risk signal or a request. Natural key: id.

    ``fact`` is ``risk_signal``, ``open_save`` or ``run_playbook``; ``kind`` is the kind of the signal or the reason of
    the request.
    """

    id: Id
    account_id: Id
    at: Utc
    fact: str = "risk_signal"
    kind: str
    playbook: str | None = None
    detail: str = ""
    by: PersonId | None = None


class PaymentState(StrEnum):
    """What became of a payment: made in time, made or still open after its day, or refused by the bank (RISK-53)."""

    PAID = "paid"
    LATE = "late"
    FAILED = "failed"


PAYMENT_KINDS = {"payment_late": PaymentState.LATE, "payment_failed": PaymentState.FAILED}
"""Kinds that are payments (RISK-53), which are facts of their own; detection sees them as signals."""


class Payment(Record):
    """A payment of an account and what became of it (RISK-53). Natural key: id. ``amount`` may be unknown."""

    id: Id
    account_id: Id
    due_on: date
    state: PaymentState
    paid_on: date | None = None
    amount: Money | None = None
    detail: str = ""


class FigureKind(StrEnum):
    """What a given figure is: a sub-metric of the health score, 0 to 100, or a KPI of the customer's own (RISK-63..68)."""

    SUBMETRIC = "submetric"
    KPI = "kpi"


class Figure(Record):
    """A figure that somebody gave of an account on a day. Natural key: account, kind, name, day.

    ``target`` is what a KPI should come to.
    """

    account_id: Id
    kind: FigureKind
    name: str
    day: date
    value: float = Field(allow_inf_nan=False)
    target: float | None = Field(default=None, gt=0, allow_inf_nan=False)


class KnownFact(Record):
    """A fact as a list shows it: what it is, of when, and where it came from; what has no day just is so."""

    what: str
    at: date | None = None
    text: str
    source: str = ""
    received_at: Utc | None = None
