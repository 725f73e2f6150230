"""How a save ends: which outcome is legal when, and what it must prove."""

from __future__ import annotations

from datetime import datetime

from models.case import RefusalType
from models.commands import CloseSave
from models.effects import OWED_AFTER_CLOSE, Verb
from models.policy import CLOSING
from models.save import Saveable, SaveCase, SaveOutcome, SaveStage
from rules import evidence, promises, steps
from rules.edit import change, say
from rules.refusal import Refused, one_of
from rules.routing import policy_of, roles_of
from rules.save import stages


def check_open(case: SaveCase) -> None:
    """Raises ``Refused(CaseClosed)`` for a case that has its outcome, ``UnknownAccount`` where it never had an account."""
    if case.outcome is SaveOutcome.REJECTED:
        reason = next((event.text for event in case.timeline if event.kind == "rejected"), "")
        raise Refused(RefusalType.UNKNOWN_ACCOUNT, f"the case was rejected: {reason}")
    if case.closed:
        raise Refused(
            RefusalType.CASE_CLOSED,
            f"the case is closed as {case.outcome} since {case.closed_at:%Y-%m-%d %H:%M} UTC; open a new save attempt",
        )


def unanswered(case: SaveCase) -> int:
    """How many contacts in a row nobody answered."""
    count = 0
    for contact in reversed(case.contacts):
        if contact.answered:
            break
        count += 1
    return count


def close(case: SaveCase, command: CloseSave, now: datetime) -> SaveCase:
    """The outcome of the save, documented whether it went well or not (CONV-21)."""
    rule = stages.rule_for(command.outcome)
    if rule is None:
        known = one_of(rule.outcome for rule in stages.OUTCOMES)
        raise Refused(RefusalType.UNKNOWN_OUTCOME, f"'{command.outcome}' is no outcome; known: {known}")
    _check_outcome(case, rule, command, now)
    reason = f"closed as {rule.outcome}"
    case = promises.close(promises.settle(case, now), f"{reason}: {command.notes}", now, dropped=rule.drops_promises)
    case = steps.end_all(_without_waiting(case, rule.outcome), reason, now)
    case = change(
        case,
        outcome=rule.outcome,
        stage=SaveStage.CLOSED,
        closed_at=now,
        hold=None,
        closing_evidence=command.evidence,
        decision_date=command.decision_date,
    )
    return say(case, now, "closed", f"{rule.outcome}: {command.notes}", by=command.by)


def _without_waiting(case: SaveCase, outcome: SaveOutcome) -> SaveCase:
    """Mail and look-ups that wait for another try are moot; who waits for an answer is told that the case is closed."""
    retries = tuple(retry for retry in case.retries if retry.action.verb in OWED_AFTER_CLOSE)
    flying = {action.subject for action in case.in_flight if action.verb is Verb.RELEASE_MESSAGE}
    refused = {"answered": True, "refusal": RefusalType.CASE_CLOSED, "sentence": f"the case was closed as {outcome}"}
    asks = tuple(ask if ask.id in flying else ask.model_copy(update=refused) for ask in case.asks)
    awaited = tuple(ask for ask in asks if ask.awaited or not ask.answered)
    return case.model_copy(update={"retries": retries, "asks": awaited})


def _check_outcome(case: SaveCase, rule: stages.OutcomeRule, command: CloseSave, now: datetime) -> None:
    name = rule.outcome
    if rule.needs_root_cause and case.root_cause is None:
        raise Refused(RefusalType.ROOT_CAUSE_MISSING, f"{name} needs the root cause first: 'record_root_cause'")
    if not stages.at_least(case.stage, rule.from_stage):
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{name} is legal from stage {rule.from_stage} on; this is {case.stage}"
        )
    if rule.evidence:
        wanted = f"{name} needs evidence: {rule.evidence}"
        evidence.check(case, CLOSING, command.evidence, RefusalType.EVIDENCE_MISSING, wanted)
    if name is SaveOutcome.DEFERRED and (command.decision_date is None or command.decision_date <= now):
        raise Refused(RefusalType.EVIDENCE_MISSING, "deferred needs a 'decision_date' that lies ahead")
    if name is SaveOutcome.NO_CONTACT:
        _check_no_contact(case)
    if name is SaveOutcome.LET_GO:
        _check_let_go(case, command.by)


def _check_no_contact(case: SaveCase) -> None:
    needed, tried = policy_of(case).no_contact_after, unanswered(case)
    if tried < needed:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"no_contact needs {needed} unanswered contacts in a row; logged: {tried}"
        )


def _check_let_go(case: SaveCase, by: str) -> None:
    """The test only advises; to let a customer go is a decision of those who answer for the case (RISK-90, AMB-35)."""
    if case.saveable not in (Saveable.UNSAVEABLE, Saveable.NEEDS_MANAGER_DECISION):
        raise Refused(
            RefusalType.NOT_ALLOWED, f"let_go needs the saveable test to say no ('triage'); it says {case.saveable}"
        )
    leads = (policy_of(case).manager_role, policy_of(case).executive_role)
    if not set(leads) & set(roles_of(case, by)):
        raise Refused(
            RefusalType.NOT_ALLOWED, f"let_go is decided by {one_of(leads)}; '{by}' is {one_of(roles_of(case, by))}"
        )
