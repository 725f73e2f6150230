"""The end date: confirmed once the wish is clear, changed only with the customer, never refused (CANC-45..47)."""

from __future__ import annotations

from datetime import date, datetime

from models import cancellation_commands as cc
from models.cancellation import CONFIRMED, END_DATE, EXPORT_ASKED, CancellationCase, Found
from models.case import Anchor, CaseKind, RefusalType, Sibling
from models.effects import Word
from models.leaving import OffboardingName
from models.people import PersonId
from models.policy import CONSENT
from models.step import Evidence
from rules import asking, dating, evidence, steps
from rules.cancellation import policies, redating, withdrawing
from rules.edit import change, say, tell
from rules.refusal import Refused
from rules.routing import holder, policy_of, roles_of

STEP = "confirm_end"
EARLY_EXPORT = "send_our_data"
"""The statement of the dictionary that a wish for the data is, before anything is confirmed (RISK-32)."""
CHECKS, AUTHORISED = ("check_requester", "find_authority"), "authorised"


def confirm(case: CancellationCase, command: cc.Confirm, now: datetime) -> CancellationCase:
    """The cancellation is confirmed: the offboarding begins, and the export with it (OFFB-10).

    The account has decided, so nobody asks it on a day that it once named (CONV-23).
    """
    _check_confirmable(case)
    day = _checked(case, command.exit_date or case.asked_end_date, command, now)
    _check_not_earlier(case, day, command)
    case = _agreed(
        change(case, waiver=command.waiver, deferral_over_at=now if case.deferred_before else None), day, now
    )
    case = anchored(anchored(case, CONFIRMED, now), EXPORT_ASKED, now)
    text = "; ".join(
        (
            f"confirmed: the service ends with the beginning of {day}",
            *((f"waiver: {command.waiver}",) if command.waiver else ()),
            *((f"agreed: {command.consent}",) if command.consent else ()),
        )
    )
    case = steps.end_by_command(case, STEP, Evidence(text=text), command.by, now)
    return asking.plan(case, plan_name(case, fast=command.fast), command.by, "the cancellation is confirmed", now)


def change_end_date(case: CancellationCase, command: cc.ChangeEndDate, now: datetime) -> CancellationCase:
    """Another end date, agreed with the customer; what counts from it is dated anew."""
    if case.end_date is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, "the end date is not confirmed yet; 'confirm' sets it")
    withdrawing.check_not_over(case, "the end date")
    if command.exit_date == case.end_date:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{case.end_date} is the end date already")
    evidence.check(case, CONSENT, command.consent, RefusalType.CONSENT_MISSING, "give the customer's consent")
    day = _checked(case, command.exit_date, command, now)
    was = case.end_date
    case = _agreed(change(case, waiver=command.waiver or case.waiver), day, now)
    text = f"end date {was} -> {case.end_date}, agreed: {command.consent}"
    return say(redating.dated_anew(case, now), now, "end_date_changed", text, by=command.by)


def ask_for_export(case: CancellationCase, by: PersonId, now: datetime) -> CancellationCase:
    """The customer wants their data now: the export starts at once, whatever else is still open (DIS-25)."""
    if case.anchor(EXPORT_ASKED):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"the export is under way since {case.anchor(EXPORT_ASKED):%Y-%m-%d}")
    case = say(anchored(case, EXPORT_ASKED, now), now, "export_asked", "the customer asked for their data", by=by)
    return _sign_of_risk(case, by, now)


def _sign_of_risk(case: CancellationCase, by: PersonId, now: datetime) -> CancellationCase:
    """Who asks for their data before anything is confirmed is on their way: whoever speaks to them hears it (DIS-25)."""
    heard = tuple(
        Sibling(kind=kind, at=now, signal=EARLY_EXPORT, detail=case.case_id, only_told=True)
        for kind in (CaseKind.SAVE, CaseKind.RECOVERY)
    )
    case = change(case, siblings=(*case.siblings, *heard))
    owner = holder(case, policy_of(case).lead_role, now)
    text = "the customer asked for their data before the end is confirmed: a sign of risk"
    return case if owner == by else tell(case, now, owner, Word.INFORMED, text)


