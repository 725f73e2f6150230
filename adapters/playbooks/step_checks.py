"""What a step says of other things: roles, ladders, evidence, templates, stages, other steps, and its own moments."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from adapters.playbooks.fault import Fault, one_of
from adapters.playbooks.library import Library, spec, step_entries
from adapters.playbooks.source import Place, Source
from adapters.playbooks.vocabulary import FINDINGS, STAGES, UPDATES_OF
from adapters.playbooks.words import Words, twice, unknown, unknown_each
from models.calendar import Clock, Offset
from models.case import CaseKind
from models.plan import Condition, StepSpec, When

_MONTH = (28, 31)
_MINUTES = 24 * 60


def step_faults(library: Library, source: Source, words: Words) -> list[Fault]:
    """Everything that the steps of one playbook file refer to wrongly, and moments that are out of order."""
    own = step_entries(source, running=False)
    stages = STAGES.get(str(source.data.get("kind", "save")))
    found = twice(source, [((*place, "id"), _get(value, "id")) for place, value in own], "step id")
    reachable = _reachable(library, source)
    for place, value in own:
        found += _names(source, place, value, words)
        step = spec(value)
        if step is not None:
            found += _templates(source, place, step, words) + _titles(source, place, step, words)
            found += _stages(source, place, step, stages)
            found += _findings(source, place, step)
            found += _other_steps(source, place, step, reachable)
            found += _moments(source, place, step)
            found += _finds(source, place, step, words)
            found += _tells_end(source, place, step, words)
    return found


def _get(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _reachable(library: Library, source: Source) -> dict[str, StepSpec | None]:
    """Every step that the resolved playbook has, by id; None where its own shape is at fault."""
    files = [source, *library.chain(str(source.data.get("extends")))]
    known: dict[str, StepSpec | None] = {}
    for file in reversed(files):
        ids = [(_get(value, "id"), value) for _, value in step_entries(file)]
        known |= {name: spec(value) for name, value in ids if isinstance(name, str)}
    return known


def _names(source: Source, place: Place, value: Any, words: Words) -> list[Fault]:
    notify = (*place, "automatic", "notify")
    return [
        *unknown(source, (*place, "owner"), "role", _get(value, "owner"), words.roles),
        *unknown_each(source, (*place, "with"), "role", _get(value, "with"), words.roles),
        *unknown_each(source, notify, "role", _get(value, "automatic", "notify"), words.roles),
        *unknown(source, (*place, "ladder"), "ladder", _get(value, "ladder"), words.ladders),
        *unknown(
            source, (*place, "evidence", "kind"), "evidence kind", _get(value, "evidence", "kind"), words.evidence
        ),
        *_contents(source, place, _get(value, "contents")),
    ]


def _contents(source: Source, place: Place, contents: Any) -> list[Fault]:
    listed = contents if isinstance(contents, list) else []
    named: list[tuple[Place, object]] = [((*place, "contents", n), _get(one, "id")) for n, one in enumerate(listed)]
    return twice(source, named, "content")


def _titles(source: Source, place: Place, step: StepSpec, words: Words) -> list[Fault]:
    at = (*place, "page", "titles")
    titles = step.page.titles if step.page else {}
    return [fault for language in titles for fault in unknown(source, at, "language", language, list(words.languages))]


def _templates(source: Source, place: Place, step: StepSpec, words: Words) -> list[Fault]:
    if step.template is None:
        return []
    lacking = [language for language, names in words.languages.items() if step.template not in names]
    everywhere = set.intersection(*words.languages.values()) if words.languages else set()
    if not lacking and words.languages:
        return []
    where = f" in {', '.join(lacking)}" if lacking else ""
    wrong = f"there is no template '{step.template}'{where}"
    return [source.fault((*place, "template"), wrong, one_of(step.template, everywhere))]


def _tells_end(source: Source, place: Place, step: StepSpec, words: Words) -> list[Fault]:
    """A letter that names a day which counts from the end is drafted anew with it; no other one is (OFFB-17, TMPL-43)."""
    if source.data.get("kind") != CaseKind.CANCELLATION or words.tells_end is None:
        return []
    names = step.template in words.tells_end
    if names and not step.tells_end:
        wrong = f"the letter '{step.template}' names a day that counts from the end date, which may move"
        return [source.fault((*place, "template"), wrong, "write 'tells_end: true', so that it is drafted anew then")]
    if step.tells_end and not names:
        wrong = "its letter names no day that counts from the end date"
        right = "leave 'tells_end' out, or mark the part that does 'from_end: true' in messages/parts.yaml"
        return [source.fault((*place, "tells_end"), wrong, right)]
    return []


def _stages(source: Source, place: Place, step: StepSpec, stages: type[StrEnum] | None) -> list[Fault]:
    if stages is None:
        return []
    known = [stage.value for stage in stages]
    ends = step.until.stage if step.until else None
    return [
        *unknown(source, (*place, "reaches"), "stage", step.reaches, known),
        *unknown(source, (*place, "enters"), "stage", step.enters, known),
        *unknown(source, (*place, "until", "stage"), "stage", ends, known),
    ]


def _findings(source: Source, place: Place, step: StepSpec) -> list[Fault]:
    named = FINDINGS.get(str(source.data.get("kind")), ())
    return [
        *unknown(source, (*place, "only"), "finding", step.only, named),
        *unknown(
            source, (*place, "command"), "command", step.command, UPDATES_OF.get(str(source.data.get("kind")), ())
        ),
    ]


def _other_steps(source: Source, place: Place, step: StepSpec, known: dict[str, StepSpec | None]) -> list[Fault]:
    others = [name for name in known if name != step.id]
    found = []
    for key, target in _references(step):
        found += unknown(source, (*place, *key), "step", target, others)
    return found + _decision(source, place, step.condition, known)


def _references(step: StepSpec) -> list[tuple[Place, str]]:
    anchors: list[tuple[Place, str]] = [
        ((key, side), anchor.removeprefix("step:"))
        for key, when in (("opens", step.opens), ("due", step.due), ("warn", step.warn))
        for side, anchor in ((("after", when.after), ("before", when.before)) if when else ())
        if anchor and anchor.startswith("step:")
    ]
    anchors += [(("needs", n), needed) for n, needed in enumerate(step.needs)]
    if step.condition:
        anchors.append((("condition", "step"), step.condition.step))
    if step.until and step.until.step:
        anchors.append((("until", "step"), step.until.step))
    return anchors


def _decision(
    source: Source, place: Place, condition: Condition | None, known: dict[str, StepSpec | None]
) -> list[Fault]:
    asked = known.get(condition.step) if condition else None
    if condition is None or asked is None or condition.decision in asked.evidence.decisions:
        return []
    at = (*place, "condition", "decision")
    if not asked.evidence.decisions:
        right = f"list '{condition.decision}' in the evidence decisions of {asked.id}"
        return [source.fault(at, f"step '{asked.id}' asks for no decision", right)]
    return unknown(source, at, f"decision of '{asked.id}'", condition.decision, asked.evidence.decisions)


def _finds(source: Source, place: Place, step: StepSpec, words: Words) -> list[Fault]:
    found = []
    for n, one in enumerate(step.finds):
        at: Place = (*place, "finds", n)
        found += unknown(source, (*at, "root_cause"), "root cause", one.root_cause, words.root_causes)
        found += unknown(source, (*at, "decision"), "decision", one.decision, step.evidence.decisions)
    return found


def _moments(source: Source, place: Place, step: StepSpec) -> list[Fault]:
    found = []
    if step.due and _surely_before(step.due, step.opens):
        found.append(_disorder(source, (*place, "due"), step.due, "before the step opens", step.opens))
    if step.due and step.warn and _surely_before(step.due, step.warn):
        found.append(_disorder(source, (*place, "warn"), step.warn, "after the step is due", step.due))
    if step.recur is not None and _bounds(step.recur)[1] == 0:
        found.append(source.fault((*place, "recur"), "it recurs without any time between", "write a duration like P1D"))
    if step.promise and step.optional:
        wrong = "it is promised to the customer, and optional"
        found.append(source.fault((*place, "optional"), wrong, "leave one of 'promise' and 'optional' out"))
    return found


def _disorder(source: Source, place: Place, when: When, wrong: str, other: When) -> Fault:
    side = "later" if wrong.startswith("before") else "earlier"
    return source.fault(place, f"{when.offset} lies {wrong}", f"write {other.offset} or {side}")


def _bounds(offset: Offset) -> tuple[int, int]:
    """The shortest and the longest that an offset can be, in minutes."""
    shortest, longest = (offset.months * days + offset.days for days in _MONTH)
    return shortest * _MINUTES + offset.minutes, longest * _MINUTES + offset.minutes


def _surely_before(one: When, other: When) -> bool:
    if (one.after, one.before) != (other.after, other.before):
        return False
    if Clock.BUSINESS in (one.clock, other.clock):
        return one.clock == other.clock and _bounds(one.offset)[1] < _bounds(other.offset)[0]
    slack = _MINUTES if one.clock is Clock.DAY_END else 0
    if one.before:  # what lies further ahead of its anchor comes first
        return _bounds(other.offset)[1] + slack < _bounds(one.offset)[0]
    return _bounds(one.offset)[1] + slack < _bounds(other.offset)[0]
