"""The commands on what follows a cancellation: the keeping of the data, and the memory of the customer."""

from __future__ import annotations

from datetime import date

from models.base import Command, Given, Id, Remark, Request, Text
from models.cancellation import DataChoice
from models.personal import PersonalKind
from models.win_back import TriggerKind


class LegalHoldOn(Command):
    """Nothing of this account is deleted until the hold is released (AMB-24).

    ``until`` is when whoever gives it decides anew, by the policy where it is left out. On a hold that is on, the
    command is that decision: it goes on.
    """

    reason: Text
    until: Given | None = None


class ReleaseHold(Command):
    """The legal hold is over; what is due by now is deleted."""

    reason: Text


class EraseNow(Command):
    """A verified request for erasure: the data is deleted now, before its time (GDPR 17)."""

    verified_how: Text


class WantProof(Command):
    """The customer wants the deletion confirmed in writing (OFFB-26)."""


class ChooseKeptData(Command):
    """What becomes of the data that is kept: deleted, or returned and then deleted, as the customer says by now."""

    choice: DataChoice
    words: Remark = ""


class CustomerReturned(Command):
    """The customer is back; what followed their leaving ends."""

    detail: Remark = ""


class ChoosePolicy(Command):
    """The policy by which the data is kept and deleted, where the one of the cancellation was renamed or removed."""

    policy: Id
    reason: Text


class ProofWanted(Request):
    """The customer wants the deletion in writing, as their cancellation heard after the closure (signal)."""

    case_id: Id


class DataChosen(Request):
    """What becomes of the data, as the cancellation heard after the closure, with what else was wanted (signal)."""

    case_id: Id
    choice: DataChoice
    proof_wanted: bool = False


class CameBack(Request):
    """The customer is back, as another case of the account heard (signal ``customer_returned``)."""

    case_id: Id
    detail: Remark = ""


class DataErased(Request):
    """The data of the account was erased, as its retention did it (signal ``data_erased``); nobody can be written to."""

    case_id: Id
    erased_at: Given


class PersonalRequest(Command):
    """A person asked for something about their own data; the answer is due by the law that protects them (AMB-26).

    ``law`` may be left out where the policy knows one alone.
    """

    kind: PersonalKind
    received_at: Given
    law: Remark = ""
    detail: Text


class RecordTrigger(Command):
    """Something happened that makes a contact worthwhile (OFFB-53)."""

    kind: TriggerKind
    detail: Text


class ContactAgain(Command):
    """Write to a former customer, with a concrete reason; at most once in the policy's time (OFFB-54).

    ``named`` is what they named when they left, in their own words, where the change is that one (TMPL-52); without it the
    letter speaks of a change, and claims nothing that they said.
    """

    reason: Text
    named: Remark = ""


class TellFixed(Command):
    """Tell them that what they named is fixed (OFFB-37): the letter is drafted, for a person to release.

    ``named`` is what they named, in their own words; ``since`` the day since which it works.
    """

    named: Text
    since: date


class SetOptIn(Command):
    """Whether they want to hear when what they named is fixed, and how they said so."""

    may_tell: bool
    words: Text


class LeaveInPeace(Command):
    """They want no contact any more (OFFB-51)."""

    words: Remark = ""
