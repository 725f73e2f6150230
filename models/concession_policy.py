"""The policy of concessions: who approves what, what is asked in return, and where no price is offered (SAVE-37..51)."""

from __future__ import annotations

from pydantic import Field

from models.base import Id, Request
from models.calendar import ZERO, Offset
from models.offer import OfferKind
from models.people import RoleId


class ConcessionRung(Request):
    """One rung of the ladder: the highest headline rate that a role may approve (SAVE-42..44, DIS-12).

    ``activity`` is the row of the RACI whose people are asked and told of it (SAVE-26).
    """

    up_to_pct: int = Field(ge=1, le=100)
    role: RoleId
    needs_reason: bool = False
    activity: Id | None = None


class OfferLetter(Request):
    """The letter (a template of the messages) in which offers of these kinds are made, where no step of the plan does."""

    template: Id
    kinds: tuple[OfferKind, ...] = Field(min_length=1)


class ConcessionRules(Request):
    """What binds every offer. A rate takes the first rung that reaches it, so that a gap is rounded up (DIS-12).

    ``ties`` are what a price concession may be tied to (DIS-13); ``blocked_categories`` are categories of root causes
    that no offer of ``price_kinds`` answers, unless the cause says of itself that one helps (SAVE-47); ``term_kinds``
    concede no price, and are told to the same people as the lowest rung of the ladder (SAVE-26); ``cooldown`` counts
    from the last accepted price concession of the account; the budget is that of one CSM for one quarter, in minor units
    of its currency. ``longest`` is the longest time for which anything is offered. Who buys less, and gives up more than
    ``less_up_to_pct`` of the revenue, needs the top of the ladder. ``roadmap_by`` are those who may put a feature first
    (DIS-31). ``escalation`` is the ladder that an approval climbs, ``applied_by`` who carries out what billing cannot,
    and ``decide_ahead`` how long before its day a decision on what follows is asked for; ``leave_within`` is how
    soon a customer who may leave by what was agreed is let go. ``judge`` is what
    whoever approves a price is asked to judge, since the software cannot (SAVE-40, SAVE-41). ``letters`` are written once
    an offer is approved, ``told_within`` that time (SAVE-37).
    """

    ladder: tuple[ConcessionRung, ...] = ()
    ties: tuple[Id, ...] = ()
    blocked_categories: tuple[str, ...] = ()
    price_kinds: tuple[OfferKind, ...] = ()
    term_kinds: tuple[OfferKind, ...] = ()
    cooldown: Offset = ZERO
    budget_minor: int = Field(default=0, ge=0)
    budget_currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    valid_for: Offset = ZERO
    approval_within: Offset = ZERO
    longest: Offset = Offset(months=24)
    less_up_to_pct: int = Field(default=100, ge=0, le=100)
    roadmap_by: tuple[RoleId, ...] = ()
    escalation: str = "standard"
    applied_by: RoleId = ""
    applied_within: Offset = ZERO
    decide_ahead: Offset = ZERO
    leave_within: Offset = ZERO
    judge: tuple[str, ...] = ()
    letters: tuple[OfferLetter, ...] = ()
    told_within: Offset = ZERO
