"""The save attempt inside a cancellation: where it is due, limited, easy to decline, never in the way (CANC-29..44)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import cancellation_commands as cc
from models.cancellation import CLOSED, CancellationCase, Invitation
from models.case import CaseKind, RefusalType, Sibling
from models.eligibility import Override
from models.save import SaveOutcome
from models.step import Evidence, Step
from rules import steps
from rules.cancellation import eligibility, policies
from rules.edit import change, say
from rules.refusal import Refused
from rules.routing import policy_of, roles_of
from rules.talking import warn_manager

STEPS = INVITATION, ANSWER, TALK = "save_invitation", "save_answer", "save_talk"
"""The steps of the save talk in the plan."""

REQUESTED = "cancellation_requested"
WON = (SaveOutcome.SAVED_FULL, SaveOutcome.SAVED_PARTIAL, SaveOutcome.PAUSED)
"""The outcomes of a save with which the customer stays."""
_HEARD = (SaveOutcome.LOST, SaveOutcome.DECLINED_CONVERSATION, SaveOutcome.LET_GO)
"""The outcomes of a save with which the customer said that they go."""
_ANSWERS: Mapping[str, str] = {
    **dict.fromkeys(_HEARD, "the customer was heard"),
    SaveOutcome.NO_CONTACT: "the customer answered nobody",
}
"""What the outcomes of a save with which the talk is over say of the customer."""
_UNANSWERED = "the invitation is not answered, and no answer is a no: the customer was told that nobody asks again then"
_UNSENT = "the first invitation is not sent yet; send it with 'release_message', it is not asked for a second time"


def attempt_wanted(case: CancellationCase) -> tuple[bool | None, str]:
    """The finding ``save_attempt``: whether the customer is invited to a talk; unknown until the wish is validated.

    After a no, a silence or a talk that was lost nobody invites them, whatever attempts are left (CANC-41, CANC-44, AMB-17).
    """
    if (over := why_over(case)) and case.intentional is not None:
        return False, over
    return _judged(case)


def _judged(case: CancellationCase) -> tuple[bool | None, str]:
    """Whether the rules want an attempt at all, whatever the customer answered to it."""
    if case.intentional is None or case.account is None:
        return None, ""
    if (why := ruled_out(case)) is not None:
        return False, why
    if any(one.by_save for one in case.invitations) and len(case.invitations) >= policies.attempts_allowed(case):
        return False, "the save case of the account spoke to the customer already, which is the attempt (CANC-41)"
    return True, policies.verdict(case).sentence


def ruled_out(case: CancellationCase) -> str | None:
    """Why nobody speaks to this customer about staying, whoever would do it; None where somebody may."""
    if case.anchor(CLOSED):
        return "the account is closed"
    if case.clean_break:
        return "the customer wants no contact any more"
    if case.attempt_left:
        return case.attempt_left
    found = policies.verdict(case)
    return None if found.attempt else found.sentence


def accepted(case: CancellationCase) -> tuple[bool | None, str]:
    """The finding ``save_accepted``: whether the customer came to the talk; unknown while they have not answered."""
    wanted, why = _judged(case)
    if wanted is False:
        return False, why
    answered = [one for one in case.invitations if one.accepted is not None and not one.by_save]
    return (answered[-1].accepted, "the customer declined the conversation") if answered else (None, "")


def led(case: CancellationCase) -> CancellationCase:
    """The case whose save talk is led by whom the rules name for such an account, else by the CSM (CANC-40)."""
    leader = policies.save_leader(case)
    return change(case, plan=case.plan.with_steps(STEPS, owner=leader)) if leader and case.plan else case


def said(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case with the save decision and its reason on the timeline (CANC-29)."""
    wanted, why = attempt_wanted(case)
    word = "a save attempt is offered" if wanted else "accepted without a save attempt"
    return say(case, now, "save_decision", f"{word}: {why}")


