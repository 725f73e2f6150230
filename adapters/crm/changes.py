"""What becomes of an account that is closed or tagged, wherever it is kept."""

from __future__ import annotations

from models.closing import CloseAccount, TagAccount
from models.crm import AccountRecord
from models.win_back import Memory


def closed(account: AccountRecord, request: CloseAccount) -> AccountRecord:
    """The account as one who left: no customer, and not in the forecast (OFFB-45)."""
    left = {"churned_on": request.closed_on, "churn_reason": request.reason, "moved_to": request.destination}
    return account.model_copy(update=left | {"renewal_date": None})


def closing_note(request: CloseAccount) -> str:
    """What the note about it says."""
    return f"Account closed on {request.closed_on}; reason: {request.reason}. Out of forecast and customer list."


def tagged(account: AccountRecord, request: TagAccount) -> AccountRecord:
    """The account with how its leaving is remembered (OFFB-50, OFFB-55); a reference stays one."""
    reference = account.reference or request.tag is Memory.REFERENCE
    return account.model_copy(update={"win_back": request.tag, "reference": reference})
