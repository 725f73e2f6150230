"""The commands of a cancellation: each takes the case, the command and the time, and gives the new case or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import cancellation_commands as cc
from models import commands as c
from models.cancellation import CONFIRMED, CancellationCase, ReasonBefore
from models.case import RefusalType
from models.contract_names import NAMES
from models.people import PersonId
from models.step import Evidence
from rules import authority, ending, obeying, steps, talking
from rules.cancellation import (
    approvals,
    confirming,
    eligibility,
    feedback,
    policies,
    requests,
    save_talk,
    stages,
    withdrawing,
)
from rules.edit import change, say
from rules.refusal import Refused, one_of
from rules.routing import policy_of, roles_of

NEXT = "a new request opens a new cancellation"
VALIDATION = "validation"


def apply(case: CancellationCase, command: c.Command, now: datetime) -> CancellationCase:
    """The case after a command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    requests.check_not_left(case, command)
    ending.check_open(case, NEXT)
    name = NAMES[type(command)]
    if command.by != cc.CUSTOMER or name not in FROM_CUSTOMERS:
        authority.check(case, name, command.by)
        _check_not_barred(case, command.by)
    changed: CancellationCase = _HANDLERS[type(command)](case, command, now)
    return stages.settle(changed, now)


def _check_not_barred(case: CancellationCase, by: PersonId) -> None:
    """Where the customer wants no sales conversation, sales has no part in the case (DIS-32). Raises ``NotAllowed``."""
    held = set(roles_of(case, by))
    barred = eligibility.barred_roles(policies.wish(case), policy_of(case).eligibility)
    if held and held <= set(barred):
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"the customer wants no sales conversation; '{by}' is {one_of(sorted(held))} and has no part in this case",
        )


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
    step, _ = steps.find(case, command.step_id)
    csm = case.team.seat("csm")
    if step.step_id == "exit_interview" and csm and command.by in (csm.person, csm.deputy):
        raise Refused(
            RefusalType.NOT_ALLOWED, f"{step.id} is led by somebody neutral; '{command.by}' is the CSM of the account"
        )
    return obeying.complete_step(case, command, now)


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
    asked = case.requests[-1].model_copy(update={"scope": command.scope or case.requests[-1].scope})
    no_sales = case.no_sales_contact if command.no_sales_contact is None else command.no_sales_contact
    return change(
        case,
        intentional=command.intentional,
        churn_reason=policies.reason_code(command.reason),
        reason_detail=command.detail or case.reason_detail,
        destination=command.destination or case.destination,
        no_sales_contact=no_sales,
        requests=(*case.requests[:-1], asked),
    )


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
}