def decide(case: CancellationCase, command: cc.DecideSave, now: datetime) -> CancellationCase:
    """Somebody with authority decides otherwise, where the rules allow it (CANC-13, CANC-44)."""
    if case.intentional is None:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, "the save decision comes with 'validate'; the wish is not validated yet"
        )
    if case.invitations:
        raise Refused(RefusalType.ILLEGAL_MOVE, "the customer was invited already; 'invite_to_talk' asks once more")
    if not command.attempt:
        return said(change(case, attempt_left=command.reason), now)
    _check_not_over(case)
    ruled = policies.verdict(change(case, attempt_override=None))
    eligibility.check_override(ruled, roles_of(case, command.by), policy_of(case).eligibility)
    case = change(case, attempt_left="", attempt_override=Override(by=command.by, reason=command.reason))
    return said(steps.again(case, STEPS, now), now)


def invite(case: CancellationCase, command: cc.InviteToTalk, now: datetime) -> CancellationCase:
    """One more invitation, where the policy and the customer's answers still allow it; a third is never sent.

    Who declined, or was heard and still wants to go, is not asked again (CANC-41); nor is who did not answer, since the
    invitation promises so (TMPL-40).
    """
    _check_not_over(case)
    wanted, why = attempt_wanted(case)
    if not wanted:
        wrong = why or "whether it is meant is not known yet; 'validate' comes first"
        raise Refused(RefusalType.ATTEMPT_LIMIT, f"this cancellation gets no save attempt: {wrong}")
    _check_limit(case)
    if not case.invitations or case.invitations[-1].accepted is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, _UNANSWERED if case.invitations else _UNSENT)
    if case.anchor(CLOSED):
        raise Refused(RefusalType.ILLEGAL_MOVE, "the account is closed; there is nothing to save any more")
    again = steps.again(case, STEPS, now)
    return say(again, now, "invited_again", command.reason, by=command.by)


def declined(case: CancellationCase) -> Invitation | None:
    """The invitation that the customer declined; None where they declined none."""
    return next((one for one in case.invitations if one.accepted is False), None)


def why_over(case: CancellationCase) -> str:
    """Why nobody speaks to this customer about staying again: they said no, were heard and still go, or gave no answer,
    which is a no as the invitation says; empty while somebody may (CANC-13, CANC-41, TMPL-40).
    """
    if (no := declined(case)) and no.answered_at:
        return (
            f"the customer declined the conversation on {no.answered_at:%Y-%m-%d}, and was told that nobody asks again"
        )
    if said := _ANSWERS.get(case.save_outcome):
        return f"{said}, and the save attempt ended as {case.save_outcome}"
    return _UNANSWERED if _unanswered(case) else ""


def _unanswered(case: CancellationCase) -> bool:
    """Whether the last invitation has no answer, and nobody waits for one any more."""
    sent = _sent(case)
    return sent is not None and sent.accepted is None and all(s.ended for s in case.steps if s.step_id == ANSWER)


def _sent(case: CancellationCase) -> Invitation | None:
    """The last invitation that went out; what a save said by itself is none."""
    return next((one for one in reversed(case.invitations) if not one.by_save), None)


def _check_not_over(case: CancellationCase) -> None:
    """Raises ``Refused`` once the talk is over: ``IllegalMove`` where an answer may still come, else ``AttemptLimit``."""
    if over := why_over(case):
        kind = RefusalType.ILLEGAL_MOVE if over == _UNANSWERED else RefusalType.ATTEMPT_LIMIT
        raise Refused(kind, f"{over}; respect it and go on with the offboarding")


def check_reopened(case: CancellationCase, step: Step) -> None:
    """Raises ``Refused`` where opening the invitation again would write to a customer who was invited already (CANC-41)."""
    sent = _sent(case)
    if step.step_id != INVITATION or sent is None:
        return
    _check_not_over(case)
    raise Refused(
        RefusalType.ILLEGAL_MOVE,
        f"the invitation went out on {sent.at:%Y-%m-%d}; 'invite_to_talk' asks once more, where the rules allow it",
    )


