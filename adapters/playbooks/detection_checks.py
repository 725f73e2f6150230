"""Whether detection can work as written: weights that sum, bands that cover, words that are known (A.8, A.9)."""

from __future__ import annotations

from decimal import Decimal

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import Library, parsed
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import Words, twice, unknown, unknown_each
from models.alerts import DERIVED, RiskLevel, heard_as
from models.detection import DetectionRules
from models.health import HealthModel, HealthRules

COMPUTED = ("login_frequency", "active_users", "feature_adoption", "ticket_sentiment", "nps_csat", "renewal_timeline")
"""The sub-metrics that a curve makes of our own facts."""
PAYMENT = "payment_status"
_HEALTH: Place = ("health",)
_HUNDRED = Decimal(100)


def detection_faults(library: Library, words: Words) -> list[Fault]:
    """Every fault of the file of detection; none where there is no such file."""
    source = library.detection
    if source is None or not source.readable:
        return list(source.faults) if source else []
    found = source.faults + shape_faults(source, DetectionRules, source.data)
    rules = parsed(DetectionRules, source.data)
    if rules is None:
        return found
    return [
        *found,
        *_health(source, rules.health),
        *_names(source, rules, words),
        *_levels(source, rules),
        *_hurry(source, rules, words),
        *_heard(source, rules, words),
    ]


def _health(source: Source, health: HealthRules) -> list[Fault]:
    models: list[tuple[Place, object]] = [
        ((*_HEALTH, "models", n), model.name) for n, model in enumerate(health.models)
    ]
    found = twice(source, models, "model")
    found += unknown(source, (*_HEALTH, "model"), "model", health.model, [model.name for model in health.models])
    for n, model in enumerate(health.models):
        found += _model(source, (*_HEALTH, "models", n), model, health)
    return found + _bands(source, health) + _curves(source, health)


def _model(source: Source, place: Place, model: HealthModel, health: HealthRules) -> list[Fault]:
    known = (*health.given, *COMPUTED, PAYMENT)
    named: list[tuple[Place, object]] = []
    found: list[Fault] = []
    for n, component in enumerate(model.components):
        at = (*place, "components", n)
        found += unknown_each(source, (*at, "metrics"), "sub-metric", list(component.metrics), known)
        named += [((*at, "metrics", m), metric) for m, metric in enumerate(component.metrics)]
        if component.weight is None and model.name == health.model:
            right = f"write one for every component of '{model.name}', which no source weighs (DIS-1)"
            found.append(source.fault(at, f"'{component.name}' has no weight", right))
    found += twice(source, named, "sub-metric")
    return found + _sum(source, place, model)


def _sum(source: Source, place: Place, model: HealthModel) -> list[Fault]:
    weights = [component.weight for component in model.components if component.weight is not None]
    if not weights or (len(weights) == len(model.components) and sum(weights) == _HUNDRED):
        return []
    wrong = f"the weights of '{model.name}' sum to {sum(weights)}, over {len(weights)} of {len(model.components)}"
    return [source.fault((*place, "components"), wrong, "weights sum to 100, one for each component")]


def _bands(source: Source, health: HealthRules) -> list[Fault]:
    at: Place = (*_HEALTH, "bands")
    found: list[Fault] = []
    first: dict[float, int] = {}
    for n, band in enumerate(health.bands):
        earlier = first.setdefault(band.from_score, n)
        if earlier != n:
            wrong = f"'{band.name}' overlaps '{health.bands[earlier].name}': both begin at {band.from_score:g}"
            found.append(source.fault((*at, n, "from_score"), wrong, "begin each band at a score of its own"))
    found += twice(source, [((*at, n), band.name) for n, band in enumerate(health.bands)], "band")
    if 0 not in first:
        found.append(source.fault(at, "no band begins at 0", "add one with from_score: 0"))
    return found


