"""The commands on a review: its person, a stand-in or a manager confirms that it was held; its steps can be moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import commands as c
from models.case import RefusalType
from models.commands import EvidenceGiven
from models.contract_names import NAMES
from models.people import PersonId
from models.review import ConfirmReview, ReviewCase, ReviewOutcome
from models.step import StepState
from rules import authority, ending, evidence, obeying, steps
from rules.refusal import Refused
from rules.reviews import lifecycle

NEXT = "the calendar asks for the next one by itself"


def apply(case: ReviewCase, command: c.Command, now: datetime) -> ReviewCase:
    """The case after a person's command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    _check_open(case)
    _check_part(case, command.by)
    authority.check(case, NAMES[type(command)], command.by)
    changed: ReviewCase = _HANDLERS[type(command)](case, command, now)
    return lifecycle.settle(changed, now)


def confirm(case: ReviewCase, command: ConfirmReview, now: datetime) -> ReviewCase:
    """The review was held, as a named person says, with what was found or decided (RISK-121, RISK-122)."""
    step, spec = steps.find(case, lifecycle.HELD)
    authority.check_step(case, step, spec, command.by)
    if step.state is StepState.DONE:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{case.name} was confirmed by {step.ended_by} already; it counts once")
    proof = evidence.accept(case, spec, EvidenceGiven(text=command.notes), email_only=False)
    return steps.finish(case, step, spec, proof, command.by, now)


def _check_open(case: ReviewCase) -> None:
    step = lifecycle.held_step(case)
    if case.outcome is ReviewOutcome.HELD and step and step.ended_at:
        said = f"{case.name} was confirmed by {step.ended_by} on {step.ended_at:%Y-%m-%d %H:%M} UTC; it counts once"
        raise Refused(RefusalType.CASE_CLOSED, said)
    ending.check_open(case, NEXT)


def _check_part(case: ReviewCase, by: PersonId) -> None:
    """Whoever has no part in a review gives it no commands. Raises ``Refused(NotAllowed)``, naming who is asked."""
    if case.team.person(by) is None:
        step = lifecycle.held_step(case)
        asked = (step.person if step else None) or "nobody yet"
        said = f"it is asked of {asked}; who stands in for them, and their managers, may answer as well"
        raise Refused(RefusalType.NOT_ALLOWED, f"'{by}' has no part in {case.name}: {said}")


_HANDLERS: Mapping[type[c.Command], obeying.Handler] = {
    ConfirmReview: confirm,
    c.CompleteStep: steps.complete,
    c.RescheduleStep: steps.reschedule,
    c.SkipStep: steps.skip,
    c.AddStep: steps.add,
}
