"""The value report of a period (POST-6, DIS-17), and what a review of a saved customer looks at (POST-1..3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from models.facts import NpsAnswer, Ticket
from models.people import PersonId
from models.usage import Period
from models.value import ValueFacts
from models.value_report import Score, TicketFigures, ValueReport
from models.work import PreparePage
from rules.value import value_summary


def period_of(asked: PreparePage) -> Period:
    """The days that the page is about."""
    return Period(since=asked.since, until=asked.until)


def measured_period(wanted: Period, measured: Iterable[date]) -> Period:
    """The days that are wanted; where nothing was measured in them, as many up to the last measured day before."""
    last = max(measured, default=None)
    if last is None or wanted.holds(last):
        return wanted
    until = last + timedelta(days=1)
    return Period(since=until - timedelta(days=wanted.days), until=until)


def value_report(
    facts: ValueFacts, asked: PreparePage, measured: Period, names: Mapping[PersonId, str] | None = None
) -> ValueReport:
    """What was measured, said and promised, as far as it was known at the moment of the page.

    ``measured`` are the days of the figures, as ``measured_period`` has them; ``names`` are what people are called.
    """
    period = period_of(asked)
    answers = sorted((answer for answer in facts.nps if answer.at <= asked.at), key=lambda answer: answer.at)
    return ValueReport(
        title=asked.title,
        titles=asked.titles,
        names=dict(names or {}),
        summary=value_summary(facts, measured),
        tickets=_tickets(facts.tickets, period, asked.at),
        nps_before=_last(answer for answer in answers if answer.at <= asked.anchor),
        nps_since=_last(answer for answer in answers if answer.at > asked.anchor),
        commitments=asked.commitments,
        unmeasured=None if measured == period else period,
        at=asked.at,
    )


def _tickets(tickets: Iterable[Ticket], period: Period, now: datetime) -> TicketFigures:
    known = tuple(ticket for ticket in tickets if ticket.opened_at <= now)
    closed = [ticket.closed_at for ticket in known if ticket.closed_at is not None and ticket.closed_at <= now]
    return TicketFigures(
        opened=sum(period.holds(ticket.opened_at.date()) for ticket in known),
        opened_before=sum(period.before.holds(ticket.opened_at.date()) for ticket in known),
        closed=sum(period.holds(at.date()) for at in closed),
        still_open=len(known) - len(closed),
    )


def _last(answers: Iterable[NpsAnswer]) -> Score | None:
    found = tuple(answers)
    return Score(score=found[-1].score, day=found[-1].at.date()) if found else None
