"""Whether facts.yaml can be used: its shape, words that are there once, and events that mean one thing."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import DETECTION, Library, parsed
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import twice, unknown
from models.facts_policy import FactsPolicy


def facts_faults(library: Library) -> list[Fault]:
    """Every fault of the file; none where there is no such file."""
    source = library.facts
    if source is None or not source.readable:
        return list(source.faults) if source else []
    found = source.faults + shape_faults(source, FactsPolicy, source.data)
    policy = parsed(FactsPolicy, source.data)
    if policy is None:
        return found
    judged = _judged(library)
    found += [*_words(source, policy, judged), *_stream(source, policy), *_matching(library, source, policy)]
    return found + _kinds(source, policy, [*judged, *policy.informational]) if library.detection else found


def _words(source: Source, policy: FactsPolicy, judged: list[str]) -> list[Fault]:
    """What only informs is there once, and is nothing that detection judges by."""
    named: list[tuple[Place, object]] = [(("informational", n), word) for n, word in enumerate(policy.informational)]
    right = f"leave it out here; {DETECTION} has it"
    both = [source.fault(place, f"'{word}' is judged by detection", right) for place, word in named if word in judged]
    return [*twice(source, named, "word"), *both]


def _judged(library: Library) -> list[str]:
    """The kinds of signals of the file of detection, as they stand there."""
    rows = library.detection.data.get("signals") if library.detection else None
    named = [row.get("kind") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [kind for kind in named if isinstance(kind, str)]


def _stream(source: Source, policy: FactsPolicy) -> list[Fault]:
    usage: list[tuple[Place, object]] = [
        (("stream", "usage", n, "event"), one.event) for n, one in enumerate(policy.stream.usage)
    ]
    heard: list[tuple[Place, object]] = [
        (("stream", "signals", n, "event"), one.event) for n, one in enumerate(policy.stream.signals)
    ]
    paid: list[tuple[Place, object]] = [
        (("stream", "payments", n, "event"), one.event) for n, one in enumerate(policy.stream.payments)
    ]
    return [*twice(source, usage, "event"), *twice(source, heard, "event"), *twice(source, paid, "event")]


def _kinds(source: Source, policy: FactsPolicy, known: list[str]) -> list[Fault]:
    """The events of the stream are told in kinds that are known."""
    return [
        fault
        for n, one in enumerate(policy.stream.signals)
        for fault in unknown(source, ("stream", "signals", n, "kind"), "signal", one.kind, known)
    ]


def _matching(library: Library, source: Source, policy: FactsPolicy) -> list[Fault]:
    codes = library.policy_names("statements", "code")
    named: list[tuple[Place, object]] = [
        (("matching", "words", n, "code"), one.code) for n, one in enumerate(policy.matching.words)
    ]
    strange = [fault for place, code in named for fault in unknown(source, place, "statement", code, codes)]
    return [*twice(source, named, "statement"), *strange]
