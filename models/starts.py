"""What a case is opened with: one start input per workflow of the contract. A field that is not of the model is refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.base import Given, Id, Remark, Request, Text
from models.cancellation import DataChoice
from models.concession import CarriedOffer
from models.correction import Correction
from models.past_step import PastStep
from models.people import RoleId
from models.personal import PersonsRequest
from models.plan import StepSpec
from models.promise import PromiseKind, PromiseSource, PromiseState
from models.win_back import Memory


class ImportedPast(Request):
    """The past of a case that ran elsewhere before: since when, and what was done already."""

    opened_at: Given
    root_cause: Id | None = None
    whys: Annotated[tuple[Text, ...], Field(max_length=5)] = ()
    done: Annotated[tuple[PastStep, ...], Field(max_length=200)] = ()


class CarriedCommitment(Request):
    """A promise that was made in another case of the account and is still owed, as far as it had come (POST-7)."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    title: Text
    owner: Id
    due: Given
    state: PromiseState = PromiseState.OPEN
    source: PromiseSource | None = None
    kind: PromiseKind = PromiseKind.GENERAL
    made_by: Id | None = None
    made_at: Given | None = None
    evidence: str = ""
    breached_at: Given | None = None
    done_at: Given | None = None
    communicated_at: Given | None = None


class KnownBefore(Request):
    """What a former save of the account found out, for the one that goes on where it ended (CONV-23).

    ``remarks`` are its closing notes, and what was said and offered in it, a line for each.
    """

    playbook: Id | None = None
    root_cause: Id | None = None
    whys: Annotated[tuple[Text, ...], Field(max_length=5)] = ()
    stated_reason: Remark = ""
    remarks: Annotated[tuple[Remark, ...], Field(max_length=50)] = ()


class SaveStart(Request):
    """Open a save attempt. Without a playbook the common spine runs until the root cause picks one.

    What the case ``carried_from`` still owes the customer goes along: its promises, and its offers in force; so does
    what it had found out (``known``). ``beside`` is the recovery of the account that goes on meanwhile, ``cancellation`` its
    cancellation. The roles ``barred_roles`` have no part in the case: the customer wants no sales conversation (CANC-36).
    ``corrects`` is the save whose outcome was stated wrongly, which this one puts right (CONV-21).
    The case begins no earlier than ``begins_at`` (UTC): where the clock of the case that opened it stood, which may be
    ahead of the wall's on a local development server.
    """

    account_id: Id
    opened_by: Id
    reason: Text
    playbook: Id | None = None
    past: ImportedPast | None = None
    carried_from: Id | None = None
    commitments: tuple[CarriedCommitment, ...] = ()
    offers: tuple[CarriedOffer, ...] = ()
    known: KnownBefore | None = None
    beside: Id | None = None
    cancellation: Id | None = None
    barred_roles: tuple[RoleId, ...] = ()
    begins_at: Given | None = None
    corrects: Correction | None = None


class CarriedStep(Request):
    """A step to the customer that a won save leaves, with its dates (UTC); ``within`` is the meeting that may cover it."""

    spec: StepSpec
    opens: Given
    due: Given
    within: Id | None = None


class RecoveryStart(Request):
    """Begin the recovery of an account that was saved; a save that ended well does so by itself.

    It begins no earlier than ``begins_at`` (UTC), as a save does.
    """

    account_id: Id
    save_case_id: Id
    saved_at: Given
    commitments: tuple[CarriedCommitment, ...] = ()
    outcome: Id | None = None
    offers: tuple[CarriedOffer, ...] = ()
    steps: Annotated[tuple[CarriedStep, ...], Field(max_length=10)] = ()
    known: KnownBefore | None = None
    begins_at: Given | None = None


class TakeOver(Request):
    """What a case of the account that ended still owes the customer, for one that was open already (SAVE-29, POST-11).

    ``known`` is what it had found out (CONV-23), ``corrects`` the save whose outcome was stated wrongly (CONV-21),
    ``outcome`` how a won save ended.
    """

    case_id: Id
    commitments: tuple[CarriedCommitment, ...] = ()
    offers: tuple[CarriedOffer, ...] = ()
    steps: Annotated[tuple[CarriedStep, ...], Field(max_length=10)] = ()
    known: KnownBefore | None = None
    corrects: Correction | None = None
    outcome: Id | None = None


class HandedOver(Request):
    """The save ``case_id`` took over what a deferral carried, which carries nothing more than its day (SAVE-29)."""

    case_id: Id


class DeferralStart(Request):
    """A customer decides later, on a day that they named; their save is opened again then (CONV-23).

    What they were promised or given goes along, and what was known of them, to whoever opens it again. ``earlier`` is
    what a deferral still carries whose place this one takes; what came from the cases ``taken_over`` is in it already.
    """

    account_id: Id
    save_case_id: Id
    decides_at: Given
    opened_by: Id
    detail: Remark = ""
    commitments: tuple[CarriedCommitment, ...] = ()
    offers: tuple[CarriedOffer, ...] = ()
    known: KnownBefore | None = None
    taken_over: tuple[Id, ...] = ()
    earlier: TakeOver | None = None


class RetentionStart(Request):
    """An account was closed: its data is kept as long as the policy says, and deleted then (OFFB-24..26).

    ``data_choice`` is whether it is given back before (GDPR 28(3)(g)); None where the customer did not say. ``written_to``
    is the contact who gets its letters, who asked and may cancel; empty where nobody who may was known.
    ``personal_requests`` are those that its cancellation did not answer yet; their clocks go on (AMB-26). It begins no
    earlier than ``begins_at`` (UTC), as a save does.
    """

    account_id: Id
    cancellation_case_id: Id
    closed_at: Given
    policy: Id = "default"
    proof_wanted: bool = False
    data_choice: DataChoice | None = None
    written_to: Remark = ""
    personal_requests: Annotated[tuple[PersonsRequest, ...], Field(max_length=100)] = ()
    begins_at: Given | None = None


class ClosedAgain(RetentionStart):
    """The account was closed while a retention of it is open, which takes the new closure up (signal ``account_closed``)."""


class WinBackStart(Request):
    """A customer has left; somebody remembers them, and nobody bothers them (OFFB-50..55).

    ``may_tell`` is whether they want to hear when what they named is fixed; None where they did not say. ``erased_at`` is
    when their data was erased, where that was before (UTC). It begins no earlier than ``begins_at`` (UTC), as a save does.
    """

    account_id: Id
    cancellation_case_id: Id
    closed_at: Given
    reason: Id = "unknown"
    policy: Id = "default"
    may_tell: bool | None = None
    erased_at: Given | None = None
    memory: Memory = Memory.REMEMBER
    begins_at: Given | None = None
