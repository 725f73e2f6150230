"""The digest of a stand-up, from how the cases of a team stand: what is late, due today, blocked, promised (SAVE-23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from models.inbound import InboxState, Kept
from models.people import RoleId
from models.policy import Policy
from models.promise import Commitment, PromiseState
from models.raci import DAILY_STANDUP
from models.standup import InboxWaiting, Section, Standup, StandupLine
from models.status import Status, StepStatus
from models.step import StepState

_OWED = (PromiseState.OPEN, PromiseState.BREACHED)
_NOT_SEEN = (PromiseState.DONE, PromiseState.COMMUNICATED)


def steps_of(policy: Policy) -> tuple[str, ...]:
    """The plan ids of the steps that a stand-up completes."""
    return tuple(step for rule in policy.raci if rule.activity == DAILY_STANDUP for step in rule.steps)


def digest(
    cases: Sequence[Status], policy: Policy, now: datetime, until: datetime, inbox: InboxWaiting | None = None
) -> Standup:
    """What the team of these open cases speaks of at ``now``, on a day that ends at ``until`` (both UTC).

    A case whose own clock is ahead is read at its own time. The stand-up itself is not a thing to speak of, and neither
    is a step whose time has not come.
    """
    lines = [line for case in cases for line in _lines(case, policy, now, until)]
    order = tuple(Section)
    lines.sort(key=lambda line: (order.index(line.section), line.due is None, line.due or now, line.case_id, line.step))
    ids = tuple(case.case_id for case in cases)
    return Standup(at=now, until=until, cases=ids, inbox=inbox or InboxWaiting(), lines=tuple(lines))


def waiting(kept: Sequence[Kept], now: datetime, within: timedelta) -> InboxWaiting:
    """What of the inbox waits for a person at ``now`` (UTC), late where the oldest waits longer than ``within``."""
    received = [one.received_at for one in kept if one.state is InboxState.WAITING]
    oldest = min(received, default=None)
    return InboxWaiting(waiting=len(received), oldest=oldest, late=oldest is not None and now - oldest > within)


def open_turn(case: Status, policy: Policy) -> str | None:
    """The turn of the stand-up step that is open in a case: the one opened last, since earlier ones are being missed."""
    ours = steps_of(policy)
    turns = [step for step in case.steps if _plan_id(step) in ours and step.state is StepState.OPEN]
    return max(turns, key=lambda step: (step.opens is not None, step.opens, step.id)).id if turns else None


def _lines(case: Status, policy: Policy, now: datetime, until: datetime) -> Iterator[StandupLine]:
    at = max(now, case.as_of)
    promised = {commitment.id for commitment in case.commitments}
    if case.on_hold_until and case.on_hold_until > at:
        why = f"on hold until {case.on_hold_until:%Y-%m-%d}"
        yield _line(case, at, Section.BLOCKED, "the case", due=case.on_hold_until, why=why)
    else:
        yield from _steps(case, policy, promised, at, at + (until - now))
    for commitment in case.commitments:
        yield from _promise(case, commitment, at)
    for approval in (each for each in case.approvals if each.state == "pending"):
        why = f"waits for the decision of {approval.role}"
        yield _line(case, at, Section.BLOCKED, approval.subject, role=approval.role, due=approval.due, why=why)


def _steps(case: Status, policy: Policy, promised: set[str], at: datetime, until: datetime) -> Iterator[StandupLine]:
    inside, standups = _team(policy), steps_of(policy)
    for step in case.steps:
        if step.id in promised or _plan_id(step) in standups:
            continue
        section, why = _section(step, inside, at, until), ""
        if step.blocked_at(at):
            why = f"waits for: {'; '.join(step.waits_for)}"
        elif step.owner not in inside:
            why = f"waits for {step.owner}"
        if section and not (step.opens and step.opens > at):
            whose = {"step": step.id, "person": step.person, "role": step.owner, "due": step.due, "why": why}
            yield _line(case, at, section, step.title, **whose)


def _section(step: StepStatus, inside: set[RoleId], at: datetime, until: datetime) -> Section | None:
    if step.state is not StepState.OPEN:
        return Section.BLOCKED if step.blocked_at(at) else None
    if step.due and step.due <= at:
        return Section.LATE
    if step.due and step.due <= until:
        return Section.TODAY
    return None if step.owner in inside else Section.BLOCKED


def _promise(case: Status, commitment: Commitment, at: datetime) -> Iterator[StandupLine]:
    """A promise that is not kept is late or promised; one that is kept and not seen yet is still spoken of."""
    if commitment.state not in (*_OWED, *_NOT_SEEN):
        return
    late = commitment.state in _OWED and commitment.due <= at
    section = Section.LATE if late else Section.PROMISED
    why = "a promise to the customer" if late else commitment.state.value.replace("_", " ")
    whose = {"step": commitment.id, "person": commitment.owner, "due": commitment.due, "why": why}
    yield _line(case, at, section, commitment.title, **whose)


def _line(case: Status, at: datetime, section: Section, subject: str, **more: object) -> StandupLine:
    whose = {"account_id": case.account_id, "case_id": case.case_id}
    return StandupLine.model_validate(whose | {"at": at, "section": section, "subject": subject} | more)


def _team(policy: Policy) -> set[RoleId]:
    """The roles inside the team: who does the stand-up and who answers for it; all others are waited for."""
    rule = next((rule for rule in policy.raci if rule.activity == DAILY_STANDUP), None)
    carried = {*rule.responsible, rule.accountable} if rule else set()
    return {policy.lead_role, policy.manager_role, *carried}


def _plan_id(step: StepStatus) -> str:
    return step.id.partition("/")[0]
