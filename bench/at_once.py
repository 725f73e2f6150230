"""``python -m bench.at_once``: from a fact that crosses a threshold to the open case and the task of its owner, in seconds.

So many cases are open meanwhile. Facts come one after the other, as people give them.
"""

from __future__ import annotations

import asyncio
import time
from statistics import quantiles
from typing import Annotated

import typer
from temporalio.common import WorkflowIDConflictPolicy

from adapters.clock import utc_now
from bench.site import LEAN, Site, each, site, worker
from cli import sim_company
from models.contract_names import NAMES
from models.facts import InboundFact, Origin
from models.starts import SaveStart
from models.sweep import FactArrived, SweepStart
from workflows.contract import Queue, WorkflowType, save_id, sweep_id

MOST_SECONDS = 5.0
KIND = "will_not_renew"  # RISK-86
_LOOK_EVERY, _PATIENCE = 0.02, 60.0


async def measure(open_cases: int, facts: int) -> list[float]:
    """How long each fact took; the first ones warm up and do not count."""
    async with site(open_cases + facts) as here, worker(here):
        await each(here.accounts[facts:], lambda account: _open(here, account))
        took = [await _told(here, account) for account in here.accounts[:facts]]
    return took[min(3, facts - 2) :]


async def _open(here: Site, account: str) -> None:
    lead = sim_company.person_id("csm")
    start = SaveStart(account_id=account, opened_by=lead, reason="missing_feature", playbook=LEAN)
    await here.client.start_workflow(WorkflowType.SAVE_ATTEMPT, start, id=save_id(account), task_queue=Queue.CASES)


async def _told(here: Site, account: str) -> float:
    now, begun = utc_now(), time.perf_counter()
    fact = InboundFact(id=f"fact-{account}", account_id=account, at=now, kind=KIND)
    await here.parts.facts.put_inbound([fact], Origin(source="bench", received_at=now))
    await here.client.start_workflow(
        WorkflowType.HEALTH_SWEEP,
        SweepStart(account_id=account),
        id=sweep_id(account),
        task_queue=Queue.CASES,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        start_signal=NAMES[FactArrived],
        start_signal_args=[FactArrived(account_id=account)],
    )
    async with asyncio.timeout(_PATIENCE):
        while True:
            if any(task.open for task in await here.parts.crm.tasks(account)):
                return time.perf_counter() - begun
            await asyncio.sleep(_LOOK_EVERY)


def main(
    open_cases: Annotated[int, typer.Option(help="How many cases are open meanwhile.", min=0)] = 1000,
    facts: Annotated[int, typer.Option(help="How many facts arrive, one after the other.", min=5)] = 60,
) -> None:
    """Measure how soon a fact has its case and its owner a task."""
    took = asyncio.run(measure(open_cases, facts))
    late = quantiles(took, n=20)[-1]
    print(f"{len(took)} facts, {open_cases} open cases: median {sorted(took)[len(took) // 2]:.2f} s, 95 % {late:.2f} s")
    print("the budget is kept" if late < MOST_SECONDS else f"missed: under {MOST_SECONDS:g} s at the 95th percentile")


if __name__ == "__main__":
    typer.run(main)
