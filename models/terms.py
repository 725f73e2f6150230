"""When a contract ends after a request: the date, why not the one that was asked, the waiver route, and who looks at it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.account import Money
from models.base import Record
from models.leaving import ApprovalRule


class DateFault(StrEnum):
    """Why an end date cannot be had as it was asked for."""

    PAST = "past"
    INSIDE_NOTICE = "inside_notice"
    MID_TERM = "mid_term"


class NeededApproval(Record):
    """An approval that is needed, by its rule, and why."""

    rule: ApprovalRule
    why: str


class EndDate(Record):
    """The answer to a requested end date; a cancellation itself is never refused (CANC-6).

    ``ends`` is the day that holds: the asked one, or the earliest where that is too early. ``earliest`` is what contract
    and policy allow without a waiver. ``renewal`` says what becomes of a contract that renews by itself before that day.
    ``fee`` is the contract's for ending early, a line of its own.
    """

    asked: date | None = None
    ends: date
    earliest: date
    valid: bool
    waived: bool = False
    faults: tuple[DateFault, ...] = ()
    sentence: str
    waiver_route: str = ""
    renewal: str = ""
    fee: Money | None = None
    approvals: tuple[NeededApproval, ...] = ()
