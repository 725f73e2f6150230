"""Whether facts.yaml can be used: its shape, words that are there once, and events that mean one thing."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import Library, parsed
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
    return (
        found
        if policy is None
        else [*found, *_words(source, policy), *_stream(source, policy), *_matching(library, source, policy)]
    )


def _words(source: Source, policy: FactsPolicy) -> list[Fault]:
    lists = {"signals": policy.signals, "submetrics": policy.submetrics}
    return [
        fault
        for key, words in lists.items()
        for fault in twice(source, [((key, n), word) for n, word in enumerate(words)], "word")
    ]


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
    kinds = [
        fault
        for n, one in enumerate(policy.stream.signals)
        for fault in unknown(source, ("stream", "signals", n, "kind"), "signal", one.kind, list(policy.signals))
    ]
    return [*twice(source, usage, "event"), *twice(source, heard, "event"), *twice(source, paid, "event"), *kinds]


def _matching(library: Library, source: Source, policy: FactsPolicy) -> list[Fault]:
    codes = library.policy_names("statements", "code")
    named: list[tuple[Place, object]] = [
        (("matching", "words", n, "code"), one.code) for n, one in enumerate(policy.matching.words)
    ]
    strange = [fault for place, code in named for fault in unknown(source, place, "statement", code, codes)]
    return [*twice(source, named, "statement"), *strange]
