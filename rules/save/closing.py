"""How a save ends: which outcome is legal when, and what it must prove."""

from __future__ import annotations

from datetime import datetime

from models.base import Request
from models.case import RefusalType
from models.commands import CloseSave
from models.policy import CLOSING
from models.save import Saveable, SaveCase, SaveOutcome, SaveStage
from models.step import StepState
from rules import deferring, ending, evidence, offers, promises
from rules.edit import say
from rules.planning import running
from rules.refusal import Refused, one_of
from rules.routing import policy_of, roles_of
from rules.save import following, going_on, handing_on, stages
from rules.talking import unanswered, warn_manager


def check_open(case: SaveCase, command: Request | None = None) -> None:
    """Raises ``Refused(CaseClosed)`` for a case that has its outcome, ``UnknownAccount`` where it never had an account.

    Whoever gives a won one a ``command`` on what it still owes is told where that goes on (POST-11).
    """
    ending.check_open(case, going_on.after(case.account_id, case.outcome, command) or going_on.NEXT)


def close(case: SaveCase, command: CloseSave, now: datetime) -> SaveCase:
    """The outcome of the save, documented whether it went well or not (CONV-21)."""
    rule = stages.rule_for(command.outcome)
    if rule is None:
        known = one_of(rule.outcome for rule in stages.OUTCOMES)
        raise Refused(RefusalType.UNKNOWN_OUTCOME, f"'{command.outcome}' is no outcome; known: {known}")
    _check_outcome(case, rule, command, now)
    undone, handed_on = _undone(case, now), handing_on.told(case, command, now)
    reason = f"closed as {rule.outcome}: {command.notes}"
    case = offers.close(offers.settle(case, now), reason, now)
    case = promises.close(promises.settle(case, now), reason, now, dropped=rule.drops_promises)
    case = ending.close(
        case,
        rule.outcome,
        SaveStage.CLOSED,
        f"{command.notes}{_unheard(command)}{undone}",
        now,
        command.by,
        closing_evidence=command.evidence,
        decision_date=command.decision_date,
        customer_quotes=command.customer_quotes,
        accepted_offer=command.accepted_offer,
        follow_up=command.follow_up,
        siblings=following.siblings(case, command, now),
        carried_steps=handing_on.carried(case, command, now),
        deferral_over_at=now if deferring.is_over(case, rule) else None,
    )
    case = following.told(case, command, now, handed_on)
    return case if rule.drops_promises else _without_heir(case, now)


def _without_heir(case: SaveCase, now: datetime) -> SaveCase:
    """What is still owed to the customer where no case follows is put before the manager by name (SAVE-29)."""
    owed = [one.id for one in promises.carried_over(case)] + [one.offer.id for one in offers.carried_over(case)]
    if not owed or any(not sibling.only_told for sibling in case.siblings):
        return case
    text = f"still owed to the customer of {case.account_id}, and no case follows: {one_of(owed)}"
    return warn_manager(say(case, now, "owed_without_case", text), now, text)


def _unheard(command: CloseSave) -> str:
    return f" (no words of the customer: {command.without_quotes})" if command.without_quotes else ""


def _undone(case: SaveCase, now: datetime) -> str:
    """What the closing leaves undone, promises to the customer by name, so that nobody overlooks them."""
    owed = [(step, spec) for step, spec in running(case) if step.state is StepState.OPEN]
    promised = [step.id for step, spec in owed if spec.promise]
    late = sum(step.due is not None and step.due <= now for step, _ in owed)
    promises = f"; promised to the customer: {', '.join(promised)}" if promised else ""
    return f" (left undone: {len(owed)} open steps, {late} of them overdue{promises})" if owed else ""


def _check_outcome(case: SaveCase, rule: stages.OutcomeRule, command: CloseSave, now: datetime) -> None:
    name = rule.outcome
    following.check_accepted(case, command.accepted_offer)
    if rule.needs_root_cause and case.root_cause is None:
        raise Refused(RefusalType.ROOT_CAUSE_MISSING, f"{name} needs the root cause first: 'record_root_cause'")
    if not stages.at_least(case.stage, rule.from_stage):
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{name} is legal from stage {rule.from_stage} on; this is {case.stage}"
        )
    if rule.evidence:
        wanted = f"{name} needs evidence: {rule.evidence}"
        evidence.check(case, CLOSING, command.evidence, RefusalType.EVIDENCE_MISSING, wanted, rule.example)
    if name is SaveOutcome.DEFERRED and (command.decision_date is None or command.decision_date <= now):
        raise Refused(RefusalType.EVIDENCE_MISSING, "deferred needs a 'decision_date' that lies ahead")
    following.check(case, command, now)
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
