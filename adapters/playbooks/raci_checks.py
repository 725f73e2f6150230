"""Whether the RACI speaks of known activities, roles and severities, and gives a role one part in each (SAVE-26)."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import entries, parsed
from adapters.playbooks.source import Place, Source
from adapters.playbooks.vocabulary import ACTIVITIES
from adapters.playbooks.words import Words, unknown, unknown_each
from models.raci import RaciRule


def raci_faults(source: Source, words: Words) -> list[Fault]:
    """Every fault of the RACI of one file beyond its shape; an activity that is there twice is found with the others."""
    rules = [(place, parsed(RaciRule, value)) for _, place, value in entries(source, "raci")]
    return [fault for place, rule in rules if rule for fault in _rule(source, place, rule, words)]


def _rule(source: Source, place: Place, rule: RaciRule, words: Words) -> list[Fault]:
    found = unknown(source, (*place, "activity"), "activity", rule.activity, ACTIVITIES)
    found += unknown(source, (*place, "accountable"), "role", rule.accountable, words.roles)
    for field in ("responsible", "consulted", "informed"):
        found += unknown_each(source, (*place, field), "role", list(getattr(rule, field)), words.roles)
    found += unknown_each(source, (*place, "steps"), "step", list(rule.steps), words.steps)
    for n, more in enumerate(rule.besides):
        at: Place = (*place, "besides", n)
        found += unknown_each(source, (*at, "severities"), "severity", list(more.severities), words.severities)
        found += unknown_each(source, (*at, "consulted"), "role", list(more.consulted), words.roles)
        found += unknown_each(source, (*at, "informed"), "role", list(more.informed), words.roles)
    return found + _two_parts(source, place, rule)


def _two_parts(source: Source, place: Place, rule: RaciRule) -> list[Fault]:
    """Who does it or answers for it is asked and told anyway; who is asked is told."""
    first = dict.fromkeys(rule.responsible, "responsible")
    first.setdefault(rule.accountable, "accountable")
    found = []
    for field in ("consulted", "informed"):
        for n, role in enumerate(getattr(rule, field)):
            if role in first:
                wrong = f"the role '{role}' is {first[role]} and {field} at once"
                found.append(source.fault((*place, field, n), wrong, "keep one of the two"))
            first.setdefault(role, field)
    return found
