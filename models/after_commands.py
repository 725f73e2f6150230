"""The commands on what follows a cancellation: the keeping of the data, and the memory of the customer."""

from __future__ import annotations

from models.base import Command, Remark, Text
from models.win_back import TriggerKind


class LegalHoldOn(Command):
    """Nothing of this account is deleted until the hold is released (AMB-24)."""

    reason: Text


class ReleaseHold(Command):
    """The legal hold is over; what is due by now is deleted."""

    reason: Text


class EraseNow(Command):
    """A verified request for erasure: the data is deleted now, before its time (GDPR 17)."""

    verified_how: Text


class WantProof(Command):
    """The customer wants the deletion confirmed in writing (OFFB-26)."""


class CustomerReturned(Command):
    """The customer is back; what followed their leaving ends."""

    detail: Remark = ""


class RecordTrigger(Command):
    """Something happened that makes a contact worthwhile (OFFB-53)."""

    kind: TriggerKind
    detail: Text


class ContactAgain(Command):
    """Write to a former customer, with a concrete reason; at most once in the policy's time (OFFB-54)."""

    reason: Text


class LeaveInPeace(Command):
    """They want no contact any more (OFFB-51)."""

    words: Remark = ""
