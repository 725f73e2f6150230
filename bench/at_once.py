"""``python -m bench.at_once``: from a fact that crosses a threshold to the open case and the task of its owner, in seconds.

So many cases are open meanwhile. Facts come at a steady pace, whether or not what came before is answered.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from statistics import median, quantiles
from typing import Annotated

import typer

from adapters.clock import utc_now
from bench.load import until_booked
from bench.site import LEAN, Site, each, site, worker
from cli import sim_company
from cli.at_once import start_judging
from models.base import Record
from models.case import CaseKind
from models.facts import InboundFact, Origin
from models.starts import SaveStart
from workflows.contract import Queue, WorkflowType, save_id

MOST_SECONDS = 5.0
FACTS, EVERY = 60, 1.5
KIND = "will_not_renew"  # RISK-86
_WARM, _WAVE = 3, 50
_LOOK_EVERY, _PATIENCE = 0.05, 120.0


class AtOnce(Record):
    """How soon facts had their case open and its owner told, in seconds, with so many cases open beside them."""

    open_cases: int
    facts: int
    median: float
    p95: float
    worst: float

    @property
    def as_promised(self) -> bool:
        """Under five seconds at the 95th percentile."""
        return self.p95 < MOST_SECONDS


async def measure(open_cases: int, facts: int = FACTS, every: float = EVERY) -> AtOnce:
    """How long each of so many facts took, one ``every`` so many seconds; a few before them warm up and do not count."""
    sent = facts + _WARM
    async with site(open_cases + sent) as here, worker(here):
        await _open(here, here.accounts[sent:])
        for account in here.accounts[:_WARM]:
            await _told(here, account)
        took = await _paced(here, here.accounts[_WARM:sent], every)
    late = quantiles(took, n=20)[-1]
    return AtOnce(open_cases=open_cases, facts=facts, median=median(took), p95=late, worst=max(took))


async def _paced(here: Site, accounts: Sequence[str], every: float) -> list[float]:
    sent = []
    for account in accounts:
        sent.append(asyncio.ensure_future(_told(here, account)))
        await asyncio.sleep(every)
    return await asyncio.gather(*sent)


async def _open(here: Site, accounts: Sequence[str]) -> None:
    """Open a case for each of them, some at a time: all at once is another measurement."""
    lead = sim_company.person_id("csm")
    for first in range(0, len(accounts), _WAVE):
        some = accounts[first : first + _WAVE]
        await each(some, lambda account: _opened(here, account, lead))
        await until_booked(here, first + len(some))


async def _opened(here: Site, account: str, lead: str) -> None:
    start = SaveStart(account_id=account, opened_by=lead, reason="missing_feature", playbook=LEAN)
    await here.client.start_workflow(WorkflowType.SAVE_ATTEMPT, start, id=save_id(account), task_queue=Queue.CASES)


async def _told(here: Site, account: str) -> float:
    """Give one fact as the command line does, and wait until the case is in the book and the owner has a task of it."""
    now, begun = utc_now(), time.perf_counter()
    fact = InboundFact(id=f"fact-{account}", account_id=account, at=now, kind=KIND)
    await here.parts.facts.put_inbound([fact], Origin(source="bench", received_at=now))
    await start_judging(here.client, account)
    async with asyncio.timeout(_PATIENCE):
        while True:
            if await _answered(here, account):
                return time.perf_counter() - begun
            await asyncio.sleep(_LOOK_EVERY)


async def _answered(here: Site, account: str) -> bool:
    lead = sim_company.person_id("csm")
    if not any(task.open and task.person == lead for task in await here.parts.crm.tasks(account)):
        return False
    return await here.parts.book.open_case(account, CaseKind.SAVE) is not None


def main(
    open_cases: Annotated[int, typer.Option(help="How many cases are open meanwhile.", min=0)] = 1000,
    facts: Annotated[int, typer.Option(help="How many facts arrive.", min=5)] = FACTS,
    every: Annotated[float, typer.Option(help="Seconds from one fact to the next.", min=0.1)] = EVERY,
) -> None:
    """Measure how soon a fact has its case and its owner a task (exit code 1 where it takes too long)."""
    found = asyncio.run(measure(open_cases, facts, every))
    said = f"median {found.median:.2f} s, 95 % {found.p95:.2f} s, the latest {found.worst:.2f} s"
    print(f"{found.facts} facts, {found.open_cases} open cases: {said}")
    missed = f"missed: under {MOST_SECONDS:g} s at the 95th percentile"
    print("the budget is kept" if found.as_promised else missed)
    raise SystemExit(0 if found.as_promised else 1)


if __name__ == "__main__":
    typer.run(main)
