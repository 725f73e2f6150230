"""The commands of a cancellation: each takes the case, the command and the time, and gives the new case or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import cancellation_commands as cc
from models import commands as c
from models.cancellation import CLOSED, CONFIRMED, CancellationCase, ReasonBefore
from models.case import RefusalType
from models.contract_names import NAMES
from models.step import Evidence
from rules import attesting, authority, ending, obeying, personal, steps, talking, unsent
from rules.cancellation import (
    approvals,
    confirming,
    early,
    facilitator,
    feedback,
    lifecycle,
    policies,
    requests,
    save_talk,
    scoping,
    stages,
    transferring,
    withdrawing,
)
from rules.edit import change, say
from rules.refusal import Refused, one_of

NEXT = "a new request opens a new cancellation"
VALIDATION, REVENUE = "validation", "revenue_closed"


def apply(case: CancellationCase, command: c.Command, now: datetime) -> CancellationCase:
    """The case after a command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    requests.check_not_left(case, command)
    ending.check_open(case, NEXT)
    name = NAMES[type(command)]
    if command.by != cc.CUSTOMER or name not in FROM_CUSTOMERS:
        authority.check(case, name, command.by)
        authority.check_not_barred(case, command.by)
    changed: CancellationCase = _HANDLERS[type(command)](case, command, now)
    return stages.settle(changed, now)


def validate(case: CancellationCase, command: cc.Validate, now: datetime) -> CancellationCase:
    """The wish is clear: whether the customer means it, and why; then the save decision follows by the rules."""
    if case.anchor(CONFIRMED):
        raise Refused(RefusalType.ALREADY_DECIDED, "the cancellation is confirmed; the reason is on record")
    if command.reason not in policies.REASONS:
        known = one_of(policies.REASONS)
        raise Refused(RefusalType.BAD_PAYLOAD, f"'{command.reason}' is no reason that is known; known: {known}")
    case = _noted(_corrected(case, command, now), command)
    word = "means to leave" if command.intentional else "does not mean to leave"
    detail = f": {command.detail}" if command.detail else ""
    proof = Evidence(text=f"the customer {word}; reason {command.reason}{detail}")
    case = steps.end_by_command(case, VALIDATION, proof, command.by, now)
    return save_talk.said(case, now) if command.intentional else case


def request_export(case: CancellationCase, command: cc.RequestExport, now: datetime) -> CancellationCase:
    """The customer wants their data now."""
    return confirming.ask_for_export(case, command.by, now)


def complete_step(case: CancellationCase, command: c.CompleteStep, now: datetime) -> CancellationCase:
    """A step is done by evidence; an exit interview is led by somebody neutral where that is asked for (OFFB-35)."""
    facilitator.check(case, command.step_id, command.by)
    transferring.check(case, command)
    early.check_done(case, command, now)
    step, _ = steps.find(case, command.step_id)
    if step.step_id == REVENUE:
        attesting.check_each_its_own(step.id, command.evidence.items)
    return lifecycle.step_ended(obeying.complete_step(case, command, now), step, now)


def release_message(case: CancellationCase, command: c.ReleaseMessage, now: datetime) -> CancellationCase:
    """A letter goes out in the name of whoever releases it; that of the interview by its neutral facilitator (OFFB-35)."""
    message = next((message for message in case.messages if message.id == command.message_id), None)
    if message:
        facilitator.check(case, message.step, command.by)
    return obeying.release_message(case, command, now)


def reopen_step(case: CancellationCase, command: c.ReopenStep, now: datetime) -> CancellationCase:
    """As any step, but for a letter that nobody can get any more, and an invitation, which counts as an attempt."""
    save_talk.check_reopened(case, steps.find(case, command.step_id)[0])
    unsent.check_reopened(case, command.step_id, case.erased_at)
    return obeying.HANDLERS[c.ReopenStep](case, command, now)  # type: ignore[no-any-return]


def _corrected(case: CancellationCase, command: cc.Validate, now: datetime) -> CancellationCase:
    """A reason that was noted before is kept beside the one that corrects it."""
    before = (case.churn_reason, case.reason_detail)
    reason = policies.reason_code(command.reason)
    detail = command.detail or (case.reason_detail if reason == case.churn_reason else "")
    after = (reason, detail)
    if case.intentional is None or before == after:
        return case
    kept = ReasonBefore(reason=before[0], detail=before[1], corrected_at=now, corrected_by=command.by)
    was, now_is = (f"{reason}: {detail}".rstrip(": ") for reason, detail in (before, after))
    case = change(case, reasons_before=(*case.reasons_before, kept), reason_detail=detail)
    return say(case, now, "reason_corrected", f"was {was}; is {now_is}", by=command.by)


def _noted(case: CancellationCase, command: cc.Validate) -> CancellationCase:
    strong = command.strong_relationship
    no_sales = case.no_sales_contact if command.no_sales_contact is None else command.no_sales_contact
    return change(
        case,
        intentional=command.intentional,
        churn_reason=policies.reason_code(command.reason),
        reason_detail=command.detail or case.reason_detail,
        destination=command.destination or case.destination,
        no_sales_contact=no_sales,
        strong_relationship=case.strong_relationship if strong is None else strong,
        unusual=command.unusual or case.unusual,
        scope=command.scope or scoping.scope_of(case),
    )


def personal_request(case: CancellationCase, command: ac.PersonalRequest, now: datetime) -> CancellationCase:
    """A person asked for something about their own data: the clock of their law starts at once (AMB-26)."""
    policy = policies.leaving_policy(case)
    if case.anchor(CLOSED) or policy is None:
        instead = "give it to the retention of the account" if policy else "its policy is not known yet; give it again"
        raise Refused(RefusalType.ILLEGAL_MOVE, f"this cancellation takes no such request now; {instead}")
    return personal.request(case, command, policy, now)


FROM_CUSTOMERS = frozenset(
    {
        *("request_cancellation", "answer_save_invitation", "withdraw", "answer_survey", "decline_survey"),
        *("set_clean_break", "choose_data", "request_deletion_proof", "request_export"),
    }
)
"""What customers do by themselves, in the portal or by mail; everything else is for the team."""

_HANDLERS: Mapping[type[c.Command], obeying.Handler] = {
    **{kind: handler for kind, handler in obeying.HANDLERS.items() if kind not in (c.HoldCase, c.Resume)},
    c.CompleteStep: complete_step,
    c.ReleaseMessage: release_message,
    c.ReopenStep: reopen_step,
    c.RescheduleStep: early.reschedule,
    c.SkipStep: personal.skip,
    c.LogContact: talking.logged,
    cc.RequestCancellation: requests.join,
    cc.Validate: validate,
    cc.DecideSave: save_talk.decide,
    cc.InviteToTalk: save_talk.invite,
    cc.AnswerSaveInvitation: save_talk.answer,
    cc.DecideLeaving: approvals.decide,
    cc.Confirm: confirming.confirm,
    cc.ChangeEndDate: confirming.change_end_date,
    cc.RequestExport: request_export,
    cc.Withdraw: withdrawing.withdraw,
    cc.AnswerSurvey: feedback.answer,
    cc.DeclineSurvey: feedback.decline,
    cc.SetCleanBreak: feedback.set_clean_break,
    cc.ChooseData: feedback.choose_data,
    cc.RequestDeletionProof: feedback.want_proof,
    ac.PersonalRequest: personal_request,
}
