"""What ``status`` answers, derived from the case at a moment."""

from __future__ import annotations

from datetime import datetime

from models.cancellation import CancellationCase
from models.case import Case
from models.plan import StepSpec
from models.recovery import RecoveryCase
from models.save import SaveCase
from models.status import Status, StepStatus
from models.step import Step, StepState
from rules import conditions, follow_through
from rules.cancellation import policies, showing, withdrawing
from rules.planning import frozen
from rules.save import owed_next


def of(case: Case, now: datetime) -> Status:
    """The whole of a case at ``now`` (UTC), as the query shows it and the book keeps it."""
    specs = case.specs()
    steps = tuple(_step_status(case, step, specs.get(step.step_id), now) for step in case.steps)
    save = case if isinstance(case, SaveCase) else None
    return Status(
        case_id=case.case_id,
        kind=case.kind,
        account_id=case.account_id,
        stage=case.stage,
        outcome=case.outcome,
        plan=case.plan.ref if case.plan else "",
        root_cause=save.root_cause if save else None,
        whys=save.whys if save else (),
        stated_reason=save.stated_reason if save else "",
        severity=_severity(case),
        verified=case.verified if isinstance(case, RecoveryCase) else None,
        on_hold_until=case.hold.until if case.hold else None,
        corrects=save.corrects if save else None,
        leaving=showing.leaving(case) if isinstance(case, CancellationCase) else None,
        as_of=now,
        opened_at=case.opened_at,
        next_due=next_due(case),
        next_wake=follow_through.next_wake(case, now),
        next_wanted=owed_next.wanted(save) if save else "",
        overdue=tuple(step.id for step in steps if step.overdue),
        proposals=("no_contact",) if save and save.no_contact_proposed else (),
        steps=steps,
        commitments=case.commitments,
        offers=case.offers,
        approvals=case.approvals,
        messages=case.messages,
        incidents=case.incidents,
        timeline=case.timeline,
    )


def _severity(case: Case) -> str | None:
    if isinstance(case, CancellationCase):
        return policies.severity(case) if case.account else None
    return case.assessment.severity if isinstance(case, SaveCase) and case.assessment else None


def next_due(case: Case) -> datetime | None:
    """When the next open step is due (UTC), also where that has passed; None where none is open."""
    return min(_owed(case), default=None)


def next_ahead(case: Case, now: datetime) -> datetime | None:
    """When the next open step falls due that is not late yet (UTC)."""
    return min((due for due in _owed(case) if due > now), default=None)


def overdue_since(case: Case, now: datetime) -> datetime | None:
    """The due moment (UTC) of the step that is overdue longest; None where nothing is."""
    specs = case.specs()
    late = (step.due for step in case.steps if step.due and _is_overdue(case, step, specs.get(step.step_id), now))
    return min(late, default=None)


def _owed(case: Case) -> list[datetime]:
    return [step.due for step in case.steps if step.due and step.state is StepState.OPEN]


def _step_status(case: Case, step: Step, spec: StepSpec | None, now: datetime) -> StepStatus:
    """A step as ``status`` shows it at ``now`` (UTC); ``spec`` is what is owed in it, where that is known."""
    return StepStatus(
        id=step.id,
        title=spec.title if spec else step.step_id,
        owner=spec.owner if spec else "",
        person=step.person,
        opens=step.opens,
        due=step.due,
        state=step.state,
        overdue=_is_overdue(case, step, spec, now),
        waits_for=_waits_for(case, step, spec),
        no_cause=isinstance(case, CancellationCase) and spec is not None and withdrawing.has_no_cause(case, spec),
        evidence=step.evidence,
    )


def _waits_for(case: Case, step: Step, spec: StepSpec | None) -> tuple[str, ...]:
    """The titles of what must end before a waiting step opens."""
    if spec is None or step.state is not StepState.WAITING:
        return ()
    needed = (case.spec(one) for one in conditions.waits_for(case, spec))
    return tuple(each.title for each in needed if each)


def _is_overdue(case: Case, step: Step, spec: StepSpec | None, now: datetime) -> bool:
    """Whether a step is open past its due moment (UTC); a hold stops the clock of all but promises."""
    late = step.state is StepState.OPEN and step.due is not None and step.due <= now
    return late and spec is not None and not frozen(case, spec)
