"""A customer again, as the CRM says: what still takes them for one who left hears of it (OFFB-24, AMB-26)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models.case import CaseKind, Sibling
from rules.edit import C, change

RETURNED = "customer_returned"
_OF_WHO_LEFT = (CaseKind.RETENTION, CaseKind.WIN_BACK)


def told(case: C, held_as_left: Iterable[str], now: datetime) -> C:
    """The case that tells the account's open retention and win-back of the return, where they have not heard of it.

    These two themselves say nothing: they begin while the CRM may not know of the closure yet.
    """
    if case.kind in _OF_WHO_LEFT:
        return case
    detail = f"the CRM has them as a customer, and a {case.kind} was opened"
    heard = (
        Sibling(kind=CaseKind(kind), at=now, signal=RETURNED, detail=detail, only_told=True) for kind in held_as_left
    )
    siblings = (*case.siblings, *heard)
    return change(case, siblings=siblings) if siblings != case.siblings else case
