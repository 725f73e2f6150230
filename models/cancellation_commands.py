"""The commands of a cancellation (section 4 of the design): what customers, handlers and managers ask of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from models.base import Command, Given, Id, Remark, Request, Text
from models.cancellation import DataChoice, RequestChannel, Scope
from models.offer_commands import DecideApproval

CUSTOMER = "customer"
"""Who gives a command that comes from the customer directly, by the portal or by their mail."""

Answers = Annotated[dict[Id, Remark], Field(max_length=7)]
"""Answers by question; a survey has seven at most (OFFB-27)."""


class RequestCancellation(Command):
    """A request to cancel came in (CANC-10). It opens the case of the account, or joins the one that is open.

    ``requested_by`` is the contact of the account who asks, or whoever wrote. ``request_id`` is the id of the mail, ticket
    or form, so that the same one counts once; ``received_at`` when it came in (UTC). ``by`` is who took it in.
    """

    account_id: Id
    channel: RequestChannel
    requested_by: Remark = ""
    reason: Remark = ""
    requested_exit_date: date | None = None
    no_sales_contact: bool = False
    detail: Remark = ""
    scope: Scope = Scope.WHOLE
    request_id: Remark = ""
    received_at: Given | None = None
    by: Id = CUSTOMER


class Validate(Command):
    """Whether the customer means to leave, and why, at a basic level (CANC-11, CANC-23).

    ``strong_relationship``: it was strong all along, as who knows them says (CANC-34). ``unusual``: circumstances that the
    manager must look at (CANC-14). What is left out stays as it was.
    """

    intentional: bool
    reason: Id
    detail: Remark = ""
    destination: Remark = ""
    scope: Scope | None = None
    no_sales_contact: bool | None = None
    strong_relationship: bool | None = None
    unusual: Remark = ""


class DecideSave(Command):
    """A manager decides on the save attempt where the rules allow it, with a reason (CANC-44)."""

    attempt: bool
    reason: Text


class InviteToTalk(Command):
    """A further save attempt: another invitation, where the policy still allows one (CANC-41)."""

    reason: Text


class AnswerSaveInvitation(Command):
    """The customer accepted the conversation, or declined it, in their own words (CANC-13)."""

    accepted: bool
    words: Remark = ""
    by: Id = CUSTOMER


class DecideLeaving(DecideApproval):
    """A manager or a lawyer has looked at it; ``approval_id`` is the step. An objection stops nobody (CANC-48)."""


class Confirm(Command):
    """The cancellation is confirmed with its end date; without one the policy's default holds (CANC-45).

    ``waiver`` is why an earlier date than the contract's is granted (CANC-47), ``consent`` how the customer agreed to an
    earlier one than they asked for.
    """

    exit_date: date | None = None
    consent: Remark = ""
    waiver: Remark = ""
    fast: bool = False


class ChangeEndDate(Command):
    """The end date is changed with the customer, who agreed to it in these words."""

    exit_date: date
    consent: Text
    waiver: Remark = ""


class RequestExport(Command):
    """The customer wants their data now, before anything is confirmed (OFFB-9, DIS-25)."""

    by: Id = CUSTOMER


class Withdraw(Command):
    """The customer stays after all, and has confirmed it: true from the customer, or how they did (AMB-18)."""

    confirmed_by_customer: bool | Text
    by: Id = CUSTOMER


class AnswerSurvey(Command):
    """The customer answered the exit survey, or the question about the cancellation itself (OFFB-27..32, AMB-28)."""

    answers: Answers = {}
    satisfaction: Annotated[int, Field(ge=0, le=10)] | None = None
    by: Id = CUSTOMER


class DeclineSurvey(Command):
    """The customer does not want to be asked (OFFB-34)."""

    words: Remark = ""
    by: Id = CUSTOMER


class SetCleanBreak(Command):
    """The customer wants no contact any more, or takes that back (OFFB-51)."""

    clean_break: bool = True
    words: Remark = ""
    by: Id = CUSTOMER


class ChooseData(Command):
    """What becomes of the data: deleted, or returned and then deleted (GDPR 28(3)(g))."""

    choice: DataChoice
    by: Id = CUSTOMER


class RequestDeletionProof(Command):
    """The customer wants it in writing that their data was deleted (OFFB-26)."""

    by: Id = CUSTOMER


class SaveOpened(Request):
    """A save case of the account was opened beside the cancellation, and asks what is left to it (signal) (CANC-41)."""

    case_id: Id
    opened_at: Given


class SaveAttempted(Request):
    """The save case of the account spoke to the customer by itself, which is a save attempt (CANC-41) (signal)."""

    case_id: Id
    at: Given
    by: Id


class SaveFinished(Request):
    """The save attempt of the account ended (signal from its save case)."""

    case_id: Id
    outcome: Id
