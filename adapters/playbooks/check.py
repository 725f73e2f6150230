"""``check(folder)``: every fault of every playbook and policy at once, each with its file and line."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from adapters.playbooks.cycles import extends_faults, waiting_faults
from adapters.playbooks.detection_checks import detection_faults
from adapters.playbooks.evidence_checks import example_faults
from adapters.playbooks.facts_checks import facts_faults
from adapters.playbooks.fault import Fault, one_of
from adapters.playbooks.inbound_checks import inbound_faults
from adapters.playbooks.leaving_checks import leaving_faults
from adapters.playbooks.library import Library
from adapters.playbooks.metrics_checks import metrics_faults
from adapters.playbooks.offer_checks import offer_faults
from adapters.playbooks.policy_checks import policy_faults
from adapters.playbooks.review_checks import review_faults
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Source
from adapters.playbooks.step_checks import step_faults
from adapters.playbooks.vocabulary import STAGES
from adapters.playbooks.words import Words, unknown, unknown_each, words_of
from models.case import CaseKind
from models.plan import MODULE
from models.playbook import Playbook

__all__ = ["Fault", "check", "check_library"]


def check(folder: Path) -> tuple[Fault, ...]:
    """All faults of the playbooks and policies below ``folder``, by file and line; empty where all is well.

    Never raises for what the files hold.
    """
    if not folder.is_dir():
        return (Fault(str(folder), 1, "", "there is no such folder", "name the folder that holds save/ and policies/"),)
    return check_library(Library(folder))


@lru_cache(maxsize=16)
def check_library(library: Library) -> tuple[Fault, ...]:
    """The same for files that are read already; a case reads all of them, so the same files are checked once."""
    words = words_of(library)
    found = [fault for source in library.policies for fault in source.faults]
    found += policy_faults(library, words) + leaving_faults(library, words)
    found += inbound_faults(library) + metrics_faults(library, words) + review_faults(library, words)
    found += facts_faults(library) + detection_faults(library, words)
    if not library.playbooks:
        found.append(Fault("save", 1, "", "there is no playbook", "add one, such as save/common_spine.yaml"))
    for name, source in library.playbooks:
        found += source.faults
        if source.readable:
            found += _playbook(library, name, source, words)
    return tuple(sorted(dict.fromkeys(found)))


def _playbook(library: Library, name: str, source: Source, words: Words) -> list[Fault]:
    return [
        *shape_faults(source, Playbook, source.data),
        *_name(library, name, source),
        *_kind(source),
        *_extends(source, words),
        *unknown_each(source, ("modules",), "module", source.data.get("modules"), words.modules),
        *_trigger(source, words),
        *offer_faults(source, words),
        *step_faults(library, source, words),
        *example_faults(library, source),
        *extends_faults(library, source, name),
        *waiting_faults(library, source),
    ]


def _name(library: Library, stem: str, source: Source) -> list[Fault]:
    name = source.data.get("name")
    first = library.playbook(stem)
    found = []
    if isinstance(name, str) and name != stem:
        found.append(source.fault(("name",), f"the name '{name}' is not that of the file", f"write 'name: {stem}'"))
    if first is not None and first is not source:
        found.append(source.fault((), f"the playbook '{stem}' is there twice", f"{first.file} has it; rename one"))
    return found


def _kind(source: Source) -> list[Fault]:
    kind = source.data.get("kind", "save")
    if not isinstance(kind, str) or kind in STAGES:
        return []
    return [source.fault(("kind",), f"the kind '{kind}' is not known", one_of(kind, STAGES))]


def _extends(source: Source, words: Words) -> list[Fault]:
    """A module stands beside whatever playbook a case runs; it has no parent and no children (PLAY-118..149)."""
    parent = source.data.get("extends")
    if source.data.get("kind") == MODULE and parent is not None:
        return [source.fault(("extends",), "a module extends nothing", "leave 'extends' out, or write 'kind: save'")]
    kind = str(source.data.get("kind", CaseKind.SAVE.value))
    same = words.playbooks if kind == CaseKind.SAVE else words.others.get(kind, words.playbooks)
    return unknown(source, ("extends",), "playbook", parent, same)


def _trigger(source: Source, words: Words) -> list[Fault]:
    trigger = source.data.get("trigger")
    if not isinstance(trigger, dict):
        return []
    reasons, statements = trigger.get("cited_reasons"), trigger.get("statements")
    return [
        *unknown_each(source, ("trigger", "cited_reasons"), "root cause", reasons, words.root_causes),
        *unknown_each(source, ("trigger", "statements"), "statement", statements, words.statements),
    ]
