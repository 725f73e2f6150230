"""A fact that a person gives by command: a signal, a payment, a sub-metric or a KPI; or what is wrong with it."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime

from pydantic import Field

from models.account import Money
from models.base import Id, Record, Remark, Utc
from models.facts import PAYMENT_KINDS, Figure, FigureKind, InboundFact, Payment
from models.facts_policy import FactWords
from models.people import PersonId
from rules.refusal import one_of


class BadFact(Exception):
    """A fact that cannot be kept; the sentence says what was wrong and what would be right."""


class GivenFact(Record):
    """What a person says. ``kind`` is that of a signal or of a payment, or empty where a figure is given."""

    account_id: Id
    by: PersonId
    at: Utc
    kind: str = ""
    detail: Remark = ""
    id: str = ""
    amount: Money | None = None
    submetric: tuple[str, float] | None = None
    kpi: tuple[str, float] | None = None
    target: float | None = Field(default=None)


def fact_of(given: GivenFact, words: FactWords, currency: str, now: datetime) -> InboundFact | Payment | Figure:
    """The fact as it is kept. ``currency`` is the account's. Raises ``BadFact``."""
    if given.at > now:
        raise BadFact(f"{given.at:%Y-%m-%d %H:%M} UTC lies in the future; give the moment at which it happened")
    said = [bool(given.kind), given.submetric is not None, given.kpi is not None]
    if sum(said) != 1:
        raise BadFact("a fact is one of --kind, --submetric and --kpi; give exactly one of them")
    if given.kind:
        return _payment(given, currency) if given.kind in PAYMENT_KINDS else _signal(given, words)
    return _figure(given, words)


def _signal(given: GivenFact, words: FactWords) -> InboundFact:
    if given.kind not in words.signals:
        known = one_of((*words.signals, *PAYMENT_KINDS))
        raise BadFact(f"'{given.kind}' is no kind of fact; one of: {known}")
    if given.amount is not None:
        raise BadFact("an amount belongs to payment_late and payment_failed; leave it out")
    return InboundFact(
        id=given.id or _id(given, given.kind),
        account_id=given.account_id,
        at=given.at,
        kind=given.kind,
        detail=given.detail,
        by=given.by,
    )


def _payment(given: GivenFact, currency: str) -> Payment:
    if given.amount is not None and given.amount.currency != currency:
        raise BadFact(f"the account pays in {currency}, and amounts are not converted; give an amount in {currency}")
    return Payment(
        id=given.id or _id(given, given.kind),
        account_id=given.account_id,
        due_on=given.at.date(),
        state=PAYMENT_KINDS[given.kind],
        amount=given.amount,
        detail=given.detail,
    )


def _figure(given: GivenFact, words: FactWords) -> Figure:
    name, value = given.submetric or given.kpi or ("", math.nan)
    kind = FigureKind.SUBMETRIC if given.submetric else FigureKind.KPI
    if kind is FigureKind.SUBMETRIC and name not in words.submetrics:
        raise BadFact(f"'{name}' is no sub-metric; one of: {one_of(words.submetrics)}")
    if not math.isfinite(value):
        raise BadFact(f"{value} is no number; give one such as 89.5")
    if kind is FigureKind.SUBMETRIC and not 0 <= value <= 100:
        raise BadFact(f"{value:g} is out of range; a sub-metric is a number from 0 to 100")
    if given.target is not None and (kind is FigureKind.SUBMETRIC or not 0 < given.target < math.inf):
        raise BadFact("a target is a number above 0 for a KPI; leave it out for a sub-metric")
    day = given.at.date()
    return Figure(account_id=given.account_id, kind=kind, name=name, day=day, value=value, target=given.target)


def _id(given: GivenFact, kind: str) -> str:
    """The same for the same fact of a day, so that a command that is sent twice counts once."""
    amount = f"{given.amount.minor} {given.amount.currency}" if given.amount else ""
    said = "|".join((given.account_id, kind, f"{given.at:%Y-%m-%d}", given.detail, amount, given.by))
    return f"cmd-{hashlib.sha256(said.encode()).hexdigest()[:20]}"
