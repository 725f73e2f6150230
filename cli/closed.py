"""What a closed case answers: how it ended, and how one goes on from there."""

from __future__ import annotations

from datetime import datetime

from cli.exits import Failure, refused
from models.base import Request
from models.cancellation import CancellationOutcome
from models.case import CaseKind, RefusalType
from models.status import Status
from rules.save import going_on

NAMES_OF = {
    CaseKind.SAVE: "save attempt",
    CaseKind.RECOVERY: "recovery",
    CaseKind.CANCELLATION: "cancellation",
    CaseKind.RETENTION: "retention",
    CaseKind.WIN_BACK: "win-back",
    CaseKind.REVIEW: "review",
}
HOW = {
    CaseKind.SAVE: "open {}: python starter.py save open {} --by PERSON --reason REASON",
    CaseKind.RECOVERY: "a save of {1} that ends well starts {0}",
    CaseKind.CANCELLATION: "open {}: python starter.py cancel request {}",
    CaseKind.RETENTION: "a cancellation of {1} that closes the account starts {0}",
    CaseKind.WIN_BACK: "a cancellation of {1} that ends starts {0}",
    CaseKind.REVIEW: "the calendar asks for {0} by itself; see 'review list'",
}
_COME_BACK = (
    "where they are a customer again, 'winback returned {0} --by PERSON' says so ('retention returned' where nobody "
    "remembers them), and their next request opens a new one"
)


def closed(
    account: str, outcome: str | None, closed_at: datetime | None, kind: CaseKind, given: Request | None = None
) -> Failure:
    """The refusal of whatever is asked of a closed case: how it ended, when, and what could be done now."""
    at = f"{closed_at:%Y-%m-%d %H:%M} UTC" if closed_at else "a while"
    goes_on = going_on.after(account, outcome, given) if kind is CaseKind.SAVE else ""
    if outcome == CancellationOutcome.LEFT:
        goes_on = _COME_BACK.format(account)
    how = goes_on or HOW[kind].format("a new one", account)
    return refused(
        RefusalType.CASE_CLOSED, f"the {NAMES_OF[kind]} of {account} is closed as {outcome} since {at}; {how}"
    )


def ended_at(status: Status) -> datetime | None:
    """When the case got its outcome (UTC), as its history has it."""
    return next((event.at for event in status.timeline if event.kind in ("closed", "rejected")), None)
