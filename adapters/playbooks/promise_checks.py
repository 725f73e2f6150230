"""Whether the policy of promises can be followed: a ladder that is there, forms of evidence that are there, and time."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import parsed
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import Words, unknown
from models.calendar import ZERO
from models.promise_policy import PromiseRules

_AT: Place = ("promises",)


def promise_faults(source: Source, words: Words) -> list[Fault]:
    """Every fault of the policy of promises beyond its shape."""
    rules = parsed(PromiseRules, source.data["promises"]) if "promises" in source.data else None
    if rules is None:
        return []
    found = unknown(source, (*_AT, "ladder"), "ladder", rules.ladder, words.ladders)
    for field in ("delivered_by", "communicated_by", "confirmed_by"):
        found += unknown(source, (*_AT, field), "kind of evidence", getattr(rules, field), words.evidence)
    return found + _no_time(source, rules)


def _no_time(source: Source, rules: PromiseRules) -> list[Fault]:
    return [
        source.fault((*_AT, field), f"'{field}' gives no time", "write a duration like PT24H or P5D")
        for field in ("communicate_within", "confirm_within")
        if getattr(rules, field) == ZERO
    ]
