"""A fact that arrives is judged at once: its account is swept, or swept once more where that goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from temporalio.client import Client, RPCError
from temporalio.common import WorkflowIDConflictPolicy

from adapters.temporal.connect import NoTemporal
from cli import cases
from cli.desk import Desk
from cli.words import counted
from models.contact import STATEMENT
from models.contract_names import NAMES
from models.faults import TransientFault
from models.sweep import FactArrived, SweepStart
from workflows.contract import SWEEP, Queue, WorkflowType, sweep_id

_NEXT_SWEEP = "the book does not have the statement yet, so that the next sweep weighs it"

MOST_ONE_BY_ONE = 100
"""Of more accounts than these the whole portfolio is swept: that reads every table once."""


async def judge_at_once(desk: Desk, accounts: Collection[str]) -> str:
    """Have these accounts judged now; says so, or that the next sweep does it where nobody answers."""
    if not accounts:
        return "nothing new is known of any account, so that none is judged"
    of_each = len(accounts) <= MOST_ONE_BY_ONE
    them = counted(len(accounts), "account")
    try:
        client = await desk.client()
        for account in sorted(accounts) if of_each else [None]:
            await start_judging(client, account)
    except (NoTemporal, RPCError):
        return f"{them} not judged yet: no Temporal server answers, so that the next sweep does it"
    shown = "'alert list' shows" if of_each else "'detection sweeps' shows"
    return f"{them} judged now{'' if of_each else ', with the whole portfolio'}: {shown} what comes of it"


async def judge_statement(desk: Desk, account: str) -> str:
    """Have the account judged once the book has the statement that its save just heard; says what comes of it."""
    try:
        save = await cases.ask(await desk.client(), account)
    except TransientFault:
        return _NEXT_SWEEP
    heard = max((event.n for event in save.timeline if event.kind == STATEMENT), default=0)
    if not await _booked(desk, save.case_id, heard):
        return _NEXT_SWEEP
    return await judge_at_once(desk, (account,))


async def _booked(desk: Desk, case_id: str, line: int) -> bool:
    """Whether the book comes to have that line of a case; it is written a moment after the case has answered."""
    book = (await desk.parts()).book
    try:
        async with asyncio.timeout(cases.PATIENCE.total_seconds()):
            while True:
                if any(event.n >= line for event in await book.timeline(case_id)):
                    return True
                await asyncio.sleep(cases.LOOK_EVERY_SECONDS)
    except TimeoutError:
        return False


async def start_judging(client: Client, account: str | None) -> None:
    """Sweep one account, or the portfolio (None), or once more where that goes on.

    Raises ``RPCError`` where no server answers.
    """
    await client.start_workflow(
        WorkflowType.HEALTH_SWEEP,
        SweepStart(account_id=account),
        id=sweep_id(account) if account else SWEEP,
        task_queue=Queue.CASES,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"the health of {account or 'the portfolio'}",
        start_signal=NAMES[FactArrived],
        start_signal_args=[FactArrived(account_id=account)],
    )
