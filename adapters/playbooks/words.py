"""Everything that steps, offers and policies of a library may refer to by name."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.playbooks.fault import Fault, one_of
from adapters.playbooks.library import Library, parsed, spec, step_entries, texts
from adapters.playbooks.source import Place, Source
from models.case import CaseKind
from models.leaving_stages import LeavingKind
from models.policy import TriageRules
from models.signal_policy import SignalRules

Known = list[str] | tuple[str, ...]
_OTHER_KINDS = (CaseKind.RECOVERY.value, *(kind.value for kind in LeavingKind), CaseKind.REVIEW.value)


@dataclass(frozen=True)
class Words:
    """The names that are defined in a folder, by what they name.

    ``playbooks`` are those that a save may run, ``others`` those of the other kinds of case. ``tells_end`` are the
    templates that name a day which counts from the end date, None where that is not known. ``hurrying`` are the reasons by
    which triage knows an urgency, ``risk_kinds`` the words that a case hears.
    """

    roles: list[str]
    ladders: list[str]
    evidence: list[str]
    modules: tuple[str, ...]
    root_causes: list[str]
    statements: list[str]
    severities: list[str]
    hurrying: list[str]
    risk_kinds: list[str]
    playbooks: tuple[str, ...]
    others: dict[str, tuple[str, ...]]
    languages: dict[str, set[str]]
    steps: tuple[str, ...] = ()
    tells_end: frozenset[str] | None = None


def words_of(library: Library) -> Words:
    """The names that the files of a library define."""
    others = {kind: library.of_kind(kind) for kind in _OTHER_KINDS}
    not_run = {name for names in (library.modules(), *others.values()) for name in names}
    return Words(
        roles=library.policy_names("roles", ""),
        ladders=library.policy_names("ladders", "name"),
        evidence=library.policy_names("evidence", "name"),
        modules=library.modules(),
        root_causes=library.policy_names("root_causes", "code"),
        statements=library.policy_names("statements", "code"),
        severities=_severities(library),
        hurrying=_hurrying(library),
        risk_kinds=_risk_kinds(library),
        playbooks=tuple(name for name in library.names() if name not in not_run),
        others=others,
        languages=library.languages(),
        steps=_steps(library),
        tells_end=library.tells_end,
    )


def _steps(library: Library) -> tuple[str, ...]:
    found = (spec(value) for _, source in library.playbooks for _, value in step_entries(source, running=False))
    return tuple(sorted({one.id for one in found if one}))


def _severities(library: Library) -> list[str]:
    return [band.severity for one in _triage(library) for band in one.bands]


def _hurrying(library: Library) -> list[str]:
    return [reason for one in _triage(library) for band in one.urgencies for reason in band.reasons]


def _risk_kinds(library: Library) -> list[str]:
    """What a case knows as a risk signal; none where the policy names none, so that every word is known."""
    rules = (parsed(SignalRules, source.data.get("risk_signals")) for source in library.policies)
    listed = [kind for one in rules if one for kind in (*one.relapse, *one.watched)]
    return [*listed, *library.policy_names("statements", "code")] if listed else []


def _triage(library: Library) -> list[TriageRules]:
    rules = (parsed(TriageRules, source.data.get("triage")) for source in library.policies)
    return [one for one in rules if one]


def unknown(source: Source, place: Place, kind: str, word: object, known: Known) -> list[Fault]:
    """A fault where a word of a file is not among the known ones; silent where it is no word (a fault of shape)."""
    if not isinstance(word, str) or word in known:
        return []
    return [source.fault(place, f"the {kind} '{word}' is not known", one_of(word, known))]


def unknown_each(source: Source, place: Place, kind: str, value: object, known: Known) -> list[Fault]:
    """The same for every word of a list."""
    return [fault for n, word in texts(value) for fault in unknown(source, (*place, n), kind, word, known)]


def twice(source: Source, named: list[tuple[Place, object]], kind: str) -> list[Fault]:
    """A fault for every name that an earlier entry of the file bears already."""
    first: dict[object, Place] = {}
    found = []
    for place, name in named:
        if not isinstance(name, str):
            continue
        if name in first:
            right = f"it is on line {source.line(first[name])} already; give it another name"
            found.append(source.fault(place, f"the {kind} '{name}' is there twice", right))
        first.setdefault(name, place)
    return found