def _check_limit(case: CancellationCase) -> None:
    policy = policies.leaving_policy(case)
    assert policy is not None
    eligibility.check_attempt(policy, len(case.invitations), strategic=policies.is_strategic(case))


def invited(case: CancellationCase, by: str | None, now: datetime) -> CancellationCase:
    """An invitation went out: it counts as the attempt, together with the talk that it leads to (AMB-17)."""
    one = Invitation(n=len(case.invitations) + 1, at=now, by=by)
    text = f"save attempt {one.n} of {policies.attempts_allowed(case)}: the customer was invited to a conversation"
    return say(change(case, invitations=(*case.invitations, one)), now, "save_attempt", text, by=by)


def answer(case: CancellationCase, command: cc.AnswerSaveInvitation, now: datetime) -> CancellationCase:
    """The customer's answer; a no is respected, and the cancellation goes on either way (CANC-13)."""
    if not case.invitations:
        raise Refused(RefusalType.ILLEGAL_MOVE, "no invitation was sent; there is nothing to answer")
    last = case.invitations[-1]
    if last.accepted is not None:
        word = "accepted" if last.accepted else "declined"
        raise Refused(RefusalType.ALREADY_DECIDED, f"the invitation was {word} on {last.answered_at:%Y-%m-%d}")
    given = {"accepted": command.accepted, "words": command.words, "answered_at": now}
    case = change(case, invitations=(*case.invitations[:-1], last.model_copy(update=given)))
    word = "accepted" if command.accepted else "declined"
    proof = Evidence(text=f"the customer {word} the conversation: {command.words}".rstrip(": "))
    case = steps.end_by_command(case, ANSWER, proof, command.by, now)
    return _begin(case, command, now) if command.accepted else case


def attempted(case: CancellationCase, signal: cc.SaveAttempted, now: datetime) -> CancellationCase:
    """The save case spoke to the customer: a save attempt, but for the talk that an invitation led to (AMB-17, CANC-41).

    Once the talk is over, whoever speaks to them again does so beyond what the policy allows.
    """
    over = bool(why_over(case))
    if case.invitations and not over:
        return say(case, now, "save_talks", f"save case {signal.case_id} speaks to the customer", by=signal.by)
    one = Invitation(
        n=len(case.invitations) + 1, at=signal.at, by=signal.by, accepted=True, answered_at=signal.at, by_save=True
    )
    text = (
        f"save attempt {one.n} of {policies.attempts_allowed(case)}: save case {signal.case_id} spoke to the customer"
    )
    case = say(change(case, invitations=(*case.invitations, one)), now, "save_attempt", text, by=signal.by)
    beyond = policies.leaving_policy(case) is not None and (over or one.n > policies.attempts_allowed(case))
    return warn_manager(case, now, f"{text}, which is more than the policy allows") if beyond else case


def finished(case: CancellationCase, signal: cc.SaveFinished, now: datetime) -> CancellationCase:
    """The save case of the account ended; with a customer who stays, the cancellation ends as well."""
    case = change(case, save_outcome=signal.outcome)
    case = say(case, now, "save_finished", f"the save attempt ended as {signal.outcome}")
    proof = Evidence(text=f"save case {signal.case_id} ended as {signal.outcome}")
    return steps.end_by_command(case, TALK, proof, None, now)


def _begin(case: CancellationCase, command: cc.AnswerSaveInvitation, now: datetime) -> CancellationCase:
    """The save attempt of the account: the one that is open hears of it, else one is opened."""
    lead = case.request.taken_by or case.opened_by or command.by
    by = command.by if case.team.person(command.by) else lead
    save = Sibling(
        kind=CaseKind.SAVE, at=now, by=by, reason="cancellation_submitted", signal=REQUESTED, detail=case.case_id
    )
    return change(case, siblings=(*case.siblings, save))
