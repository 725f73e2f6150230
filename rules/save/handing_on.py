"""What a won save still owes the customer beside its promises, and hands on to the recovery (CONV-23, DIS-23)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from models.calendar import ZERO, Clock, Offset
from models.commands import CloseSave
from models.plan import OPENED, EvidenceRule, StepSpec, When
from models.policy import Policy
from models.save import SaveCase
from models.starts import CarriedStep
from models.step import StepState
from rules import measuring
from rules.dating import day_begins, later, local_day, moment
from rules.offer_steps import calendar_of
from rules.planning import running
from rules.routing import policy_of
from rules.save import stages

FOLLOW_UP = "follow_up"
_PLAIN: dict[str, Any] = {
    "opens": When(),
    "due": When(),
    "warn": None,
    "respond": False,
    "reaches": None,
    "condition": None,
    "only": None,
    "needs": (),
    "offers": (),
}
"""What counts in the save alone: its anchors, its first response, its stages and its conditions."""


def begins_recovery(policy: Policy, outcome: str) -> bool:
    """Whether that outcome begins the account's recovery, which is where it is corrected (POST-5, CONV-21)."""
    rule = stages.rule_for(outcome)
    return rule is not None and rule.won and policy.recovery_follows


def carried(case: SaveCase, command: CloseSave, now: datetime) -> tuple[CarriedStep, ...]:
    """The steps that go on in the recovery: talks and days that were agreed, what is measured, what would have helped.

    Besides the follow-up and day thirty: what was promised in a step for a later day (AMB-20, PLAY-75), a service level in
    writing (PLAY-66), and what prevents that it happens again (PLAY-104).
    """
    if not begins_recovery(policy_of(case), command.outcome):
        return ()
    return (
        *_follow_up(case, command, now),
        *_day_thirty(case, now),
        *_agreed(case, now),
        *_measured(case, now),
        *_preventive(case, now),
    )


def told(case: SaveCase, command: CloseSave, now: datetime) -> str:
    """What becomes of the follow-up and of day thirty, in words; a follow-up that nothing reminds of is said to be one."""
    steps = carried(case, command, now)
    said = [f"; {_words(step)}" for step in steps]
    if command.follow_up and FOLLOW_UP not in {step.spec.id for step in steps}:
        said.append(
            f"; follow-up {command.follow_up:%Y-%m-%d %H:%M} UTC, of which nothing here reminds anybody, since no case of "
            "the account stays open: keep the date yourself"
        )
    return "".join(said)


def _words(step: CarriedStep) -> str:
    if step.spec.recur:
        return f"{step.spec.id} goes on in the recovery"
    if step.within:
        return f"{step.spec.id} and the recovery's {step.within} are days apart and may be one meeting"
    return f"{step.spec.id} is a step of the recovery, due {step.due:%Y-%m-%d %H:%M} UTC"


def _follow_up(case: SaveCase, command: CloseSave, now: datetime) -> Iterator[CarriedStep]:
    """It opens with the day that was agreed, and is due with its end."""
    if command.follow_up is None:
        return
    calendar = calendar_of(case)
    spec = StepSpec(
        id=FOLLOW_UP,
        title="Speak to the customer again, as agreed when they were saved",
        req="CONV-23",
        owner=policy_of(case).lead_role,
        due=When(offset=Offset()),
        customer_facing=True,
        evidence=EvidenceRule(what="what was said"),
    )
    opens = max(day_begins(local_day(command.follow_up, calendar), calendar), now)
    yield CarriedStep(spec=spec, opens=opens, due=moment(command.follow_up, ZERO, Clock.DAY_END, calendar))


def _day_thirty(case: SaveCase, now: datetime) -> Iterator[CarriedStep]:
    """The follow-up counted from the trigger where it is owed still; one that is late already gets time."""
    rules = policy_of(case).day_30
    step = case.step(rules.save) if rules else None
    spec = case.spec(rules.save) if rules else None
    if rules is None or spec is None or step is None or step.ended or step.due is None:
        return
    one = now <= later(case.opened_at, rules.one_meeting_within)
    due = max(step.due, later(now, policy_of(case).reopened_due))
    yield CarriedStep(
        spec=spec.model_copy(update=_PLAIN),
        opens=max(step.opens or now, now),
        due=due,
        within=rules.recovery if one else None,
    )


def _agreed(case: SaveCase, now: datetime) -> Iterator[CarriedStep]:
    """What was promised to the customer in a step that is done, such as to look at it again in three months (PLAY-75).

    The promises of the register go on by themselves; a routine that counts from the opening ends with the save.
    """
    for step, spec in running(case):
        agreed = spec.promise and not step.commitment and spec.opens.after != OPENED
        if agreed and spec.recur is None and step.opens and step.due:
            due = max(step.due, later(now, policy_of(case).reopened_due))
            yield CarriedStep(spec=spec.model_copy(update=_PLAIN), opens=max(step.opens, now), due=due)


def _measured(case: SaveCase, now: datetime) -> Iterator[CarriedStep]:
    """A service level in writing is kept after the save, too, with the response time that was agreed (PLAY-65)."""
    for step, spec in running(case):
        level = measuring.level_of(case, spec)
        if level and spec.automatic and step.due and step.state is StepState.OPEN:
            goes_on = spec.automatic.model_copy(update={"measures": level.model_copy(update={"agreed_in": None})})
            kept = spec.model_copy(update=_PLAIN | {"due": None, "automatic": goes_on})
            yield CarriedStep(spec=kept, opens=now, due=max(step.due, now))


def _preventive(case: SaveCase, now: datetime) -> Iterator[CarriedStep]:
    """What every account should have before it happens again, such as more than one champion (PLAY-104, PLAY-105)."""
    for spec in case.plan.preventive if case.plan else ():
        within = spec.due.offset if spec.due else ZERO
        yield CarriedStep(spec=spec.model_copy(update=_PLAIN), opens=now, due=later(now, within))
