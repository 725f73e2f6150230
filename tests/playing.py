"""People who work a case: they do what is open, on time or late, with the evidence that each step asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from adapters.letters.catalogue import load_catalogue
from cli import papers
from cli.leavers import Leavers
from cli.play import Stage
from models.leaving import OffboardingName
from models.plan import Plan
from models.status import Status
from settings import CHECKOUT
from tests.company import ACCOUNT, CSM, MANAGER, proof
from tests.world import World

_CATALOGUE = load_catalogue(CHECKOUT / "playbooks" / "messages")
ROOT_CAUSE = {"root_cause": "missing_feature", "whys": ["large exports fail", "nobody owned the export"]}
SIGNED = {"outcome": "saved_full", "evidence": "renewal R-2291 signed on Monday", "notes": "they stay"}


class People:
    """The team of one case. ``at`` is the share of a step's time after which its owner does it."""

    def __init__(self, world: World, plan: Plan, *, at: float = 0.5, standups: bool = False) -> None:
        self._world = world
        self._plan = plan
        self._at = at
        self._standups = standups
        self.done = 0

    async def work(self, days: float, *, every_hours: float = 6) -> None:
        """Work through that many days, looking at the case every few hours."""
        for _ in range(int(days * 24 / every_hours)):
            await self.round()
            await self._world.passes(hours=every_hours)

    async def round(self) -> None:
        """Do each open step whose time has come."""
        now = await self._world.clock()
        status = await self._world.status()
        for step in status["steps"]:
            if step["state"] == "open" and self._is_time(step, now):
                await self._do(step, status)

    def _is_time(self, step: dict[str, Any], now: datetime) -> bool:
        spec = self._plan.step(step["id"].partition("/")[0])
        if spec is None or spec.automatic or (not spec.task and not self._standups):
            return False
        opens, due = datetime.fromisoformat(step["opens"]), datetime.fromisoformat(step["due"])
        return now >= opens + (due - opens) * self._at

    async def _do(self, step: dict[str, Any], status: dict[str, Any]) -> None:
        step_id, name = step["id"], step["id"].partition("/")[0]
        spec = self._plan.step(name)
        assert spec is not None
        drafts = (m for m in status["messages"] if m["step"] == step_id and m["state"] == "drafted")
        draft, template = next(((m["id"], m["template"]) for m in drafts), ("", ""))
        if draft and spec.evidence.kind == "message":
            letter = _letter(step_id, template, await self._world.clock())
            await self._world.tell("release_message", message_id=draft, edits=letter, by=step["person"])
        else:
            evidence = proof(self._plan, name)
            if "commitments" in evidence["items"]:
                evidence["items"]["commitments"] = " ".join(one["id"] for one in status["commitments"]) or "none"
            await self._world.tell("complete_step", step_id=step_id, evidence=evidence, by=step["person"])
        self.done += 1


async def diligent(world: World, plan: Plan, *, standups: bool = False, every_hours: float = 6) -> int:
    """Thirty-one days in which every human step is done on time, and the customer stays. Gives how many were done."""
    people = People(world, plan, standups=standups)
    await world.opened()
    await people.work(2, every_hours=every_hours)
    await world.tell("record_root_cause", **ROOT_CAUSE)
    await people.work(29, every_hours=every_hours)
    await world.tell("close", **SIGNED, by=MANAGER)
    return people.done


async def late(world: World, plan: Plan) -> None:
    """Days in which nobody does anything, then a late start, and the customer leaves."""
    people = People(world, plan, at=1.0)
    await world.opened()
    await world.passes(days=4)
    await people.work(4, every_hours=24)
    await world.passes(days=6)
    await world.tell(
        "close", outcome="lost", notes="they had decided before we called", by=CSM, customer_quotes=["it came too late"]
    )


async def leaving(world: World, people: Leavers, *, days: float) -> Status:
    """A cancellation, or what follows one, is worked for so many days or to its end; gives it as it stands then."""
    playbooks = world.parts.playbooks
    plans = {name: await playbooks.load(name) for name in ("cancellation", *OffboardingName, "retention")}
    stage = Stage(
        handle=world.case,
        clock=_Clock(world),
        people=people,
        team=(await world.parts.crm.account_file(ACCOUNT)).team,
        catalogue=_CATALOGUE,
        plans=plans.__getitem__,
    )
    status = await stage.play(await world.clock() + timedelta(days=days))
    assert not stage.refusals, stage.refusals
    return status


@dataclass(frozen=True)
class _Clock:
    """The clock of a world, which stops a little after each moment."""

    world: World

    async def now(self) -> datetime:
        return (await self.world.clock()).replace(second=0, microsecond=0)

    async def move_to(self, at: datetime) -> None:
        gap = at + timedelta(seconds=20) - await self.world.clock()
        await self.world.leaps(max(gap, timedelta(seconds=20)))


def _letter(step_id: str, template: str, at: datetime) -> dict[str, str]:
    """The parts that the writer of a letter owes; no two letters have the same personal word."""
    parts = papers.edits(_CATALOGUE, template, "en", at, Random(step_id), 0)
    return parts | {"personal_word": f"Your team's run of {step_id} with four hundred exports was on my mind today."}
