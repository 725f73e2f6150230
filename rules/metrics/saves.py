"""How saving went: attempts, save rate, playbooks, response times, and whether it lasted (METR-4, 12, 13, 15, 17)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from models.calendar import Offset
from models.case import CaseKind
from models.metrics import CaseRecord, Period, Reading
from models.metrics_policy import Counting, Target
from models.step import StepState
from rules.dating import later
from rules.metrics import cases, correcting
from rules.metrics.cases import Records
from rules.metrics.figures import length, share, spoken


def attempts(records: Records, counting: Counting, period: Period, target: Target | None) -> tuple[Reading, ...]:
    """Of the cancellations with a save attempt that came to an end, how many stayed; and how many came to the talk."""
    found = cases.of_kind(records, CaseKind.CANCELLATION)
    ended = [r for r in found if cases.leaving(r).invitations and r.case.outcome and period.has(r.case.closed_at)]
    stayed = sum(r.case.outcome in counting.stayed for r in ended)
    talked = [r for r in ended if any(one.accepted for one in cases.leaving(r).invitations)]
    saved = sum(r.case.outcome in counting.stayed for r in talked)
    return (
        share("stayed, of those invited", stayed, len(ended), target),
        share("stayed, of those who talked", saved, len(talked)),
        *_by_severity(ended, counting),
    )


def _by_severity(ended: Sequence[CaseRecord], counting: Counting) -> Iterator[Reading]:
    """The segments, as the cases have them: what is reasonable differs (003:L309)."""
    for severity in sorted({r.case.severity for r in ended if r.case.severity}):
        own = [r for r in ended if r.case.severity == severity]
        yield share(f"stayed, severity {severity}", sum(r.case.outcome in counting.stayed for r in own), len(own))


def save_rate(records: Records, counting: Counting, period: Period, target: Target | None) -> tuple[Reading, ...]:
    """Of the saves that were decided, how many were won."""
    ended = decided(records, counting, period)
    return (share("saved, of the decided saves", _saved(ended, counting), len(ended), target),)


def decided(records: Records, counting: Counting, period: Period) -> list[CaseRecord]:
    """The saves with an outcome that decides; a deferral, or a case of an unknown account, decides nothing."""
    found = correcting.saves(records)
    return [
        r for r in found if r.case.outcome and r.case.outcome not in counting.undecided and period.has(r.case.closed_at)
    ]


def _saved(ended: Sequence[CaseRecord], counting: Counting) -> int:
    return sum(r.case.outcome in counting.saved for r in ended)


def playbooks(records: Records, counting: Counting, period: Period) -> tuple[Reading, ...]:
    """By playbook: how many were saved, and of how many of these all four criteria were found to hold (SAVE-31..34)."""
    ended, read = decided(records, counting, period), []
    for name in sorted({cases.playbook(r) or "without a playbook" for r in ended}):
        own = [r for r in ended if (cases.playbook(r) or "without a playbook") == name]
        read.append(share(f"{name}: saved", _saved(own, counting), len(own)))
        judged = [verdict for r in own if (verdict := verified(r, records, counting)) is not None]
        read.append(share(f"{name}: verified, of the judged", sum(judged), len(judged)))
    return tuple(read)


def verified(save: CaseRecord, records: Records, counting: Counting) -> bool | None:
    """What was last found of a save in its recovery; None where it was not saved, or nobody has judged it yet."""
    since = save.case.closed_at
    if save.case.outcome not in counting.saved or since is None:
        return None
    own = [r for r in cases.of_kind(records, CaseKind.RECOVERY) if r.case.account_id == save.case.account_id]
    following = [r for r in own if r.case.opened_at >= since]
    return following[0].case.verified if following else None


def response(
    records: Records, counting: Counting, period: Period, target: Target | None, now: datetime
) -> tuple[Reading, ...]:
    """The first contact against the matrix (RISK-106) and the 48 hours; the save rate by how fast it was (BENCH-2)."""
    opened = [r for r in correcting.saves(records) if period.has(r.case.opened_at)]
    quick, slow = length(counting.responded_within), length(counting.responded_late)
    said = spoken(counting.responded_within)
    ended = decided(opened, counting, Period())
    timed = [(r, time) for r in ended if (time := _first_response(r, counting)) is not None]
    return (
        share("in time by the matrix", *_by_matrix(opened, counting, now), target),
        share(f"within {said} of the opening", *_by_rule(opened, counting, quick, now), target),
        _rate(f"saved, first contact within {said}", [r for r, time in timed if time <= quick], counting),
        _rate(
            f"saved, first contact after {spoken(counting.responded_late)}",
            [r for r, time in timed if time > slow],
            counting,
        ),
    )


def _rate(name: str, chosen: Sequence[CaseRecord], counting: Counting) -> Reading:
    return share(name, _saved(chosen, counting), len(chosen))


def _first_response(record: CaseRecord, counting: Counting) -> timedelta | None:
    at = cases.done_at(record, counting.first_response)
    return max(at - record.case.opened_at, timedelta()) if at else None


def _by_matrix(opened: Sequence[CaseRecord], counting: Counting, now: datetime) -> tuple[int, int]:
    kept = due = 0
    for record in opened:
        for step in (s for s in record.steps if s.status.id == counting.first_response and s.status.due):
            limit, ended = step.status.due, step.ended_at
            in_time = step.status.state is StepState.DONE and ended is not None and limit is not None and ended <= limit
            over = (
                limit is not None
                and limit <= max(now, record.case.as_of)
                and step.status.state is not StepState.SKIPPED
            )
            kept += in_time
            due += in_time or over
    return kept, due


def _by_rule(opened: Sequence[CaseRecord], counting: Counting, most: timedelta, now: datetime) -> tuple[int, int]:
    kept = due = 0
    for record in opened:
        taken = _first_response(record, counting)
        in_time = taken is not None and taken <= most
        until = record.case.closed_at or max(now, record.case.as_of)
        kept += in_time
        due += in_time or taken is not None or until - record.case.opened_at > most
    return kept, due


def durable(records: Records, counting: Counting, period: Period, now: datetime) -> tuple[Reading, ...]:
    """Of the customers saved so long ago, how many were still customers then (SAVE-35, BENCH-9)."""
    saved = [r for r in decided(records, counting, period) if r.case.outcome in counting.saved]
    gone = cases.leavers(records, counting)
    read = []
    for horizon in counting.durable_after:
        due = [r for r in saved if _at(r, horizon) <= cases.seen_until(records, r.case.account_id, now)]
        lasting = sum(not _left_by(r, gone, _at(r, horizon)) for r in due)
        read.append(share(f"still a customer after {spoken(horizon)}", lasting, len(due)))
    return tuple(read)


def _at(save: CaseRecord, horizon: Offset) -> datetime:
    return later(save.case.closed_at or save.case.as_of, horizon)


def _left_by(save: CaseRecord, gone: Sequence[CaseRecord], by: datetime) -> bool:
    since = save.case.closed_at
    ends = (cases.left_at(r) for r in gone if r.case.account_id == save.case.account_id)
    return any(end is not None and since is not None and since <= end <= by for end in ends)