def _curves(source: Source, health: HealthRules) -> list[Fault]:
    found: list[Fault] = []
    for n, curve in enumerate(health.curves):
        at: Place = (*_HEALTH, "curves", n)
        found += unknown(source, (*at, "metric"), "computed sub-metric", curve.metric, COMPUTED)
        reached = [step.at for step in curve.steps]
        if reached != sorted(set(reached)):
            found.append(source.fault((*at, "steps"), "the steps are out of order", "write the smallest 'at' first"))
    named: list[tuple[Place, object]] = [
        ((*_HEALTH, "curves", n), curve.metric) for n, curve in enumerate(health.curves)
    ]
    there = {curve.metric for curve in health.curves}
    lacking = [metric for metric in COMPUTED if metric not in there]
    found += [
        source.fault((*_HEALTH, "curves"), f"'{metric}' has no curve", "add one with its steps") for metric in lacking
    ]
    return found + twice(source, named, "curve")


def _names(source: Source, rules: DetectionRules, words: Words) -> list[Fault]:
    named: list[tuple[Place, object]] = [(("rules", n, "id"), rule.id) for n, rule in enumerate(rules.rules)]
    named += [(("signals", n, "kind"), signal.kind) for n, signal in enumerate(rules.signals)]
    known = [str(name) for _, name in named]
    combined: list[tuple[Place, object]] = [
        (("combinations", n, "id"), one.id) for n, one in enumerate(rules.combinations)
    ]
    found = twice(source, named + combined, "rule or signal")
    for n, combination in enumerate(rules.combinations):
        for m, part in enumerate(combination.parts):
            at: Place = ("combinations", n, "parts", m, "any_of")
            found += unknown_each(source, at, "rule or signal", list(part.any_of), known)
    kinds = [signal.kind for signal in rules.signals]
    for n, window in enumerate(rules.windows):
        found += unknown_each(source, ("windows", n, "signals"), "signal", list(window.signals), kinds)
    for n, signal in enumerate(rules.signals):
        if signal.statement:
            found += unknown(source, ("signals", n, "kind"), "statement", signal.kind, words.statements)
    return found + unknown(source, ("no_case_for",), "severity", rules.no_case_for, words.severities)


def _levels(source: Source, rules: DetectionRules) -> list[Fault]:
    there: list[tuple[Place, object]] = [(("responses", n), one.level.value) for n, one in enumerate(rules.responses)]
    lacking = [level.value for level in RiskLevel if level not in {one.level for one in rules.responses}]
    found = twice(source, there, "level")
    found += [
        source.fault(("responses",), f"nothing is said about the level '{level}'", f"add - {{level: {level}, ...}}")
        for level in lacking
    ]
    counts = [step.findings for step in rules.together]
    if counts != sorted(set(counts)):
        found.append(source.fault(("together",), "the steps are out of order", "write the fewest findings first"))
    return found


def _heard(source: Source, rules: DetectionRules, words: Words) -> list[Fault]:
    """What an alert tells a case has to be a word that the case knows, else it is refused there (RISK-85)."""
    told: list[tuple[Place, str]] = [(("rules", n, "id"), rule.id) for n, rule in enumerate(rules.rules)]
    told += [(("signals", n, "kind"), signal.kind) for n, signal in enumerate(rules.signals)]
    told += [(("combinations", n, "id"), heard_as(one.id, one.kind)) for n, one in enumerate(rules.combinations)]
    told += [((field,), kind) for field, kind in zip(("together", "pressure_lifts_to"), DERIVED, strict=True)]
    right = "name it under 'relapse' or 'watched' of 'risk_signals', in policies/signals.yaml"
    return [
        source.fault(place, f"'{kind}' is no risk signal that a case hears", right)
        for place, kind in told
        if words.risk_kinds and kind not in words.risk_kinds
    ]


def _hurry(source: Source, rules: DetectionRules, words: Words) -> list[Fault]:
    """Of level high is what one drops everything for: the matrix has to know that it hurries (RISK-86, DIS-8)."""
    right = "name it among the reasons of an urgency under 'triage', or give it another level"
    return [
        source.fault(("signals", n, "level"), f"'{signal.kind}' is of level high, and no urgency knows it", right)
        for n, signal in enumerate(rules.signals)
        if signal.level is RiskLevel.HIGH and words.hurrying and signal.kind not in words.hurrying
    ]
