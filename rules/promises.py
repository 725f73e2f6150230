"""The promise register: kept in step with the steps that deliver each promise, tell of it and see it confirmed."""

from __future__ import annotations

from datetime import datetime

from models.base import Utc
from models.calendar import ZERO
from models.case import Case, RefusalType
from models.plan import StepSpec
from models.promise import Commitment, PromiseState
from models.step import Step, StepState
from rules.dating import later
from rules.edit import C, change, say
from rules.refusal import Refused
from rules.routing import policy_of

_SETTLED = (PromiseState.CUSTOMER_CONFIRMED, PromiseState.DROPPED, PromiseState.WITHDRAWN)


def settle(case: C, now: datetime) -> C:
    """The case with its register as the steps have it at ``now`` (UTC); a breach is a line of history. Idempotent."""
    for known in case.commitments if not case.closed else ():
        present = _present(case, known, now)
        if present != known:
            case = _said(put(case, present), known, present, now)
    return case


def put(case: C, commitment: Commitment) -> C:
    """The case with that promise: one of a known id is replaced, another is appended."""
    stamped = commitment.model_copy(update={"revision": case.revision + 1})
    if case.commitment(commitment.id) is None:
        return change(case, commitments=(*case.commitments, stamped))
    return change(case, commitments=tuple(stamped if c.id == stamped.id else c for c in case.commitments))


def close(case: C, reason: str, now: datetime, *, dropped: bool) -> C:
    """The register as a closed case leaves it: promises outlive the save, unless the customer leaves with it."""
    owed = carried_over(case)
    if not owed:
        return case
    if dropped:
        for commitment in owed:
            case = put(case, commitment.model_copy(update={"state": PromiseState.DROPPED, "reason": reason}))
    names = ", ".join(commitment.id for commitment in owed)
    text = f"owed no more, {reason}: {names}" if dropped else f"outlive the save and are still owed: {names}"
    return say(case, now, "promises_dropped" if dropped else "promises_outlive", text)


def carried_over(case: Case) -> tuple[Commitment, ...]:
    """The promises that whoever takes over from this case still owes the customer (SAVE-29, SAVE-30)."""
    return tuple(commitment for commitment in case.commitments if commitment.state not in _SETTLED)


def counting(case: Case) -> tuple[Commitment, ...]:
    """Everything that was promised; what was entered by mistake and withdrawn never was."""
    return tuple(commitment for commitment in case.commitments if commitment.state is not PromiseState.WITHDRAWN)


def broken(case: Case, now: datetime) -> tuple[str, ...]:
    """What was promised and is not delivered though its time is over at ``now`` (UTC), by id; late is kept (SAVE-34)."""
    late = (c.id for c in settle(case, now).commitments if c.state in (PromiseState.BREACHED, PromiseState.DROPPED))
    promised = ((step, case.spec(step.step_id)) for step in case.steps if not step.commitment)
    turns = (step.id for step, spec in promised if spec and spec.promise and _is_missed(step, now))
    return (*late, *turns)


def _is_missed(step: Step, now: datetime) -> bool:
    return step.state is StepState.FAILED or (not step.ended and step.due is not None and step.due <= now)


def check_order(case: Case, step: Step, spec: StepSpec) -> None:
    """A promise is delivered, then told, then seen. Raises ``Refused(IllegalMove)`` naming what comes first."""
    before = case.step(spec.opens.after.removeprefix("step:")) if step.commitment else None
    if before is None or before.state is StepState.DONE:
        return
    how = "'fulfil_commitment'" if before.id == step.commitment else "'communicate_commitment'"
    raise Refused(RefusalType.ILLEGAL_MOVE, f"{step.id} comes after {before.id}, which is {before.state}: {how} first")


def check_not_too_far(case: Case, due: datetime, now: datetime) -> None:
    """Nobody promises for years ahead; ``due`` and ``now`` are UTC. Raises ``Refused(IllegalMove)`` naming the last day."""
    longest = policy_of(case).promises.longest
    if longest != ZERO and due > (latest := later(now, longest)):
        sentence = f"a promise is due by {latest:%Y-%m-%d} at the latest; {due:%Y-%m-%d} is too far ahead to be kept"
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{sentence}: promise what can be done by then")


def check_not_withdrawn(case: Case, step: Step) -> None:
    """What was taken back is promised anew, not opened again. Raises ``Refused(IllegalMove)``."""
    known = case.commitment(step.commitment or "")
    if known and known.state is PromiseState.WITHDRAWN:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{known.id} was withdrawn: {known.reason}; 'make_commitment' anew")


def _present(case: Case, known: Commitment, now: datetime) -> Commitment:
    deliver, told, seen = (case.step(name) for name in (known.id, known.told_step, known.seen_step))
    if deliver is None or known.state is PromiseState.WITHDRAWN:
        return known
    ends = _in_turn(deliver, told, seen)
    late = _breach(deliver, now)
    fields = {
        "state": _state(ends, late),
        "owner": next((s.person for s in (deliver, told, seen) if s and s.person and not s.ended), known.owner),
        "due": deliver.due or known.due,
        "breached_at": known.breached_at or late,
        "done_at": ends[0],
        "communicated_at": ends[1],
        "confirmed_at": ends[2],
    }
    return known.model_copy(update=fields)


def _in_turn(*steps: Step | None) -> list[Utc | None]:
    """When each step was done; one counts only where all before it are done, too."""
    ends: list[Utc | None] = []
    for step in steps:
        done = step is not None and step.state is StepState.DONE and None not in ends
        ends.append(step.ended_at if step and done else None)
    return ends


def _breach(deliver: Step, now: datetime) -> Utc | None:
    """The moment at which the promise was broken, None where it was kept or may still be."""
    late = deliver.due is not None and (deliver.due < deliver.ended_at if deliver.ended_at else deliver.due <= now)
    return deliver.due if late else None


def _state(ends: list[Utc | None], late: Utc | None) -> PromiseState:
    reached = (PromiseState.DONE, PromiseState.COMMUNICATED, PromiseState.CUSTOMER_CONFIRMED)
    furthest = [state for state, end in zip(reached, ends, strict=True) if end]
    return furthest[-1] if furthest else PromiseState.BREACHED if late else PromiseState.OPEN


def _said(case: C, known: Commitment, present: Commitment, now: datetime) -> C:
    """What its steps do not say themselves: that the promise is broken, or that it is kept and seen."""
    if present.state is known.state:
        return case
    if present.state is PromiseState.BREACHED:
        text = f"'{present.title}' was promised for {present.due:%Y-%m-%d %H:%M} UTC; it is still owed"
        return say(case, now, "promise_breached", text, step=present.id)
    if present.state is PromiseState.CUSTOMER_CONFIRMED:
        return say(case, now, "promise_seen", f"the customer sees it: {present.title}", step=present.id)
    return case
