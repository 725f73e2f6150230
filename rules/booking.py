"""What the book must still be told of a case: every row that is newer than the last batch."""

from __future__ import annotations

from datetime import datetime

from models.book import BookBatch, CaseEntry, StepEntry
from models.case import Case, CaseKind
from models.retention import RetentionCase
from models.review import ReviewCase
from models.status import Status
from models.win_back import WinBackOutcome
from rules import outgoing, status
from rules.reviews import lifecycle
from rules.routing import policy_of


def batch(case: Case, key: str, workflow_id: str, now: datetime) -> BookBatch:
    """One batch for the book at ``now`` (UTC); rows of a known revision are left out."""
    seen = status.of(case, now)
    steps = tuple(
        StepEntry(
            status=shown,
            ended_at=step.ended_at,
            ended_by=step.ended_by,
            reason=step.reason,
            revision=step.revision,
        )
        for step, shown in zip(case.steps, seen.steps, strict=True)
        if step.revision > case.booked_revision
    )
    lines = tuple(event for event in case.timeline if event.n > case.booked_events)
    return BookBatch(
        key=key,
        case=entry(case, seen, workflow_id),
        steps=steps,
        messages=tuple(message for message in case.messages if message.revision > case.booked_revision),
        commitments=tuple(each for each in case.commitments if each.revision > case.booked_revision),
        offers=tuple(each for each in case.offers if each.revision > case.booked_revision),
        approvals=tuple(each for each in case.approvals if each.revision > case.booked_revision),
        timeline=lines,
        former_seats=case.team.former,
        events=outgoing.events(case, lines),
    )


def entry(case: Case, seen: Status, workflow_id: str) -> CaseEntry:
    """The case in one row, as its status ``seen`` shows it, with its own time as ``as_of``."""
    account = case.account
    return CaseEntry(
        case_id=case.case_id,
        workflow_id=workflow_id,
        kind=case.kind,
        account_id=case.account_id,
        stage=case.stage,
        outcome=case.outcome,
        plan=seen.plan,
        plan_digest=case.plan.digest if case.plan else "",
        root_cause=seen.root_cause,
        whys=seen.whys,
        stated_reason=seen.stated_reason,
        severity=seen.severity,
        owner=owner_of(case),
        arr_minor=account.arr.minor if account else 0,
        currency=account.arr.currency if account else "USD",
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        next_due=seen.next_due,
        next_wake=seen.next_wake,
        overdue=len(seen.overdue),
        on_hold_until=seen.on_hold_until,
        verified=seen.verified,
        leaving=seen.leaving,
        returned_at=_returned_at(case),
        corrects=seen.corrects,
        as_of=seen.as_of,
        revision=case.revision,
    )


def _returned_at(case: Case) -> datetime | None:
    """Since when the customer is back; a retention may have to go on for what is still owed then."""
    if isinstance(case, RetentionCase):
        return case.returned_at
    return case.closed_at if case.outcome == WinBackOutcome.RETURNED and case.kind is CaseKind.WIN_BACK else None


def owner_of(case: Case) -> str | None:
    """The person who leads the case: the policy's lead role, the CSM in a save; of a review whoever is asked for it."""
    if isinstance(case, ReviewCase):
        asked = lifecycle.held_step(case)
        return asked.person if asked else None
    seat = case.team.seat(policy_of(case).lead_role)
    return seat.person if seat else None
