"""Whether the words by which a request to cancel is known can be used: their shape, and none that undoes itself."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import Library, parsed
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Place, Source
from models.inbound_policy import InboundRules

_AGAINST: tuple[Place, ...] = (("wish", "denials"), ("wish", "conditions"), ("wish", "other_things"))
_FOR: tuple[Place, ...] = (("wish", "verbs"), ("wish", "phrases"), ("wish", "whole"))


def inbound_faults(library: Library) -> list[Fault]:
    """Every fault of the file; none where there is no such file."""
    source = library.inbound
    if source is None:
        return []
    found = list(source.faults)
    if not source.readable:
        return found
    found += shape_faults(source, InboundRules, source.data)
    return found + (_undone(source) + _months_twice(source) if parsed(InboundRules, source.data) else [])


def _undone(source: Source) -> list[Fault]:
    """A word that asks to cancel and takes it back at once would leave no request that is sure."""
    asking = {word for place in _FOR for _, word in _words(source, place)}
    return [
        source.fault(
            place, f"'{word}' is a word of the wish, too; nothing with it would ever be sure", "keep it in one list"
        )
        for against in _AGAINST
        for place, word in _words(source, against)
        if word in asking
    ]


def _months_twice(source: Source) -> list[Fault]:
    first: dict[str, int] = {}
    found = []
    for n, names in enumerate(source.data["dates"]["months"]):
        for name in names:
            if first.setdefault(name, n) != n:
                place = ("dates", "months", n)
                found.append(source.fault(place, f"'{name}' is month {first[name] + 1}, too", "keep it in one month"))
    return found


def _words(source: Source, place: Place) -> list[tuple[Place, str]]:
    languages = source.data[str(place[0])][str(place[1])]
    return [((*place, language), word) for language, words in languages.items() for word in words]
