"""What the account's policy of leaving says about the keeping of its data, and the calendar that it is counted in."""

from __future__ import annotations

from datetime import datetime

from models.calendar import Calendar
from models.case import Anchor, RefusalType
from models.leaving import LeavingPolicy
from models.retention import BACKUPS_DUE, DELETION_DUE, RETRIEVAL_ENDS, RetentionCase
from rules.cancellation.terms import day_after
from rules.dating import day_begins, local_day
from rules.edit import change, say
from rules.refusal import Refused, one_of
from rules.routing import policy_of


def unknown(case: RetentionCase) -> str:
    """Why the case cannot follow its policy; empty where it can."""
    known = [policy.name for policy in policy_of(case).leaving]
    return "" if case.policy in known else f"there is no policy of leaving '{case.policy}'; known: {one_of(known)}"


def leaving_policy(case: RetentionCase) -> LeavingPolicy:
    """The policy that its cancellation followed; it came with the plan. Raises ``Refused`` where it is no more."""
    known = next((policy for policy in policy_of(case).leaving if policy.name == case.policy), None)
    if known is None:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{unknown(case)}; 'choose_policy' comes first")
    return known


def calendar_of(case: RetentionCase) -> Calendar:
    """The customer's calendar."""
    assert case.account is not None
    return case.account.calendar


def dated(case: RetentionCase, now: datetime) -> RetentionCase:
    """The case with the days of its policy, counted from the closure (AMB-24)."""
    policy, calendar = leaving_policy(case).retention, calendar_of(case)
    closed = local_day(case.account_closed_at, calendar)
    lengths = {
        RETRIEVAL_ENDS: policy.retrievable,
        DELETION_DUE: policy.kept,
        BACKUPS_DUE: policy.backups_purged_by,
    }
    days = {name: day_after(closed, length) for name, length in lengths.items()}
    anchors = tuple(Anchor(name=name, at=day_begins(day, calendar)) for name, day in days.items())
    text = f"kept until {days[DELETION_DUE]}, backups purged by {days[BACKUPS_DUE]} ({policy.rule})"
    return say(change(case, anchors=(*case.anchors, *anchors)), now, "retention", text)
