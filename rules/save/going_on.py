"""Where what a closed save still owes goes on, for whoever gives it a command that comes too late (POST-11)."""

from __future__ import annotations

from models import commands as c
from models.base import Request
from rules.save import stages

NEXT = "open a new save attempt"


def after(account: str, outcome: str | None, command: Request | None) -> str:
    """What to do instead of ``command`` in the recovery of a won save; empty where nothing of it goes on there."""
    rule = stages.rule_for(outcome or "")
    if rule is None or not rule.won:
        return ""
    match command:
        case c.FulfilCommitment():
            return _step(account, command.commitment_id)
        case c.CommunicateCommitment():
            return _step(account, f"{command.commitment_id}_told")
        case c.ConfirmCommitment():
            return _step(account, f"{command.commitment_id}_seen")
        case c.CompleteStep():
            return f"what it still owed goes on in its recovery, as 'recovery status {account}' shows"
        case _:
            return ""


def _step(account: str, step_id: str) -> str:
    return (
        f"what was promised goes on in its recovery: 'recovery step {account} {step_id} --by PERSON --evidence PROOF'"
    )
