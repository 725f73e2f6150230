"""Finding one's way among the records of the book: by kind, by account, by outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.case import CaseKind
from models.leaving_status import LeavingStatus
from models.metrics import CaseRecord
from models.metrics_policy import Counting
from models.step import StepState

Records = Sequence[CaseRecord]


def of_kind(records: Records, kind: CaseKind) -> list[CaseRecord]:
    """The cases of that kind, in an order that does not depend on how they came."""
    return sorted((r for r in records if r.case.kind == kind), key=lambda r: (r.case.opened_at, r.case.case_id))


def leaving(record: CaseRecord) -> LeavingStatus:
    """What a cancellation says of itself."""
    return record.case.leaving or LeavingStatus()


def leavers(records: Records, counting: Counting) -> list[CaseRecord]:
    """The cancellations whose customer has left: the account is closed, or the case ended so."""
    found = of_kind(records, CaseKind.CANCELLATION)
    return [r for r in found if r.case.outcome == counting.left or (left_at(r) and r.case.outcome is None)]


def left_at(record: CaseRecord) -> datetime | None:
    """When the customer was gone (UTC): at the closure of the account, else when the case ended."""
    return leaving(record).account_closed_at or record.case.closed_at


def requested_at(record: CaseRecord) -> datetime:
    """When the customer asked to leave (UTC): the first request that came in."""
    return min((request.at for request in leaving(record).requests), default=record.case.opened_at)


def seen_until(records: Iterable[CaseRecord], account_id: str, now: datetime) -> datetime:
    """Until when (UTC) an account is known: now, or as far as the clock of one of its cases is ahead of it."""
    return max([now, *(r.case.as_of for r in records if r.case.account_id == account_id)])


def done_at(record: CaseRecord, step_id: str) -> datetime | None:
    """When the (first turn of the) step was done (UTC), or None."""
    ends = (s.ended_at for s in record.steps if plan_id(s.status.id) == step_id and s.status.state is StepState.DONE)
    return min((end for end in ends if end), default=None)


def plan_id(step_id: str) -> str:
    """The id of a step in its plan, without the number of its turn."""
    return step_id.partition("/")[0]


def playbook(record: CaseRecord) -> str:
    """The name of the playbook that the case runs, without its version."""
    return record.case.plan.partition("@")[0]
