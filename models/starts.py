"""What a case is opened with: one start input per workflow of the contract. A field that is not of the model is refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.base import Given, Id, Remark, Request, Text
from models.case import PastStep
from models.concession import CarriedOffer
from models.plan import StepSpec
from models.promise import PromiseState


class ImportedPast(Request):
    """The past of a case that ran elsewhere before: since when, and what was done already."""

    opened_at: Given
    root_cause: Id | None = None
    whys: Annotated[tuple[Text, ...], Field(max_length=5)] = ()
    done: Annotated[tuple[PastStep, ...], Field(max_length=200)] = ()


class SaveStart(Request):
    """Open a save attempt. Without a playbook the common spine runs until the root cause picks one."""

    account_id: Id
    opened_by: Id
    reason: Text
    playbook: Id | None = None
    past: ImportedPast | None = None


class CarriedCommitment(Request):
    """A promise that was made in the save and is still owed (POST-7)."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    title: Text
    owner: Id
    due: Given
    state: PromiseState = PromiseState.OPEN


class CarriedStep(Request):
    """A step to the customer that a won save leaves, with its dates (UTC); ``within`` is the meeting that may cover it."""

    spec: StepSpec
    opens: Given
    due: Given
    within: Id | None = None


class RecoveryStart(Request):
    """Begin the recovery of an account that was saved; a save that ended well does so by itself."""

    account_id: Id
    save_case_id: Id
    saved_at: Given
    commitments: Annotated[tuple[CarriedCommitment, ...], Field(max_length=50)] = ()
    outcome: Id | None = None
    offers: Annotated[tuple[CarriedOffer, ...], Field(max_length=50)] = ()
    steps: Annotated[tuple[CarriedStep, ...], Field(max_length=10)] = ()


class DeferralStart(Request):
    """A customer decides later, on a day that they named; their save is opened again then (CONV-23)."""

    account_id: Id
    save_case_id: Id
    decides_at: Given
    opened_by: Id
    detail: Remark = ""
