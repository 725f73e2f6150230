"""What to do about an outcome that turns out to be wrong: it stands, since others have heard of it, and is overtaken."""

from __future__ import annotations

from cli import cases
from cli.desk import Desk
from cli.exits import Failure
from models.case import RefusalType
from rules.save import stages

_STANDS = "The outcome stands, since what follows it has begun. If it was wrong"


async def of_closed(desk: Desk, account: str, failure: Failure) -> Failure:
    """The refusal to close a closed save, with the way to put its outcome right; any other refusal as it is."""
    if failure.kind != RefusalType.CASE_CLOSED:
        return failure
    outcome = (await cases.latest(desk, account)).outcome or ""
    return Failure(failure.code, failure.kind, f"{failure.sentence}. {_STANDS}, {_way(account, outcome)}")


def _way(account: str, outcome: str) -> str:
    rule = stages.rule_for(outcome)
    if rule and rule.won:
        return (
            f"'recovery signal {account} wrong_outcome' ends the recovery and opens a new save; close that one rightly"
        )
    return "open a new save with a --reason that says so, record its cause, and close that one rightly"
