"""The stories behind the corpus: real cases, played on a real development server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cli.leavers import Leavers
from cli.players import Manner
from cli.players import Story as Playing
from models.case import CaseKind
from models.faults import TransientFault
from models.plan import Plan
from parts import open_parts
from tests import playing
from tests.company import ACCOUNT, CSM, DELIVERED, DEPUTY, ENGINEER, MANAGER, NOTICE, SPOKE, found
from tests.faulty import Faulty
from tests.leavers import asks
from tests.world import World, served_world, soon, world_of, world_on
from workflows.contract import cancellation_id, recovery_id, retention_id, review_id, review_round_id, save_id

_DILIGENT = Playing(manner=Manner.DILIGENT, seed=7)
_WEEK = "2026-W48"
_PORTFOLIO = f"portfolio.{CSM}.{_WEEK}"


@dataclass(frozen=True)
class Stage:
    """What a story is played with."""

    world: World
    plan: Plan
    crm: Faulty
    email: Faulty


@asynccontextmanager
async def set_up(home: Path, *, suggest_after: int | None = None) -> AsyncIterator[Stage]:
    """A fresh home and a server for one story."""
    settings = await found(home)
    async with open_parts(settings) as parts:
        crm, email = Faulty(parts.crm, "sync_tasks", "add_note"), Faulty(parts.email, "send")
        shaky: Any = replace(parts, crm=crm, email=email)  # type: ignore[arg-type]
        async with served_world(shaky, suggest_after=suggest_after) as world:
            yield Stage(world, await parts.playbooks.load("product_technical"), crm, email)


async def diligent(stage: Stage) -> None:
    """Thirty-one days on which every human step is done on time; the customer stays."""
    await playing.diligent(stage.world, stage.plan, every_hours=12)


async def late(stage: Stage) -> None:
    """Nobody does anything for four days, everything escalates; the customer leaves."""
    await playing.late(stage.world, stage.plan)


async def switched(stage: Stage) -> None:
    """The spine, then one playbook, then another; with a hold, a reopened step, an absence and a handed-over role."""
    world = stage.world
    await world.opened("common_spine")
    await world.tell("complete_step", step_id="contact_call", evidence=SPOKE)
    await world.tell("record_root_cause", **playing.ROOT_CAUSE)
    await world.passes(hours=8)
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    until = (await world.clock() + timedelta(days=4)).isoformat()
    await world.tell("hold", until=until, reason="their office is closed")
    await world.passes(days=2)
    await world.tell("resume", by=MANAGER)
    await world.tell("reopen_step", step_id="ack_call", reason="nobody with authority was named", by=MANAGER)
    now = await world.clock()
    await world.goes_away(CSM, now + timedelta(hours=2), now + timedelta(days=12))
    await world.passes(days=1)
    await world.tell("record_root_cause", root_cause="budget_cut", whys=["the budget was cut by half"], by=DEPUTY)
    await world.tell("assign", role="sales", person="usr-15", by=MANAGER)
    await world.signal("trigger_playbook", {"playbook": "wishful", "by": MANAGER, "reason": "worth a try"})
    await world.passes(days=3)
    due = (await world.clock() + timedelta(days=60)).isoformat()
    await world.tell("make_commitment", text="A review of the contract", owner=CSM, due=due, source="call", by=MANAGER)
    await world.tell("close", outcome="saved_partial", evidence="smaller contract C-77 signed", notes="x", by=MANAGER)


async def outages(stage: Stage) -> None:
    """The CRM and the mail fail and come back, nothing may leave for a while, and a signal is garbage."""
    world = stage.world
    stage.crm.fault = TransientFault("the CRM does not answer")
    await world.opened()
    await world.passes(hours=7)
    stage.crm.fault = None
    stage.email.fault = TransientFault("the mail service does not answer")
    await world.signal("risk_signal", ["garbage"])
    await world.passes(hours=20)
    stage.email.fault = None
    await world.parts.outbox.pause("usr-10", "a wrong price is in the templates")
    await world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE)
    await world.passes(hours=2)
    await world.parts.outbox.resume("usr-10")
    await world.signal("retry_now", {"by": CSM})
    await world.passes(days=1)
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])


async def continued(stage: Stage) -> None:
    """A case whose first history grew long: what is kept is the run that goes on from there, with a retry on its way."""
    world = stage.world
    await world.opened()
    await world.parts.outbox.pause("usr-10", "freeze")
    await world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE)
    for day in range(4):
        await world.tell("log_contact", channel="phone", answered=True, summary=f"talk {day} with the ops lead")
        await world.passes(days=1)
    await world.parts.outbox.resume("usr-10")
    await world.passes(hours=4)
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])


async def recovered(stage: Stage) -> None:
    """Thirty-six days after a save: touchpoints, a value report, a check-in, a promise that breaks, and a relapse."""
    world = stage.world
    recovery = world_on(world.client, world.parts, CaseKind.RECOVERY)
    saved = datetime.now(UTC)
    due = (saved + timedelta(days=9)).isoformat()
    promise = {"id": "promise_1", "title": "the export", "owner": ENGINEER, "due": due}
    start = {"account_id": ACCOUNT, "save_case_id": "save-1", "saved_at": saved.isoformat(), "commitments": [promise]}
    await soon(world.client.start_workflow("SaveRecovery", start, id=recovery.case.id, task_queue="cases"))
    plan = await world.parts.playbooks.load("recovery")
    await recovery.passes(days=10)
    await recovery.tell("log_contact", channel="phone", answered=True, summary="they wait for the export")
    await recovery.tell("fulfil_commitment", commitment_id="promise_1", evidence=DELIVERED, by=ENGINEER)
    await playing.People(recovery, plan, at=0.95).work(26, every_hours=12)
    await recovery.signal("risk_signal", {"kind": "usage_falling", "detail": "logins halved"})


async def left(stage: Stage) -> None:
    """A whole cancellation by the standard plan: confirmed, exported, wound down, closed, and nothing is owed any more."""
    await _leaves(stage, Leavers(_DILIGENT))


async def stayed(stage: Stage) -> None:
    """A cancellation that the customer withdraws on the tenth day, when some of their access was reduced already."""
    await _leaves(stage, Leavers(_DILIGENT, withdraws_on=10))


async def retained(stage: Stage) -> None:
    """What is kept of a customer who left: deleted on its day, verified, certified, and gone from the backups."""
    retention = world_on(stage.world.client, stage.world.parts, CaseKind.RETENTION)
    closed = datetime.now(UTC)
    start = {"account_id": ACCOUNT, "cancellation_case_id": "can-1", "closed_at": closed.isoformat()}
    start |= {"proof_wanted": True}
    await soon(stage.world.client.start_workflow("DataRetention", start, id=retention.case.id, task_queue="cases"))
    await playing.leaving(retention, Leavers(_DILIGENT), days=400)


async def reviewed(stage: Stage) -> None:
    """A weekly review that is escalated and moved, refused with a note that says nothing, and then confirmed."""
    review = await _asked(stage.world)
    await review.passes(days=5)
    until = (await review.clock() + timedelta(days=1)).isoformat()
    await review.tell(
        "reschedule_step", step_id="held", due=until, reason="the whole team is at a customer", by=MANAGER
    )
    await review.refused("confirm_review", notes="ok")
    await review.passes(hours=12)
    await review.tell("confirm_review", notes="went through all of them; two worry me, both lost their champion")


async def round_begun(stage: Stage) -> None:
    """The calendar asks for the portfolio reviews, and each CSM's begins."""
    round_ = review_round_id("portfolio")
    await soon(stage.world.client.start_workflow("ReviewRound", {"review": "portfolio"}, id=round_, task_queue="cases"))


