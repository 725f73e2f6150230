"""A whole cancellation by the standard plan: what its history costs, and how long its simulation takes."""

from __future__ import annotations

from datetime import timedelta

from adapters.letters.catalogue import load_catalogue
from bench import offboarding
from bench.histories import Cost, cost_of
from bench.stories import company
from cli import sim_company, sim_leaving
from cli.play import Stage
from cli.players import Manner, Story
from models.base import Record
from models.leaving import OffboardingName

_LONGEST_DAYS = 45
_STORY = Story(manner=Manner.DILIGENT)


class Leaving(Record):
    """A cancellation until nothing is owed any more, and the seconds that its decisions take on the rules alone."""

    cost: Cost
    seconds: float


async def measure() -> Leaving:
    """Play one and measure its history, then one on the rules alone and measure the time."""
    return Leaving(cost=await _cost(), seconds=await offboarding.seconds())


async def _cost() -> Cost:
    async with company() as here:
        plan = await here.parts.playbooks.load(OffboardingName.STANDARD)
        await sim_company.found(here.parts, plan.policy, await here.clock.now(), lead_leaves=False)
        await sim_leaving.settle_in(here.parts, plan, here.settings)
        handle = await sim_leaving.requested(here.env.client)
        stage = Stage(
            handle=handle,
            clock=here.clock,
            people=sim_leaving.people(plan, _STORY),
            team=(await here.parts.crm.account_file(sim_company.ACCOUNT)).team,
            catalogue=load_catalogue(here.settings.playbooks / "messages"),
            plans=lambda _: plan,
        )
        status = await stage.play(await here.clock.now() + timedelta(days=_LONGEST_DAYS))
        if status.outcome is None:
            raise RuntimeError(f"the story did not end: {[refusal.sentence for refusal in stage.refusals]}")
        await handle.result()
        return cost_of((await handle.fetch_history()).events)
