"""Data that the customer wants back: given once more in full before it is deleted (OFFB-23, GDPR 28(3)(g))."""

from __future__ import annotations

from datetime import datetime

from models import after_commands as ac
from models.cancellation import DataChoice
from models.case import RefusalType
from models.finding import Finding
from models.people import PersonId
from models.retention import RetentionCase
from models.step import Step, StepState
from rules.conditions import NOT_DECIDED
from rules.edit import change, put_steps, say
from rules.retention import closing_again, deleting
from rules.retention.terms import unknown

CHOSEN = "return_chosen"


def finding(case: RetentionCase) -> Finding:
    """Whether the data goes back first; while the customer has not said so, it does not."""
    wanted = case.data_choice is DataChoice.RETURN and not unknown(case)
    return Finding(name=CHOSEN, holds=wanted, why="the customer did not ask for their data back")


def chosen(case: RetentionCase, signal: ac.DataChosen, now: datetime) -> RetentionCase:
    """What their cancellation heard after the closure. Raises ``Refused`` where nothing is left to give back."""
    if case.closed:
        return case
    if closing_again.speaks_of_next(case, signal.case_id):
        return closing_again.wished(case, data_choice=signal.choice, proof_wanted=signal.proof_wanted)
    if signal.proof_wanted and not case.proof_wanted:
        case = deleting.want_proof(case, None, now)
    return case if signal.choice is case.data_choice else _chosen(case, signal.choice, now)


def choose(case: RetentionCase, command: ac.ChooseKeptData, now: datetime) -> RetentionCase:
    """What the customer says once the cancellation is over, as a person takes it down; the last word counts (OFFB-23).

    Where the account was closed again meanwhile, it is about the data of since then. Raises ``Refused(IllegalMove)``
    where nothing is left to choose about.
    """
    words = f"; {command.words}" if command.words else ""
    if case.next_closure:
        case = closing_again.wished(case, data_choice=command.choice)
        return say(case, now, "data_choice", f"the data since they were back: {command.choice}{words}", by=command.by)
    deleting.check_not_back(case)
    deleting.check_not_proved(case, RefusalType.ILLEGAL_MOVE, "nothing is left to choose about")
    return _chosen(case, command.choice, now, words, command.by)


def _chosen(
    case: RetentionCase, choice: DataChoice, now: datetime, words: str = "", by: PersonId | None = None
) -> RetentionCase:
    deleting.check_not_back(case)
    if choice is DataChoice.RETURN and case.data_choice is not choice:
        deleting.check_not_proved(case, RefusalType.ILLEGAL_MOVE, "nothing is left to give back")
        case = deleting.waits_again(case)
    return say(change(case, data_choice=choice), now, "data_choice", f"the data: {choice}{words}", by=by)


def settle(case: RetentionCase, now: datetime) -> RetentionCase:
    """The case in which the steps are owed that nobody had wanted before."""
    if not case.finding(CHOSEN).holds or case.returned_at:
        return case
    left_out = [step for step in case.steps if _was_not_wanted(case, step)]
    fresh = (Step(step_id=step.step_id, origin=now, round=step.round + 1) for step in left_out)
    return put_steps(case, *fresh) if left_out else case


def _was_not_wanted(case: RetentionCase, step: Step) -> bool:
    spec = case.spec(step.step_id)
    left_out = step.state is StepState.SKIPPED and step.reason.startswith(NOT_DECIDED)
    return left_out and spec is not None and spec.only == CHOSEN
