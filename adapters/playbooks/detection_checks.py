"""Whether detection can work as written: weights that sum, bands that cover, words that are known (A.8, A.9)."""

from __future__ import annotations

from decimal import Decimal

from adapters.playbooks.fault import Fault, nearest
from adapters.playbooks.library import Library, entries, parsed
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import Words, twice, unknown, unknown_each
from models.alerts import DERIVED, RiskLevel, heard_as
from models.detection import DetectionRules
from models.health import HealthModel, HealthRules
from models.signals import Combination, SignalSpec

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
    rules = parsed(DetectionRules, source.data)
    health = parsed(HealthRules, source.data.get("health"))
    return [
        *source.faults,
        *shape_faults(source, DetectionRules, source.data),
        *(_health(source, health) if health else []),
        *_names(source, words),
        *_no_case_for(source, words),
        *(_levels(source, rules) if rules else []),
        *_hurry(source, words),
        *_heard(source, words),
    ]


def _each(source: Source, field: str, key: str) -> list[tuple[Place, object]]:
    """What the entries of a list are called by their ``key``, also of those whose shape is at fault."""
    return [((*at, key), value.get(key)) for _, at, value in entries(source, field) if isinstance(value, dict)]


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


def _names(source: Source, words: Words) -> list[Fault]:
    kinds = _each(source, "signals", "kind")
    named = _each(source, "rules", "id") + kinds
    known = [str(name) for _, name in named]
    found = twice(source, named + _each(source, "combinations", "id"), "rule or signal")
    for _, at, value in entries(source, "combinations"):
        for m, part in enumerate(_list(value, "parts")):
            found += unknown_each(source, (*at, "parts", m, "any_of"), "rule or signal", _of(part, "any_of"), known)
    for _, at, value in entries(source, "windows"):
        theirs = [str(kind) for _, kind in kinds]
        found += unknown_each(source, (*at, "signals"), "signal", _of(value, "signals"), theirs)
    for _, at, value in entries(source, "signals"):
        if _of(value, "statement") is True:
            found += unknown(source, (*at, "kind"), "statement", _of(value, "kind"), words.statements)
    return found


def _of(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: object, key: str) -> list[object]:
    found = _of(value, key)
    return found if isinstance(found, list) else []


def _no_case_for(source: Source, words: Words) -> list[Fault]:
    return unknown(source, ("no_case_for",), "severity", source.data.get("no_case_for"), words.severities)


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


def _heard(source: Source, words: Words) -> list[Fault]:
    """What an alert tells a case has to be a word that the case knows, else it is refused there (RISK-85)."""
    told = [*_each(source, "rules", "id"), *_each(source, "signals", "kind")]
    for _, at, value in entries(source, "combinations"):
        if one := parsed(Combination, value):
            told.append(((*at, "id"), heard_as(one.id, one.kind)))
    told += [((field,), kind) for field, kind in zip(("together", "pressure_lifts_to"), DERIVED, strict=True)]
    return [
        source.fault(place, f"'{kind}' is no risk signal that a case hears", _hear(kind, words))
        for place, kind in told
        if isinstance(kind, str) and words.risk_kinds and kind not in words.risk_kinds
    ]


def _hear(kind: str, words: Words) -> str:
    """A slip of the pen is like a word that is known; a new word has to be made known."""
    right = "name it under 'relapse' or 'watched' of 'risk_signals', in policies/signals.yaml"
    near = nearest(kind, words.risk_kinds)
    return f"did you mean '{near}'? If it is a new one, {right}" if near else right


def _hurry(source: Source, words: Words) -> list[Fault]:
    """Of level high is what one drops everything for: the matrix has to know that it hurries (RISK-86, DIS-8)."""
    right = "name it among the reasons of an urgency under 'triage', or give it another level"
    specs = ((at, parsed(SignalSpec, value)) for _, at, value in entries(source, "signals"))
    return [
        source.fault((*at, "level"), f"'{signal.kind}' is of level high, and no urgency knows it", right)
        for at, signal in specs
        if signal and signal.level is RiskLevel.HIGH and words.hurrying and signal.kind not in words.hurrying
    ]
