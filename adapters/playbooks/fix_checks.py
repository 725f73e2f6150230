"""Whether the policy of fix estimates can be followed: a step that asks for the estimate, and a playbook to go to."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import Library, parsed, spec, step_entries
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import Words, unknown
from models.fix_policy import FixEstimates

_AT: Place = ("fix_estimates",)


def fix_faults(library: Library, source: Source, words: Words) -> list[Fault]:
    """Every fault of the policy of fix estimates beyond its shape."""
    rules = parsed(FixEstimates, source.data["fix_estimates"]) if "fix_estimates" in source.data else None
    if rules is None:
        return []
    found = unknown(source, (*_AT, "playbook"), "playbook", rules.playbook, words.playbooks)
    items = _items(library, rules.module)
    if items is None:
        return found + unknown(source, (*_AT, "module"), "module", rules.module, words.modules)
    found += unknown(source, (*_AT, "step"), f"step of {rules.module}", rules.step, tuple(items))
    return found + unknown(source, (*_AT, "item"), f"content of {rules.step}", rules.item, items.get(rules.step, ()))


def _items(library: Library, module: str) -> dict[str, tuple[str, ...]] | None:
    """The contents that each step of a module asks for; None where there is no such module."""
    source = library.playbook(module) if module in library.modules() else None
    if source is None:
        return None
    steps = (spec(value) for _, value in step_entries(source, running=False))
    return {step.id: tuple(content.id for content in step.contents) for step in steps if step}
