"""What else of the account is open, as it was read with the account: it hears of the case that has just begun."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models.account import AccountFile
from models.case import CaseKind, Sibling
from models.save import SaveCase
from rules.edit import C, change

RETURNED, OPENED = "customer_returned", "save_opened"
_OF_WHO_LEFT = (CaseKind.RETENTION, CaseKind.WIN_BACK)


def told(case: C, file: AccountFile, now: datetime) -> C:
    """The case that tells the account's other open cases of itself, where they need to know."""
    siblings = (*case.siblings, *_of_return(case, file.held_as_left, now), *_of_opening(case, file, now))
    return change(case, siblings=siblings) if siblings != case.siblings else case


def _of_return(case: C, held_as_left: Iterable[str], now: datetime) -> tuple[Sibling, ...]:
    """A customer again, as the CRM says: what still takes them for one who left hears of it (OFFB-24, AMB-26).

    These two themselves say nothing: they begin while the CRM may not know of the closure yet.
    """
    if case.kind in _OF_WHO_LEFT:
        return ()
    detail = f"the CRM has them as a customer, and a {case.kind} was opened"
    heard = Sibling(kind=case.kind, at=now, signal=RETURNED, detail=detail, only_told=True)
    return tuple(heard.model_copy(update={"kind": CaseKind(kind)}) for kind in held_as_left)


def _of_opening(case: C, file: AccountFile, now: datetime) -> tuple[Sibling, ...]:
    """A save that its cancellation did not open says that it is there, and hears what is left to it (CANC-36, CANC-41)."""
    if not isinstance(case, SaveCase) or not file.cancelling or case.attempts_left is not None:
        return ()
    return (Sibling(kind=CaseKind.CANCELLATION, at=now, signal=OPENED, only_told=True),)
