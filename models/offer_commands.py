"""The commands on offers: propose one, decide on its approval, record the customer's answer (SAVE-37..51)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from models.base import Command, Id, LineRemark, Remark, Request, Text
from models.calendar import Offset

Months = Annotated[str, StringConstraints(pattern=r"^\d{1,3}(-\d{1,3})?$")]
"""Months after acceptance, counted from 1: one of them as ``4``, or several as ``1-3``."""


class OfferedStep(Request):
    """One step of a phased price; whether its figure makes sense is a matter of the rules."""

    months: Months
    pct: int


class ProposeOffer(Command):
    """Propose an offer that the playbook authorises, by its id there; its approval is asked for at once.

    ``pct`` is the percentage off and ``lasts`` for how long; a ``schedule`` gives several rates in place of both. ``price``
    is the new price of a year in minor units, where less is bought for less. ``tied_to`` is what is asked in return,
    ``tie_ref`` the promise or step that stands for it. ``details`` are what the offer needs besides.
    """

    offer: Id
    title: LineRemark = ""
    pct: int | None = None
    lasts: Offset | None = None
    schedule: Annotated[tuple[OfferedStep, ...], Field(max_length=24)] = ()
    price: int | None = None
    tied_to: Id | None = None
    tie_ref: Id | None = None
    details: Annotated[dict[Id, Remark], Field(max_length=10)] = {}
    reason: Remark = ""


class Decision(StrEnum):
    """What is decided on an offer."""

    APPROVED = "approved"
    REFUSED = "refused"


class DecideApproval(Command):
    """An offer is approved or refused by somebody with the authority for it, never by whoever proposed it."""

    approval_id: Id
    decision: Decision
    reason: Remark = ""


class OfferAnswer(StrEnum):
    """What the customer says to an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class AnswerOffer(Command):
    """The customer accepted or declined an approved offer; what is accepted is applied at once."""

    offer_id: Id
    answer: OfferAnswer
    evidence: Text


class WithdrawOffer(Command):
    """An offer is taken back that the customer has not accepted yet."""

    offer_id: Id
    reason: Text
