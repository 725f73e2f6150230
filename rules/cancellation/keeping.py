"""How long a customer who leaves can fetch their data: days that count from the closure of the account (AMB-24)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.calendar import Calendar
from models.cancellation import CLOSED, CancellationCase
from models.case import Case
from models.retention import RetentionCase
from rules.cancellation import policies
from rules.cancellation.terms import day_after
from rules.dating import day_begins, local_day


def closing_day(case: CancellationCase) -> date | None:
    """The day on which the account was closed, or will be: the last one with the service. None while no end is agreed."""
    closed = case.anchor(CLOSED)
    if closed:
        return local_day(closed, _calendar(case))
    return case.end_date - timedelta(days=1) if case.end_date else None


def fetched_until(case: CancellationCase | RetentionCase, prepared_at: datetime) -> datetime | None:
    """Until when (UTC) an export of that moment can be fetched: as long as the policy says, after the closure.

    Where no end is agreed yet it counts from the export; the letters that follow make it longer. So does what a retention
    gives back: it counts from its own export.
    """
    policy = policies.leaving_policy(case)
    if policy is None:
        return None
    closes = closing_day(case) if isinstance(case, CancellationCase) else None
    from_day = closes or local_day(prepared_at, _calendar(case))
    return day_begins(day_after(from_day, policy.retention.retrievable), _calendar(case))


def _calendar(case: Case) -> Calendar:
    assert case.account is not None
    return case.account.calendar
