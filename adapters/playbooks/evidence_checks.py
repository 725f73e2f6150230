"""Whether the example that a step gives of its evidence would prove it, since a refusal shows it to people."""

from __future__ import annotations

import re
from typing import Any

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import Library, parsed, spec, step_entries
from adapters.playbooks.source import Place, Source
from models.policy import EvidenceKind


def example_faults(library: Library, source: Source) -> list[Fault]:
    """The examples of one playbook file that their own form of evidence would refuse."""
    kinds = [parsed(EvidenceKind, value) for *_, value in library.policy_entries("evidence")]
    known = {kind.name: kind for kind in kinds if kind}
    return [fault for place, value in step_entries(source, running=False) for fault in _of(source, place, value, known)]


def _of(source: Source, place: Place, value: Any, known: dict[str, EvidenceKind]) -> list[Fault]:
    step = spec(value)
    kind = known.get(step.evidence.kind) if step else None
    if step is None or kind is None or not step.evidence.example or _fits(kind.pattern, step.evidence.example):
        return []
    wrong = f"the example is no evidence of the kind {kind.name}"
    return [source.fault((*place, "evidence", "example"), wrong, f"write one like '{kind.example}'")]


def _fits(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None
    except (re.error, OverflowError, RecursionError):  # the policy is at fault, and its check says so
        return True
