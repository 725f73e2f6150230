"""The commands on promises: make one, deliver it, tell of it, see it confirmed. Each gives the new case or ``Refused``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from models.calendar import Offset
from models.case import Case, RefusalType
from models.commands import (
    CommunicateCommitment,
    CompleteStep,
    ConfirmCommitment,
    EvidenceGiven,
    FulfilCommitment,
    MakeCommitment,
)
from models.people import PersonId, RoleId
from models.plan import EvidenceRule, StepSpec, When
from models.policy import ROADMAP
from models.promise import Commitment, PromiseKind, PromiseState
from models.step import Evidence, Step, StepState
from rules import evidence, promises, steps, twins
from rules.edit import C, change, put_steps, say
from rules.planning import new_steps
from rules.refusal import Refused, counted, one_of
from rules.routing import holder, policy_of, roles_of


def make(case: C, command: MakeCommitment, now: datetime) -> C:
    """A promise with one owner and a date, and the three steps that see it through (SAVE-17, SAVE-29).

    The very same promise given again is the one that is open already: a second one differs in its words or its date.
    """
    role = _role_of(case, command.owner)
    if command.due <= now:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"a promise must be due after {now:%Y-%m-%d %H:%M} UTC")
    promises.check_not_too_far(case, command.due, now)
    if command.kind is PromiseKind.ROADMAP:
        wanted = "a promise about the roadmap needs the confirmation of product or engineering as 'evidence'"
        evidence.check(case, ROADMAP, command.evidence, RefusalType.EVIDENCE_MISSING, wanted)
    if twin := twins.promise(case, command):
        return say(case, now, "promised_again", twins.once(twin), by=command.by, step=twin.id)
    commitment = _commitment(case, command, now)
    specs = _specs(case, commitment, role)
    case = promises.put(change(case, extras=(*case.extras, *specs)), commitment)
    case = put_steps(case, *_steps(commitment, specs, now))
    day = f"{command.due:%Y-%m-%d %H:%M} UTC ({_until(command.due - now)})"
    text = f"{command.owner} by {day}, promised by {command.source}: {command.text}"
    confirmed = f"; confirmed: {command.evidence}" if command.evidence else ""
    return say(case, now, "promised", f"{text}{confirmed}", by=command.by, step=commitment.id)


def fulfil(case: C, command: FulfilCommitment, now: datetime) -> C:
    """What was promised is delivered; late or not, it counts from now on as done."""
    return _complete(case, find(case, command.commitment_id).id, command.evidence, command.by, now)


def communicate(case: C, command: CommunicateCommitment, now: datetime) -> C:
    """The customer was told clearly that it is done."""
    return _complete(case, find(case, command.commitment_id).told_step, command.evidence, command.by, now)


def confirm(case: C, command: ConfirmCommitment, now: datetime) -> C:
    """The customer sees the result; where they were told only now, ``communicated`` proves that first."""
    commitment = find(case, command.commitment_id)
    told = case.step(commitment.told_step)
    if command.communicated and told and told.state is not StepState.DONE:
        case = _complete(case, told.id, command.communicated, command.by, now)
    return _complete(case, commitment.seen_step, command.evidence, command.by, now)


def carry_on(case: C, now: datetime) -> C:
    """The case with the steps of every promise that it took over, from the stage on that each had reached (SAVE-29).

    A promise whose owner is not of this team, or has no role in it, goes to whoever manages the account.
    """
    for commitment in (one for one in case.commitments if case.step(one.id) is None):
        owner, role = _who_carries_on(case, commitment.owner, now)
        specs = _specs(case, commitment, role)
        case = change(case, extras=(*case.extras, *specs))
        if owner != commitment.owner:
            case = promises.put(case, commitment.model_copy(update={"owner": owner}))
        case = put_steps(case, *_reached(commitment, _steps(commitment, specs, now), now))
    return case


def _who_carries_on(case: Case, owner: PersonId, now: datetime) -> tuple[PersonId, RoleId]:
    try:
        return owner, _role_of(case, owner)
    except Refused:
        role = policy_of(case).manager_role
        return holder(case, role, now) or owner, role


def _reached(commitment: Commitment, owed: tuple[Step, ...], now: datetime) -> tuple[Step, ...]:
    """The steps with those done that the promise had behind it when it was taken over."""
    behind = {PromiseState.DONE: 1, PromiseState.COMMUNICATED: 2}.get(commitment.state, 0)
    proof = {"state": StepState.DONE, "evidence": Evidence(text="done before it was taken over")}
    ends = [end or now for end in (commitment.done_at, commitment.communicated_at)][:behind]
    done = (step.model_copy(update=proof | {"ended_at": end}) for step, end in zip(owed, ends, strict=False))
    return (*done, *owed[behind:])


def find(case: Case, commitment_id: str) -> Commitment:
    """The promise of that id. Raises ``Refused(UnknownCommitment)`` naming those that there are."""
    known = case.commitment(commitment_id)
    if known is None:
        there = one_of(commitment.id for commitment in case.commitments)
        raise Refused(RefusalType.UNKNOWN_COMMITMENT, f"there is no promise '{commitment_id}'; promised: {there}")
    return known


def _complete(case: C, step_id: str, proof: str, by: PersonId, now: datetime) -> C:
    given = CompleteStep(step_id=step_id, by=by, evidence=EvidenceGiven(text=proof))
    return steps.complete(case, given, now)


def _role_of(case: Case, owner: PersonId) -> RoleId:
    """The role in which somebody owns a promise on this case: a seat of theirs before any other. Raises ``Refused``."""
    person = case.team.person(owner)
    if person is None:
        raise Refused(
            RefusalType.UNKNOWN_PERSON, f"'{owner}' is not on the team of account {case.account_id} and owns no promise"
        )
    if not person.active:
        raise Refused(RefusalType.NOT_ALLOWED, f"'{owner}' is deactivated and owns no promise")
    held = (*(seat.role for seat in case.team.seats if seat.person == owner), *roles_of(case, owner))
    if not held:
        raise Refused(RefusalType.NOT_ALLOWED, f"'{owner}' has no role on this case; 'assign' them one first")
    return held[0]


def _commitment(case: Case, command: MakeCommitment, now: datetime) -> Commitment:
    taken = set(case.specs())
    number = next(n for n in range(1, len(taken) + 2) if not _ids(n) & taken)
    return Commitment(
        id=f"promise_{number}",
        title=command.text,
        owner=command.owner,
        due=command.due,
        source=command.source,
        kind=command.kind,
        made_by=command.by,
        made_at=now,
        evidence=command.evidence,
    )


def _until(ahead: timedelta) -> str:
    hours = int(ahead.total_seconds()) // 3600
    return f"in {counted(ahead.days, 'day')}" if ahead.days else f"in {counted(hours, 'hour')}"


def _ids(number: int) -> set[str]:
    return {f"promise_{number}{stage}" for stage in ("", "_told", "_seen")}


def _specs(case: Case, commitment: Commitment, role: RoleId) -> tuple[StepSpec, ...]:
    """Deliver, tell, see: the first is the promise, each of the others counts from the one before.

    Whoever leads the save may do each of them, too: the date was agreed with the customer by them.
    """
    rules = policy_of(case).promises
    shared = {"owner": role, "with": (policy_of(case).lead_role,), "customer_facing": True}
    deliver = {
        "id": commitment.id,
        "title": commitment.title,
        "req": "SAVE-27",
        "due": When(offset=Offset()),
        "promise": True,
        "evidence": EvidenceRule(kind=rules.delivered_by, what="what shows that it is delivered"),
        "ladder": rules.ladder,
    }
    tell = _after(commitment.id, rules.communicate_within) | {
        "id": commitment.told_step,
        "title": f"Tell the customer that it is done: {commitment.title}",
        "template": rules.told_by,
        "evidence": EvidenceRule(kind=rules.communicated_by, what="how the customer was told"),
    }
    see = _after(commitment.told_step, rules.confirm_within) | {
        "id": commitment.seen_step,
        "title": f"The customer confirms that they see it: {commitment.title}",
        "evidence": EvidenceRule(kind=rules.confirmed_by, what="who of the customer said what"),
    }
    return tuple(StepSpec.model_validate(shared | own) for own in (deliver, tell, see))


def _after(step_id: str, within: Offset) -> dict[str, Any]:
    anchor = f"step:{step_id}"
    return {"req": "SAVE-29", "opens": When(after=anchor), "due": When(after=anchor, offset=within)}


def _steps(commitment: Commitment, specs: tuple[StepSpec, ...], now: datetime) -> tuple[Step, ...]:
    ours = {"by_hand": True, "commitment": commitment.id}
    deliver, *later = (step.model_copy(update=ours) for step in new_steps(specs, now))
    promised = {"opens": now, "due": commitment.due, "pinned_due": True}
    return (deliver.model_copy(update=promised), *later)