def anchored(case: CancellationCase, name: str, at: datetime) -> CancellationCase:
    """The case with that anchor; one that is set already stays, but for the end date."""
    if case.anchor(name) and name != END_DATE:
        return case
    others = tuple(anchor for anchor in case.anchors if anchor.name != name)
    return change(case, anchors=(*others, Anchor(name=name, at=at)))


def plan_name(case: CancellationCase, *, fast: bool) -> str:
    """The offboarding plan: that of the policy, or the fast one where the customer is in a hurry (DIS-18)."""
    policy = policies.leaving_policy(case)
    assert policy is not None
    standard = policy.offboarding.plan is OffboardingName.STANDARD
    return OffboardingName.FAST if fast and standard else policy.offboarding.plan


def _check_confirmable(case: CancellationCase) -> None:
    if case.end_date is not None:
        raise Refused(RefusalType.ALREADY_DECIDED, f"it is confirmed for {case.end_date}; 'change_end_date' moves it")
    if case.intentional is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, "the wish is not validated yet: 'validate' comes first")
    if case.intentional is False:
        raise Refused(RefusalType.ILLEGAL_MOVE, "the customer does not want to leave; 'validate' again where they do")
    if case.finding("whole").holds is False:
        raise Refused(RefusalType.ILLEGAL_MOVE, "only a part ends; that is a change of scope and no offboarding")
    if case.finding("requester_unknown").holds and not _vouched(case):
        raise Refused(
            RefusalType.NOT_ALLOWED,
            f"nobody who may cancel for the account has asked for it; finish the step '{_check_of(case)}' first",
        )


def _check_not_earlier(case: CancellationCase, day: date, command: cc.Confirm) -> None:
    """Raises ``Refused(ConsentMissing)`` for an end before the day that the customer asked for, unless they agreed to it."""
    asked = case.asked_end_date
    if asked is None or day >= asked:
        return
    how = "give their 'consent' to it, or leave 'exit_date' out"
    wanted = f"the customer asked to end on {asked}, and {day} is earlier; {how}"
    evidence.check(case, CONSENT, command.consent, RefusalType.CONSENT_MISSING, wanted)


def _vouched(case: CancellationCase) -> bool:
    """Whether an authorised contact has said that the request stands, or a person has found out who may."""
    checks = (step for step in case.steps if step.step_id in CHECKS and step.evidence)
    return any(step.evidence is not None and step.evidence.decision == AUTHORISED for step in checks)


def _check_of(case: CancellationCase) -> str:
    """The step that finds out whether the request stands: by a letter, or by a person where nobody can be written to."""
    by_person = case.finding(Found.NOBODY_MAY_CANCEL).holds
    return CHECKS[1] if by_person else CHECKS[0]


def _checked(case: CancellationCase, asked: date | None, command: cc.Confirm | cc.ChangeEndDate, now: datetime) -> date:
    """The end date as contract and policy have it.

    Raises ``Refused(IllegalMove)`` with the earliest date that holds and the way to an earlier one, ``NotAllowed`` for a
    waiver by somebody who may not grant it.
    """
    waived = bool(command.waiver)
    fast = isinstance(command, cc.Confirm) and plan_name(case, fast=command.fast) == OffboardingName.FAST
    found, policy = policies.end_date(case, asked, now, waived=waived, fast=fast), policies.leaving_policy(case)
    assert found is not None
    assert policy is not None
    if waived and policy.waiver.role not in roles_of(case, command.by):
        raise Refused(
            RefusalType.NOT_ALLOWED, f"a waiver is granted by the {policy.waiver.role}; '{command.by}' is not"
        )
    if not found.valid:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{found.sentence} {found.waiver_route}".strip())
    return found.ends


def _agreed(case: CancellationCase, day: date, now: datetime) -> CancellationCase:
    assert case.account is not None
    return anchored(
        change(case, end_date=day, end_agreed_at=now), END_DATE, dating.day_begins(day, case.account.calendar)
    )
