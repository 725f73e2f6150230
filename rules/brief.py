"""The preparation brief (CONV-8..13, DIS-6): five sections from what is recorded, and nothing that is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from models.brief import (
    AlternativeSection,
    Brief,
    BriefFacts,
    Compared,
    Count,
    HistorySection,
    InteractionSection,
    NpsLine,
    ReasonSection,
)
from models.brief_policy import BriefRules
from models.crm import NoteRecord
from models.facts import InboundFact, NpsAnswer, UsageFact
from models.usage import Measure, Period
from rules import usage
from rules.brief_offers import category_of, offer_lines, offer_section

_MONTHS_PER_YEAR = 12
_UNSAID = "unsaid"
_Dated = TypeVar("_Dated", InboundFact, NpsAnswer, NoteRecord)


def period_of(now: datetime, days: int) -> Period:
    """The whole days before ``now``; the day that is not over has no measure yet."""
    return Period(since=now.date() - timedelta(days=days), until=now.date())


def brief(facts: BriefFacts, now: datetime) -> Brief:
    """The brief as of ``now`` (UTC), over the days that the policy looks back (CONV-9..13)."""
    rules = facts.plan.policy.brief
    period = period_of(now, rules.look_back_days)
    return Brief(
        account_id=facts.account.id,
        account_name=facts.account.name,
        reader=facts.reader,
        roles=facts.roles,
        at=now,
        period=period,
        contacts=tuple(sorted(facts.contacts, key=lambda each: each.id != facts.account.contact_id)),
        reason=_reason(facts, period, now),
        history=_history(facts, period, now.date()),
        interactions=_interactions(facts, period, now),
        offers=offer_section(facts),
        alternatives=_alternatives(facts, period),
    )


def _reason(facts: BriefFacts, period: Period, now: datetime) -> ReasonSection:
    """Section 1 (CONV-9): the starting point, which need not be the whole truth."""
    causes = {rule.code: rule.title for rule in facts.plan.policy.root_causes}
    cause = facts.case.root_cause
    return ReasonSection(
        stated=facts.case.reason,
        opened_at=facts.case.opened_at,
        root_cause=causes.get(cause, cause) if cause else "",
        category=category_of(facts),
        signals=_latest(fact for fact in facts.signals if _recent(fact.at, period, now)),
    )


def _history(facts: BriefFacts, period: Period, today: date) -> HistorySection:
    """Section 2 (CONV-10)."""
    rules, account = facts.plan.policy.brief, facts.account
    return HistorySection(
        since=account.customer_since,
        months=_months(account.customer_since, today) if account.customer_since else None,
        renewal_date=account.renewal_date,
        days_to_renewal=(account.renewal_date - today).days if account.renewal_date else None,
        yearly=account.arr,
        tier=account.tier,
        bought_for=account.bought_for,
        trend=usage.trend(facts.usage, rules.engagement_metric, period, rules.trend),
    )


def _months(since: date, today: date) -> int:
    whole = (today.year - since.year) * _MONTHS_PER_YEAR + today.month - since.month
    return max(whole - (today.day < since.day), 0)


def _interactions(facts: BriefFacts, period: Period, now: datetime) -> InteractionSection:
    """Section 3 (CONV-11). What came earlier than the period, or later than ``now``, is left out."""
    tickets = sorted(facts.tickets, key=lambda ticket: (ticket.opened_at, ticket.id), reverse=True)
    recent = tuple(ticket for ticket in tickets if _recent(ticket.opened_at, period, now))
    names = {contact.id: contact.name for contact in facts.contacts}
    answers = _latest(answer for answer in facts.nps if _recent(answer.at, period, now))
    return InteractionSection(
        tickets=recent,
        still_open=sum(ticket.closed_at is None or ticket.closed_at > now for ticket in recent),
        severities=_counts(ticket.severity for ticket in recent),
        sentiments=_counts(ticket.sentiment for ticket in recent),
        nps=tuple(NpsLine(answer=answer, name=names.get(answer.contact_id, "")) for answer in answers),
        notes=_latest(note for note in facts.notes if _recent(note.at, period, now)),
        usage=compared(facts.usage, period, facts.plan.policy.brief),
    )


def compared(facts: Iterable[UsageFact], period: Period, rules: BriefRules) -> tuple[Compared, ...]:
    """Every metric in a period and in the one before, compared by measured day, so that a gap is no decline."""
    kept = tuple(facts)
    return tuple(_compared(kept, metric, period, rules) for metric in usage.metrics(kept))


def _compared(facts: tuple[UsageFact, ...], metric: str, period: Period, rules: BriefRules) -> Compared:
    now, before = (usage.measure(facts, metric, each) for each in (period, period.before))
    return Compared(
        now=now,
        before=before,
        change_pct=_change(before, now, rules),
        averaged=metric in rules.averaged,
        weeks=usage.weeks(facts, metric, period, rules.trend),
    )


def _change(before: Measure, now: Measure, rules: BriefRules) -> int | None:
    """None where too little of either period was measured to compare them."""
    enough = all(each.measured_days * 100 >= rules.compare_from_pct * each.period.days for each in (before, now))
    return usage.change_pct(before.average, now.average) if enough else None


def _alternatives(facts: BriefFacts, period: Period) -> AlternativeSection:
    """Section 5 (CONV-13): features that are not used, and other ways of working together that the plan allows."""
    rules = facts.plan.policy.brief
    per_user, days = _depth(facts.usage, period, rules)
    measures = (usage.measure(facts.usage, metric, period) for metric in usage.metrics(facts.usage))
    return AlternativeSection(
        per_user=per_user,
        measured_days=days,
        little=per_user is not None and per_user < rules.low_depth,
        unused=tuple(each for each in measures if _is_unused(each)),
        offers=tuple(line for line in offer_lines(facts) if line.kind in rules.alternative_kinds),
    )


def _is_unused(measure: Measure) -> bool:
    """Measured, and never more than zero; what was not measured may well be in use."""
    return measure.measured_days > 0 and measure.total == 0


def _depth(facts: Iterable[UsageFact], period: Period, rules: BriefRules) -> tuple[float | None, int]:
    """The use of key features per active user, over the days on which both were measured, and how many those are."""
    kept = tuple(facts)
    features = usage.series(kept, rules.depth_metric, period)
    people = usage.series(kept, rules.engagement_metric, period)
    both = [day for day in features if day in people]
    active = sum(people[day] for day in both)
    return (sum(features[day] for day in both) / active if active else None), len(both)


def _counts(kinds: Iterable[str]) -> tuple[Count, ...]:
    """How many of each kind, the most frequent first."""
    found = Counter(kind or _UNSAID for kind in kinds)
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Count(kind=kind, count=count) for kind, count in ordered)


def _recent(at: datetime, period: Period, now: datetime) -> bool:
    """Since the period began and not after ``now``: what happened today counts."""
    return period.since <= at.date() and at <= now


def _latest(dated: Iterable[_Dated]) -> tuple[_Dated, ...]:
    return tuple(sorted(dated, key=lambda each: each.at, reverse=True))