async def _asked(world: World) -> World:
    name = review_id(_PORTFOLIO)
    start = {"review": "portfolio", "subject": CSM, "period": _WEEK}
    review = world_of(world.client, world.parts, name)
    await soon(world.client.start_workflow("Review", start, id=name, task_queue="cases"))
    await review.passes(minutes=5)
    return review


async def _leaves(stage: Stage, people: Leavers) -> None:
    world = world_on(stage.world.client, stage.world.parts, CaseKind.CANCELLATION)
    await asks(world)
    await playing.leaving(world, people, days=45)


@dataclass(frozen=True)
class Story:
    """How a history of the corpus comes about; ``kept`` is the workflow whose history it is."""

    play: Callable[[Stage], Awaitable[None]]
    suggest_after: int | None = None
    kept: str = save_id(ACCOUNT)


STORIES = {
    "diligent": Story(diligent),
    "late": Story(late),
    "switched": Story(switched),
    "outages": Story(outages),
    "continued": Story(continued, suggest_after=120),
    "recovered": Story(recovered, kept=recovery_id(ACCOUNT)),
    "left": Story(left, kept=cancellation_id(ACCOUNT)),
    "stayed": Story(stayed, kept=cancellation_id(ACCOUNT)),
    "retained": Story(retained, kept=retention_id(ACCOUNT)),
    "reviewed": Story(reviewed, kept=review_id(_PORTFOLIO)),
    "round": Story(round_begun, kept=review_round_id("portfolio")),
}
