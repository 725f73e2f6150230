"""How leaving went: processing time, export, feedback, satisfaction, and who came back (METR-1..3, METR-5..7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from models.calendar import Offset
from models.cancellation import Feedback
from models.case import CaseKind
from models.facts import NpsAnswer
from models.metrics import CaseRecord, Period, Reading
from models.metrics_policy import Counting, Target
from models.win_back import WinBackOutcome
from rules.dating import later
from rules.metrics import cases
from rules.metrics.cases import Records
from rules.metrics.figures import length, lengths, share, spoken

_PROMOTER, _DETRACTOR = 9, 6

Span = tuple[datetime, datetime]


def processing(records: Records, counting: Counting, period: Period, target: Target | None) -> tuple[Reading, ...]:
    """From the first request to the closure of the account: gross, and net without waiting for the customer (DIS-18)."""
    closed = [r for r in cases.leavers(records, counting) if period.has(cases.leaving(r).account_closed_at)]
    both = [gross_and_net(record, counting) for record in closed]
    return (
        lengths("gross, request to closure", [gross for gross, _ in both], target),
        lengths("net, without waiting for the customer", [net for _, net in both], target),
    )


def gross_and_net(record: CaseRecord, counting: Counting) -> tuple[timedelta, timedelta]:
    """How long a closed cancellation took, with and without the time that the customer took."""
    start = cases.requested_at(record)
    end = max(cases.left_at(record) or start, start)
    inside = [(max(since, start), min(until, end)) for since, until in _waits(record, counting)]
    return end - start, end - start - _covered([span for span in inside if span[0] < span[1]])


def _waits(record: CaseRecord, counting: Counting) -> Iterator[Span]:
    """When the customer's answer to an invitation was waited for, and what lies between the work and the agreed day."""
    seen = cases.leaving(record)
    for one in seen.invitations:
        if one.answered_at:
            yield one.at, one.answered_at
    if seen.confirmed_at and seen.end_date:
        agreed = datetime.combine(seen.end_date, time(), tzinfo=UTC)
        yield later(seen.confirmed_at, counting.work_takes), agreed


def _covered(spans: list[Span]) -> timedelta:
    """The time that lies in one or more of the spans, each moment once."""
    total, reached = timedelta(), None
    for since, until in sorted(spans):
        since = max(since, reached) if reached else since
        total += max(until - since, timedelta())
        reached = max(until, reached) if reached else until
    return total


def export(
    records: Records, counting: Counting, period: Period, target: Target | None, now: datetime
) -> tuple[Reading, ...]:
    """From the wish for the data to its delivery; one that is late already counts as missed (OFFB-13)."""
    asked = [r for r in cases.of_kind(records, CaseKind.CANCELLATION) if period.has(cases.leaving(r).export_asked_at)]
    taken = [time for record in asked if (time := _export_time(record))]
    limit = length(target.within) if target and target.within else None
    limits = [("within the warning", length(counting.export_warned))] + (
        [("within the promise", limit)] if limit else []
    )
    counted = (share(name, *_kept(asked, most, now)) for name, most in limits)
    return (lengths("request to delivery", taken), *(_all_kept(one) for one in counted))


def _export_time(record: CaseRecord) -> timedelta | None:
    seen = cases.leaving(record)
    if seen.exported_at is None or seen.export_asked_at is None:
        return None
    return max(seen.exported_at - seen.export_asked_at, timedelta())


def _kept(asked: Sequence[CaseRecord], most: timedelta, now: datetime) -> tuple[int, int]:
    """How many were delivered within ``most``, of those that were delivered or whose time is over."""
    kept = over = 0
    for record in asked:
        taken, since = _export_time(record), cases.leaving(record).export_asked_at
        kept += taken is not None and taken <= most
        over += taken is None and since is not None and max(now, record.case.as_of) - since > most
        over += taken is not None
    return kept, over


def _all_kept(read: Reading) -> Reading:
    return read.model_copy(update={"meets": read.part == read.whole}) if read.whole else read


def feedback(records: Records, counting: Counting, period: Period, target: Target | None) -> tuple[Reading, ...]:
    """How many of those who left answered the survey, and how many said no, which is respected (OFFB-34)."""
    gone = [cases.leaving(r) for r in cases.leavers(records, counting) if period.has(cases.left_at(r))]
    answered = sum(seen.feedback is Feedback.ANSWERED for seen in gone)
    declined = sum(seen.feedback is Feedback.DECLINED for seen in gone)
    return share("answered, of those who left", answered, len(gone), target), share("said no", declined, len(gone))


def satisfaction(records: Records, counting: Counting, period: Period, target: Target | None) -> tuple[Reading, ...]:
    """The answers to the one question about the cancellation itself, 0 to 10 (AMB-28)."""
    gone = [r for r in cases.leavers(records, counting) if period.has(cases.left_at(r))]
    scores = [score for r in gone if (score := cases.leaving(r).satisfaction) is not None]
    asked = sum(
        cases.done_at(r, counting.satisfaction_question) is not None or cases.leaving(r).satisfaction is not None
        for r in gone
    )
    return _mean(scores, target), share("answered, of those who were asked", len(scores), asked)


def _mean(scores: Sequence[int], target: Target | None) -> Reading:
    if not scores:
        return Reading(name="mean score of 10")
    mean = sum(scores) / len(scores)
    aim = target.score if target else None
    at_aim = sum(score >= aim for score in scores) if aim is not None else None
    meets = None if aim is None else mean >= aim
    return Reading(name="mean score of 10", whole=len(scores), part=at_aim, mean=mean, meets=meets)


def win_back(records: Records, counting: Counting, period: Period, now: datetime) -> tuple[Reading, ...]:
    """Of those who left so long ago, how many were back by then; who left later is not counted yet."""
    gone = [r for r in cases.leavers(records, counting) if period.has(cases.left_at(r))]
    memories = cases.of_kind(records, CaseKind.WIN_BACK)
    read = []
    for horizon in counting.win_back_after:
        due = [r for r in gone if _by(r, horizon) <= cases.seen_until(records, r.case.account_id, now)]
        back = sum(_returned(r, memories, _by(r, horizon)) for r in due)
        read.append(share(f"back within {spoken(horizon)}", back, len(due)))
    return tuple(read)


def _by(record: CaseRecord, horizon: Offset) -> datetime:
    return later(cases.left_at(record) or record.case.as_of, horizon)


def _returned(left: CaseRecord, memories: Sequence[CaseRecord], by: datetime) -> bool:
    return any(
        memory.case.account_id == left.case.account_id
        and memory.case.outcome == WinBackOutcome.RETURNED
        and memory.case.closed_at is not None
        and (cases.left_at(left) or by) <= memory.case.closed_at <= by
        for memory in memories
    )


def brand(
    records: Records, counting: Counting, period: Period, nps: Mapping[str, Sequence[NpsAnswer]]
) -> tuple[Reading, ...]:
    """What former customers answered to the NPS question after they had left; other sources there are none."""
    scores = [
        answer.score
        for record in cases.leavers(records, counting)
        for answer in nps.get(record.case.account_id, ())
        if (gone := cases.left_at(record)) and answer.at >= gone and period.has(answer.at)
    ]
    promoters = sum(score >= _PROMOTER for score in scores)
    detractors = sum(score <= _DETRACTOR for score in scores)
    return (
        share("promoters among former customers", promoters, len(scores)),
        share("detractors among former customers", detractors, len(scores)),
    )
