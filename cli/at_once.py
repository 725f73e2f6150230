"""A fact that arrives is judged at once: its account is swept, or swept once more where that goes on."""

from __future__ import annotations

from collections.abc import Collection

from temporalio.client import Client, RPCError
from temporalio.common import WorkflowIDConflictPolicy

from adapters.temporal.connect import NoTemporal
from cli.desk import Desk
from models.contract_names import NAMES
from models.sweep import FactArrived, SweepStart
from workflows.contract import Queue, WorkflowType, sweep_id


async def judge_at_once(desk: Desk, accounts: Collection[str]) -> str:
    """Have these accounts judged now; says so, or that the next sweep does it where nobody answers."""
    if not accounts:
        return ""
    try:
        client = await desk.client()
        for account in sorted(accounts):
            await start_judging(client, account)
    except (NoTemporal, RPCError):
        return "no Temporal server answers, so that the next sweep judges it"
    return "it is judged now: 'alert list' shows what comes of it"


async def start_judging(client: Client, account: str) -> None:
    """Sweep one account, or once more where that goes on. Raises ``RPCError`` where no server answers."""
    await client.start_workflow(
        WorkflowType.HEALTH_SWEEP,
        SweepStart(account_id=account),
        id=sweep_id(account),
        task_queue=Queue.CASES,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"the health of {account}",
        start_signal=NAMES[FactArrived],
        start_signal_args=[FactArrived(account_id=account)],
    )
