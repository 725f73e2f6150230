"""Why customers left, by reason and by what they named; what several say is a pattern, and who hears of it (OFFB-36)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from models.incident import Incident, IncidentKind
from models.metrics import Amount, CaseRecord, Period, Quote, Theme, Themes
from models.metrics_policy import MetricsPolicy
from models.survey import AnswerKind, Survey
from models.wordless import GONE
from rules.metrics import cases
from rules.metrics.cases import Records

GAP, OUTAGE = "missing_feature", "technical_problem"
"""The reasons that an entry of the register stands for: something is missing, or something is broken."""


def themes(
    records: Records,
    incidents: Sequence[Incident],
    policy: MetricsPolicy,
    survey: Survey,
    period: Period,
    now: datetime,
) -> Themes:
    """The themes of those who left in the period, the largest first."""
    gone = [r for r in cases.leavers(records, policy.counting) if period.has(cases.left_at(r))]
    by_reason: dict[str, list[CaseRecord]] = defaultdict(list)
    for record in gone:
        by_reason[cases.leaving(record).churn_reason].append(record)
    reasons = [_theme(reason, "", reason, own, policy, survey) for reason, own in by_reason.items()]
    named = [_named(incident, gone, policy, survey) for incident in incidents]
    return Themes(
        at=now,
        period=period,
        leavers=len(gone),
        threshold=policy.patterns.customers,
        reasons=_largest_first(reasons),
        named=_largest_first([theme for theme in named if theme.customers]),
    )


def _named(incident: Incident, gone: Sequence[CaseRecord], policy: MetricsPolicy, survey: Survey) -> Theme:
    accounts = {link.account_id for link in incident.links}
    own = [record for record in gone if record.case.account_id in accounts]
    reason = GAP if incident.kind is IncidentKind.PRODUCT_GAP else OUTAGE
    return _theme(incident.id, incident.title, reason, own, policy, survey)


def _theme(
    name: str, title: str, reason: str, own: Sequence[CaseRecord], policy: MetricsPolicy, survey: Survey
) -> Theme:
    customers = len({record.case.account_id for record in own})
    pattern = customers >= policy.patterns.customers
    told = tuple(audience.name for audience in policy.patterns.told if pattern and audience.hears_of(reason))
    quotes = tuple(quote for record in own for quote in quotes_of(record, survey))
    return Theme(name=name, title=title, customers=customers, arr=_arr(own), quotes=quotes, pattern=pattern, told=told)


def quotes_of(record: CaseRecord, survey: Survey) -> tuple[Quote, ...]:
    """What a leaver answered in their own words, while they are kept."""
    open_questions = {question.id for question in survey.questions if question.kind is AnswerKind.TEXT}
    answers = (each for each in cases.leaving(record).answers if each.question in open_questions)
    kept = (each for each in answers if each.text != GONE)
    return tuple(Quote(account_id=record.case.account_id, text=each.text) for each in kept)


def _arr(own: Sequence[CaseRecord]) -> tuple[Amount, ...]:
    """The yearly revenue that left, by currency; an account counts once."""
    last = {record.case.account_id: record.case for record in own}
    total: Counter[str] = Counter()
    for case in last.values():
        total[case.currency] += case.arr_minor
    return tuple(Amount(currency=currency, minor=minor) for currency, minor in sorted(total.items()))


def _largest_first(found: Sequence[Theme]) -> tuple[Theme, ...]:
    return tuple(sorted(found, key=lambda theme: (-theme.customers, -sum(a.minor for a in theme.arr), theme.name)))
