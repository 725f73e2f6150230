"""Whether the policy of the brief can be followed: stretches that fit in what is looked at, words that are known."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import parsed
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import twice
from models.brief_policy import BriefRules

_AT: Place = ("brief",)


def brief_faults(source: Source) -> list[Fault]:
    """Every fault of the policy of the brief beyond its shape."""
    rules = parsed(BriefRules, source.data["brief"]) if "brief" in source.data else None
    if rules is None:
        return []
    return [*_stretches(source, rules), *_levels(source, rules), *_kinds(source, rules)]


def _stretches(source: Source, rules: BriefRules) -> list[Fault]:
    found: list[Fault] = []
    trend = rules.trend
    if 2 * trend.window_days > rules.look_back_days:
        wrong = f"two stretches of {trend.window_days} days do not fit into {rules.look_back_days} days"
        right = f"write at most {rules.look_back_days // 2}"
        found.append(source.fault((*_AT, "trend", "window_days"), wrong, right))
    if trend.least_days > trend.window_days:
        wrong = f"a stretch of {trend.window_days} days never has {trend.least_days} measured days"
        found.append(source.fault((*_AT, "trend", "least_days"), wrong, f"write at most {trend.window_days}"))
    return found


def _levels(source: Source, rules: BriefRules) -> list[Fault]:
    if rules.trend.drop_pct >= rules.trend.steady_pct:
        return []
    wrong = f"a drop of {rules.trend.drop_pct} % would count as steady, which reaches {rules.trend.steady_pct} %"
    return [source.fault((*_AT, "trend", "drop_pct"), wrong, f"write at least {rules.trend.steady_pct}")]


def _kinds(source: Source, rules: BriefRules) -> list[Fault]:
    named: list[tuple[Place, object]] = [
        ((*_AT, "alternative_kinds", n), str(kind)) for n, kind in enumerate(rules.alternative_kinds)
    ]
    return twice(source, named, "kind")
