"""The memory of a customer who left: what would bring them back, and how rarely they are written to (OFFB-50..55)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.base import Record, Utc
from models.case import CaseKind
from models.contact import CustomerCase
from models.leaving_stages import WinBackStage
from models.people import PersonId


class WinBackOutcome(StrEnum):
    """How the memory ends: they came back, want no contact, or nobody remembers any more."""

    RETURNED = "returned"
    CLEAN_BREAK = "clean_break"
    ENDED = "ended"
    REJECTED = "rejected"


class Memory(StrEnum):
    """How a customer who left is remembered: to be won back, or as somebody who speaks for us (OFFB-50, OFFB-55)."""

    REMEMBER = "remember"
    REFERENCE = "reference"


class TriggerKind(StrEnum):
    """What makes a contact worthwhile (OFFB-53)."""

    THEIR_VENDOR_CHANGED = "their_vendor_changed"
    TROUBLE_IN_THEIR_STACK = "trouble_in_their_stack"
    GROWTH_PHASE = "growth_phase"
    WE_FIXED_IT = "we_fixed_it"


class Trigger(Record):
    """Something that happened, and what it was. ``used_by`` is the contact that it was the occasion of; 0 while free."""

    at: Utc
    kind: TriggerKind
    detail: str
    by: PersonId
    used_by: int = 0


class Outreach(Record):
    """A contact that somebody wants, and the reason that was given for it; ``sent_at`` is when it went out,
    ``left_at`` when it was left out (UTC).

    ``named`` and ``since`` are what they named and the day since which it works, where the letter tells of that.
    """

    n: int
    at: Utc
    by: PersonId
    reason: str
    sent_at: Utc | None = None
    left_at: Utc | None = None
    named: str = ""
    since: date | None = None


class WinBackCase(CustomerCase):
    """One account that left. ``churn_reason`` is what they named; a trigger is what has changed about it.

    ``may_tell`` is whether they want to hear when what they named is fixed; None where they did not say. ``erased_at`` is
    when their data was erased, and with it whom to write to (UTC). ``memory`` is what was decided at the end of their
    cancellation (OFFB-50).
    """

    kind: CaseKind = CaseKind.WIN_BACK
    stage: WinBackStage = WinBackStage.RESTING
    outcome: WinBackOutcome | None = None
    cancellation_case_id: str = ""
    account_closed_at: Utc
    policy: str = ""
    churn_reason: str = "unknown"
    may_tell: bool | None = None
    memory: Memory = Memory.REMEMBER
    triggers: tuple[Trigger, ...] = ()
    outreaches: tuple[Outreach, ...] = ()
    erased_at: Utc | None = None
