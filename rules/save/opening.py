"""Whether a save may be opened beside what else is known of the account: that it has left, or that it is leaving."""

from __future__ import annotations

from datetime import date

from models.base import Record
from models.book import CaseEntry
from models.case import RefusalType
from models.leaving_status import LeavingStatus
from models.starts import SaveStart
from rules.refusal import Refused


class Opening(Record):
    """The start of the save with what goes along, and a word on what it runs beside; empty where that is nothing."""

    start: SaveStart
    beside: str = ""


def weighed(start: SaveStart, left_on: date | None, last: CaseEntry | None) -> Opening:
    """The save as it may be opened: tied to the cancellation that runs, without the roles that a customer does not want.

    ``left_on`` is the day since when the account is no customer, ``last`` its last cancellation, open or over. Raises
    ``Refused``: ``IllegalMove`` for one that has left, or is not asked yet; ``AttemptLimit`` where no save talk may be
    (CANC-13, CANC-36..44).
    """
    account, leaving = start.account_id, last.leaving if last else None
    if left_on:
        said = f"account {account} left on {left_on:%Y-%m-%d} and has nothing to save"
        raise Refused(
            RefusalType.ILLEGAL_MOVE, f"{said}; a customer who is back is kept with 'win-back returned {account}'"
        )
    if last is None or leaving is None:
        return Opening(start=start)
    start = start.model_copy(update={"barred_roles": leaving.barred_roles})
    if last.closed_at:
        return Opening(start=start)
    _check_talk(account, leaving)
    return Opening(start=start.model_copy(update={"cancellation": last.case_id}), beside=_beside(last, leaving))


def _check_talk(account: str, leaving: LeavingStatus) -> None:
    """Raises ``Refused`` where the cancellation says that nobody talks the customer into staying, or has not judged yet."""
    if leaving.attempt is None:
        said = f"account {account} asked to cancel, and whether it is spoken to is decided with 'cancel validate'"
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{said}; that comes first")
    if leaving.attempt is False:
        said = f"account {account} is leaving without a save attempt: {leaving.attempt_why}"
        raise Refused(RefusalType.ATTEMPT_LIMIT, f"{said}; go on with its cancellation ('cancel status {account}')")


def _beside(last: CaseEntry, leaving: LeavingStatus) -> str:
    """What whoever opens the save must know of the cancellation that goes on meanwhile (CANC-29, AMB-17)."""
    said = f"the cancellation {last.case_id} of this account goes on and hears how this save ends"
    if leaving.invitations and leaving.invitations[-1].accepted:
        return f"{said}; the customer has agreed to talk"
    return (
        f"{said}; the customer has not agreed to talk yet: ask them first ('cancel answer-invitation' keeps the answer)"
    )
