"""What follows the outcome of a save: said to whoever closes it, and begun where the policy asks for it (CONV-23)."""

from __future__ import annotations

from datetime import datetime

from models.case import CaseKind, RefusalType, Sibling
from models.commands import CloseSave
from models.outcome_policy import OutcomePolicy
from models.save import SaveCase, SaveOutcome
from rules import offering
from rules.dating import later
from rules.edit import say
from rules.refusal import Refused
from rules.routing import holder, policy_of
from rules.save import handing_on, proving


def check(case: SaveCase, command: CloseSave, now: datetime) -> None:
    """Raises ``Refused(EvidenceMissing)`` for what the outcome must document, ``IllegalMove`` for a date too far ahead."""
    rule = _policy(case, command.outcome)
    for field in rule.needs if rule else ():
        proving.check(case, command, field)
    if command.follow_up and command.follow_up <= now:
        raise Refused(RefusalType.ILLEGAL_MOVE, "'follow_up' is when the customer is spoken to next; it must lie ahead")
    _check_decision_date(command, rule, now)


def check_accepted(case: SaveCase, offer_id: str | None) -> None:
    """Raises ``Refused``: ``UnknownOffer`` for one that is not there, ``IllegalMove`` where it was not accepted."""
    if offer_id is None:
        return
    offer = offering.find(case, offer_id)
    if offer.accepted_at is None:
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"'accepted_offer' is one that was accepted; {offer.id} is {offer.state}"
        )


def _check_decision_date(command: CloseSave, rule: OutcomePolicy | None, now: datetime) -> None:
    if command.decision_date is None:
        return
    if command.outcome != SaveOutcome.DEFERRED:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"'decision_date' belongs to deferred; {command.outcome} has none")
    latest = later(now, rule.wakes_within) if rule and rule.wakes_within else None
    if latest and command.decision_date > latest:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"'decision_date' may lie no further ahead than {latest:%Y-%m-%d}; it is {command.decision_date:%Y-%m-%d}",
        )


def siblings(case: SaveCase, command: CloseSave, now: datetime) -> tuple[Sibling, ...]:
    """The cases that this one still starts: the recovery of who was saved (POST-5), or what waits for the decision date.

    The cancellation that it belongs to hears how it ended.
    """
    rule = _policy(case, command.outcome)
    told = (Sibling(kind=CaseKind.CANCELLATION, at=now, only_told=True),) if case.cancellation_case_id else ()
    if handing_on.begins_recovery(policy_of(case), command.outcome):
        return (*case.siblings, *told, Sibling(kind=CaseKind.RECOVERY, at=now))
    if rule and rule.wakes_within and command.decision_date:
        return (*case.siblings, *told, _decision(case, command, command.decision_date, now))
    return (*case.siblings, *told)


def told(case: SaveCase, command: CloseSave, now: datetime, handed_on: str) -> SaveCase:
    """The case with what follows, and who owes it, on its timeline; the answer of ``close`` says the same.

    ``handed_on`` says what becomes of the follow-ups.
    """
    rule = _policy(case, command.outcome)
    if rule is None:
        return case
    date = f"; decision date {command.decision_date:%Y-%m-%d %H:%M} UTC" if command.decision_date else ""
    person = holder(case, rule.owed_by, now) or "nobody yet"
    return say(
        case, now, "follows", f"what follows: {rule.follows}{date}{handed_on}; owed by {rule.owed_by} ({person})"
    )


def _policy(case: SaveCase, outcome: str) -> OutcomePolicy | None:
    return next((rule for rule in policy_of(case).outcomes if rule.outcome == outcome), None)


def _decision(case: SaveCase, command: CloseSave, date: datetime, now: datetime) -> Sibling:
    detail = f"deferred until {date:%Y-%m-%d} in save case {case.case_id}: {command.notes}"[:2000]
    return Sibling(kind=CaseKind.DEFERRAL, at=now, by=command.by, detail=detail)
