"""The parts of a letter that its case knows, put into the words of the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.letters import offered
from adapters.letters.catalogue import MessageSpec
from adapters.letters.checks import Parts
from adapters.letters.templates import Reader, Templates
from models.people import PersonId
from models.promise import PromiseKind, PromiseState
from models.telling import Promised
from models.work import DraftMessage

_OWED = (PromiseState.OPEN, PromiseState.BREACHED)
_WORDS = "_known"


def given(
    spec: MessageSpec, message: DraftMessage, templates: Templates, reader: Reader, names: Mapping[PersonId, str]
) -> Parts:
    """What the system knows of the parts that it may fill; less than a part needs is left to its writer."""
    known = _in_words(message, templates, reader, names) | {edit.name: edit.text for edit in message.given}
    fillable = (part for part in spec.parts if part.given and known.get(part.name))
    return {part.name: known[part.name] for part in fillable if len(known[part.name].splitlines()) >= part.lines}


def _in_words(message: DraftMessage, templates: Templates, reader: Reader, names: Mapping[PersonId, str]) -> Parts:
    told = message.told

    def block(name: str, promises: tuple[Promised, ...]) -> str:
        return templates.block(name, _WORDS, reader, {"names": names, "promises": promises})

    owed = tuple(sorted((one for one in told.promises if one.state in _OWED), key=lambda one: one.due))
    roadmap = tuple(one for one in owed if one.kind is PromiseKind.ROADMAP)
    delivered = tuple(one for one in told.promises if one.state is PromiseState.DONE)
    quoted = "\n".join(f"“{_line(words)}”" for words in told.heard)
    return {
        "commitments": block("commitments", told.promises),
        "next_steps": block("next_steps", owed),
        "promised": block("next_steps", delivered),
        "milestones": block("next_steps", roadmap),
        "issue": quoted,
        "feeling": quoted,
        **(offered.told(told.offered, templates, reader) if told.offered else {}),
    }


def _line(text: str) -> str:
    return " ".join(text.split())
