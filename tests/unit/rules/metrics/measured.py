"""Cases as the book has them, for the metrics: written by hand, or as a driven case would book itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from adapters.playbooks.folder import FolderPlaybooks
from models.book import CaseEntry, StepEntry
from models.case import Case, TimelineEvent
from models.leaving_status import LeavingStatus
from models.metrics import Board, CaseRecord, Metric, Period, Reading
from models.metrics_policy import MetricId, MetricsPolicy
from models.promise import Commitment
from models.survey import Survey
from rules import booking
from rules.metrics import board as boards

NOW = datetime(2030, 6, 3, 9, 0, tzinfo=UTC)
ALL = Period()


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@cache
def policy() -> MetricsPolicy:
    return asyncio.run(FolderPlaybooks(Path("playbooks")).metrics())


@cache
def survey() -> Survey:
    return asyncio.run(FolderPlaybooks(Path("playbooks")).policy()).survey


def case(kind: str, account: str = "acc-1", **fields: Any) -> CaseEntry:
    known = {
        "case_id": f"{kind}-{account}-{fields.get('opened_at', NOW):%Y%m%d%H}",
        "workflow_id": f"{kind}:{account}",
        "kind": kind,
        "account_id": account,
        "stage": "closed",
        "opened_at": ago(100),
        "arr_minor": 1_000_00,
        "as_of": NOW,
        "revision": 1,
    }
    return CaseEntry.model_validate(known | fields)


def step(step_id: str, opens: datetime, due: datetime | None, ended: datetime | None, **fields: Any) -> StepEntry:
    state = fields.pop("state", "done" if ended else "open")
    status = {"id": step_id, "title": step_id, "owner": "csm", "opens": opens, "due": due, "state": state} | fields
    return StepEntry.model_validate({"status": status, "ended_at": ended, "revision": 1})


def left(account: str = "acc-1", asked: float = 20, closed: float | None = 8, **leaving: Any) -> CaseRecord:
    """A cancellation, asked for and closed so many days ago; open where it is not closed."""
    at = None if closed is None else ago(closed)
    outcome = leaving.pop("outcome", None if at is None else "left")
    steps = leaving.pop("steps", ())
    known = {
        "requests": [{"at": ago(asked), "channel": "email"}],
        "account_closed_at": at if outcome == "left" else None,
    }
    entry = case("cancellation", account, opened_at=ago(asked), closed_at=at, outcome=outcome)
    seen = LeavingStatus.model_validate(known | leaving)
    return CaseRecord(case=entry.model_copy(update={"leaving": seen, "plan": "standard@1"}), steps=steps)


def save(account: str = "acc-1", outcome: str | None = "saved_full", **fields: Any) -> CaseRecord:
    """A save, opened and closed so many days ago; ``contact`` is how many hours the first contact took."""
    opened, closed, contact = fields.pop("opened", 60), fields.pop("closed", 30), fields.pop("contact", None)
    promised = tuple(fields.pop("commitments", ()))
    steps = tuple(fields.pop("steps", ()))
    ended = ago(closed) if outcome else None
    entry = case(
        "save",
        account,
        **{"opened_at": ago(opened), "closed_at": ended, "outcome": outcome, "plan": "product_technical@1"} | fields,
    )
    if contact is not None:
        due = ago(opened) + timedelta(hours=48)
        steps += (step("contact_call", ago(opened), due, ago(opened) + timedelta(hours=contact)),)
    return CaseRecord(case=entry, steps=steps, commitments=promised)


def recovery(account: str = "acc-1", **fields: Any) -> CaseRecord:
    return CaseRecord(case=case("recovery", account, **fields))


def review(name: str, outcome: str = "held", closed: float | None = 8) -> CaseRecord:
    """A review of week 21, ended so many days ago; it waits where it is not closed."""
    ended = {"closed_at": None, "outcome": None} if closed is None else {"closed_at": ago(closed), "outcome": outcome}
    entry = case("review", f"{name}.2030-W21", plan=f"{name}@1", **ended)
    return CaseRecord(case=entry.model_copy(update={"account_id": ""}))


def win_back(account: str = "acc-1", *events: TimelineEvent, **fields: Any) -> CaseRecord:
    return CaseRecord(case=case("win_back", account, **fields), timeline=events)


def event(kind: str, text: str, at: datetime, step_id: str | None = None) -> TimelineEvent:
    return TimelineEvent(n=1, at=at, kind=kind, text=text, step=step_id)


def promise(due: float, state: str, **fields: Any) -> Commitment:
    known = {"id": "promise_1", "title": "bulk import", "owner": "p-csm", "due": ago(due), "state": state}
    return Commitment.model_validate(known | fields)


def booked(driven: Case, now: datetime) -> CaseRecord:
    """A driven case as it stands in the book at ``now``."""
    fresh = driven.model_copy(update={"booked_revision": -1, "booked_events": -1})
    batch = booking.batch(fresh, "key", f"{driven.kind}:{driven.account_id}", now)
    return CaseRecord(case=batch.case, steps=batch.steps, commitments=batch.commitments, timeline=batch.timeline)


def board(*records: CaseRecord, period: Period = ALL, **more: Any) -> Board:
    return boards.board(records, policy(), period, more.pop("now", NOW), **more)


def metric(number: int, *records: CaseRecord, **more: Any) -> Metric:
    return next(one for one in board(*records, **more).metrics if one.id == MetricId(f"METR-{number}"))


def reading(name: str, found: Metric) -> Reading:
    return next(one for one in found.readings if one.name.startswith(name))


def counted(name: str, found: Metric) -> tuple[int | None, int]:
    one = reading(name, found)
    return one.part, one.whole
