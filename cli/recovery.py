"""``recovery``: look after a customer who was saved: see what is owed, do it, and end it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.cases import RECOVERY
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.options import Account, By, CommandId, Decision, Everything, Items, Notes, OutcomeProof, Proof, StepId, pairs
from cli.save import shown
from cli.save_work import give
from models.commands import CloseRecovery, CompleteStep, EvidenceGiven

app = group("Look after a saved customer for a year; a save that ended well begins it.")


@command(app, "status", example="recovery status acc-0001 --all")
async def status(desk: Desk, account: Account, everything: Everything = False) -> Reply:
    """How the recovery stands: its plan with what is late on top, and what comes next."""
    return await shown(desk, account, RECOVERY, everything=everything)


@command(
    app,
    "step",
    example="recovery step acc-0001 touchpoint/2 --by usr-01 "
    '--evidence "call of 2 May with the ops lead: the export works, they wait for the beta"',
)
async def step(
    desk: Desk,
    account: Account,
    step_id: StepId,
    by: By,
    evidence: Proof = "",
    item: Items = None,
    decision: Decision = None,
    command_id: CommandId = None,
) -> Reply:
    """Complete a step with its evidence. What would prove it is said where something is missing."""
    proof = EvidenceGiven(text=evidence, items=pairs(item, "--item"), decision=decision)
    return await give(desk, account, CompleteStep(step_id=step_id, by=by, evidence=proof), command_id, RECOVERY)


@command(app, "close", example='recovery close acc-0001 verified --by usr-07 --notes "a quiet half year"')
async def close(
    desk: Desk,
    account: Account,
    outcome: Annotated[str, typer.Argument(help="verified, not_verified or ended.", show_default=False)],
    by: By,
    notes: Notes,
    evidence: OutcomeProof = "",
    command_id: CommandId = None,
) -> Reply:
    """End the recovery with its outcome; where monitoring has run its time, it ends by itself."""
    given = CloseRecovery(outcome=outcome, by=by, notes=notes, evidence=evidence)
    return await give(desk, account, given, command_id, RECOVERY)
