"""Whether the triage policy answers every account: bands, urgencies and a full matrix."""

from __future__ import annotations

from itertools import product

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import parsed
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import Words, twice, unknown
from models.policy import Cell, TriageRules

_AT: Place = ("triage",)
_ANY = "any"


def triage_faults(source: Source, words: Words) -> list[Fault]:
    """Every fault of the triage policy beyond its shape."""
    rules = parsed(TriageRules, source.data["triage"]) if "triage" in source.data else None
    if rules is None:
        return []
    severities = [band.severity for band in rules.bands]
    urgencies = [band.urgency for band in rules.urgencies]
    return [
        *_bands(source, rules),
        *_urgencies(source, rules),
        *unknown(source, (*_AT, "top_severity"), "severity", rules.top_severity, severities),
        *unknown(source, (*_AT, "default_urgency"), "urgency", rules.default_urgency, urgencies),
        *_cells(source, rules, severities, urgencies, words),
        *_lacking(source, rules, severities, urgencies),
    ]


def _bands(source: Source, rules: TriageRules) -> list[Fault]:
    named: list[tuple[Place, object]] = [((*_AT, "bands", n), band.severity) for n, band in enumerate(rules.bands)]
    found = twice(source, named, "severity")
    if all(band.from_arr > 0 for band in rules.bands):
        wrong = "no band begins at 0, so that small accounts have no severity"
        found.append(source.fault((*_AT, "bands"), wrong, "add a band with from_arr: 0"))
    return found


def _urgencies(source: Source, rules: TriageRules) -> list[Fault]:
    days = [band.to_days for band in rules.urgencies]
    if days == sorted(set(days)):
        return []
    return [source.fault((*_AT, "urgencies"), "the urgencies are out of order", "write the fewest days first")]


def _cells(
    source: Source, rules: TriageRules, severities: list[str], urgencies: list[str], words: Words
) -> list[Fault]:
    found: list[Fault] = []
    for n, cell in enumerate(rules.matrix):
        place: Place = (*_AT, "matrix", n)
        found += unknown(source, (*place, "severity"), "severity", cell.severity, severities)
        found += unknown(source, (*place, "urgency"), "urgency", cell.urgency, [*urgencies, _ANY])
        found += unknown(source, (*place, "ladder"), "ladder", cell.ladder, words.ladders)
    pairs: list[tuple[Place, object]] = [((*_AT, "matrix", n), _pair(cell)) for n, cell in enumerate(rules.matrix)]
    return found + twice(source, pairs, "cell")


def _pair(cell: Cell) -> str:
    return f"{cell.severity} x {cell.urgency}"


def _lacking(source: Source, rules: TriageRules, severities: list[str], urgencies: list[str]) -> list[Fault]:
    there = {_pair(cell) for cell in rules.matrix}
    needed = (f"{severity} x {urgency}" for severity, urgency in product(severities, dict.fromkeys(urgencies)))
    return [
        source.fault((*_AT, "matrix"), f"the matrix has no cell for {pair}", "add it with respond and resources")
        for pair in needed
        if pair not in there and f"{pair.split(' x ')[0]} x {_ANY}" not in there
    ]
