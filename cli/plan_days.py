"""Where the steps of a plan lie, before anybody runs it: for a case that opens on a Monday at nine. Pure.

A step that counts from another one is shown as if that one were done at the last moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from models.calendar import Calendar, Clock, Offset, Shift
from models.plan import OPENED, Plan, StepSpec, When
from models.recovery import SAVED
from rules import dating

OPENS = datetime(2024, 1, 1, 9, tzinfo=UTC)
_WORK = (Shift(start=time(9), end=time(18)),)
_CALENDAR = Calendar(id="drawn", week=(_WORK,) * 5 + ((), ()))
_LONGEST, _SHORTEST = 63, 14  # days; what is due later is shown as going on


@dataclass(frozen=True)
class Lane:
    """A step, and the stretches of time in which it is owed; none where its moment is not known before the case runs."""

    step: StepSpec
    spans: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Days:
    """The calendar of a plan: its lanes in the order of the plan, and how many days they are shown for."""

    lanes: tuple[Lane, ...]
    length: int


def days_of(plan: Plan) -> Days:
    """The calendar of a plan, as long as its steps need, in whole weeks."""
    dues = [due for step in plan.steps if (due := _due(plan, step)) is not None and _shown(due)]
    last = max([*dues, OPENS + timedelta(days=_SHORTEST - 1)])
    length = -(-((last.date() - OPENS.date()).days + 1) // 7) * 7
    end = OPENS.replace(hour=0) + timedelta(days=length)
    return Days(tuple(Lane(step, _spans(plan, step, end)) for step in plan.steps), length)


def _shown(due: datetime) -> bool:
    return due < OPENS + timedelta(days=_LONGEST)


def _spans(plan: Plan, step: StepSpec, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
    opens = _moment(plan, step.opens)
    if opens is None:
        return ()
    if step.recur is None:
        due = _due(plan, step)
        return ((opens, max(opens, due)),) if due else ()
    return _turns(plan, step, step.recur, opens, end)


def _turns(
    plan: Plan, step: StepSpec, every: Offset, opens: datetime, end: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """The occurrences until the step that ends them is due, else as far as the picture goes."""
    ends_with = plan.step(step.until.step) if step.until and step.until.step else None
    over = _due(plan, ends_with) if ends_with else None
    turns: list[tuple[datetime, datetime]] = []
    begins = opens
    most = step.until.times if step.until else None
    while begins < (over or end) and len(turns) != most:
        due = dating.moment(opens, _times(every, len(turns) + 1), step.clock, _CALENDAR)
        if over is not None and due > over:
            break
        turns.append((begins, due))
        begins = due
    return tuple(turns)


def _times(every: Offset, number: int) -> Offset:
    return Offset(months=every.months * number, days=every.days * number, minutes=every.minutes * number)


def _due(plan: Plan, step: StepSpec) -> datetime | None:
    """When a step is due; the end of the first occurrence of one that recurs."""
    if step.due is not None:
        return _moment(plan, step.due)
    opens = _moment(plan, step.opens)
    return dating.moment(opens, step.recur, step.clock, _CALENDAR) if opens and step.recur else None


def _moment(plan: Plan, when: When) -> datetime | None:
    if when.after in (OPENED, SAVED):  # a recovery opens when the customer was saved
        return dating.moment(OPENS, when.offset, when.clock, _CALENDAR)
    other = plan.step(when.after.removeprefix("step:"))
    anchor = _due(plan, other) if other else None
    return dating.moment(anchor, when.offset, when.clock, _CALENDAR) if anchor else None


def in_words(step: StepSpec) -> str:
    """When a step is due, as a label: ``48 h``, ``7 days, day's end``, ``every 3 months``, ``fix + 2 days``."""
    if step.due is None:
        return f"every {_length(step.recur, step.clock).removeprefix('1 ')}" if step.recur else ""
    length = _length(step.due.offset, step.due.clock)
    if step.due.after == OPENED:
        return f"{length}, day's end" if step.due.clock is Clock.DAY_END else length
    anchor = step.due.after.removeprefix("step:").replace("_", " ")
    return f"{anchor} + {length}" if length else f"{anchor}, same day"


def length_of(offset: Offset) -> str:
    """A length of time in words."""
    return _length(offset, Clock.ELAPSED)


def _length(offset: Offset | None, clock: Clock) -> str:
    if offset is None:
        return ""
    day = "working day" if clock is Clock.BUSINESS else "day"
    parts = [_count(offset.months, "month"), _count(offset.days, day)]
    hours, minutes = divmod(offset.minutes, 60)
    return " ".join(
        part for part in (*parts, f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part
    )


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' if number != 1 else ''}" if number else ""
