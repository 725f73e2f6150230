"""Circles: playbooks that extend each other, and steps that wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import Library, spec, step_entries
from adapters.playbooks.source import Place, Source
from models.plan import StepSpec


def extends_faults(library: Library, source: Source, name: str) -> list[Fault]:
    """A fault where following ``extends`` leads back to this playbook."""

    def parents(one: str) -> list[str]:
        file = library.playbook(one)
        parent = file.data.get("extends") if file else None
        return [parent] if isinstance(parent, str) else []

    circle = _circle(name, parents)
    if not circle:
        return []
    wrong = f"playbooks extend each other in a circle: {' -> '.join(circle)}"
    return [source.fault(("extends",), wrong, "let one of them extend nothing")]


def waiting_faults(library: Library, source: Source) -> list[Fault]:
    """A fault for each circle of steps that wait for each other, at its first step in this file."""
    files = [source, *library.chain(str(source.data.get("extends")))]
    steps: dict[str, StepSpec] = {}
    for file in reversed(files):
        steps |= {step.id: step for _, value in step_entries(file) if (step := spec(value))}
    found: list[Fault] = []
    seen: set[frozenset[str]] = set()
    for place, value in step_entries(source):
        step = spec(value)
        circle = _circle(step.id, lambda one: _waits_for(steps.get(one))) if step else []
        if circle and frozenset(circle) not in seen:
            seen.add(frozenset(circle))
            found.append(_waiting(source, place, circle))
    return found


def _waiting(source: Source, place: Place, circle: list[str]) -> Fault:
    wrong = f"steps wait for each other in a circle: {' -> '.join(circle)}"
    return source.fault(place, wrong, "let one of them count from 'opened'")


def _waits_for(step: StepSpec | None) -> list[str]:
    if step is None:
        return []
    moments = [when.after for when in (step.opens, step.due, step.warn) if when is not None]
    anchors = [after.removeprefix("step:") for after in moments if after.startswith("step:")]
    return anchors + ([step.condition.step] if step.condition else [])


def _circle(start: str, following: Callable[[str], Iterable[str]]) -> list[str]:
    """The way from ``start`` back to itself, or nothing."""
    paths, visited = [[start]], set[str]()
    while paths:
        path = paths.pop()
        for one in following(path[-1]):
            if one == start:
                return [*path, one]
            if one not in visited:
                visited.add(one)
                paths.append([*path, one])
    return []
