"""What each message to a customer is made of, and the phrases that it must not rest on; read from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator, model_validator

from adapters.letters import reading, wording
from models.base import Request
from models.case import RefusalType
from models.faults import PermanentFault


class PartRule(StrEnum):
    """What a part must be beyond being there."""

    SPECIFIC = "specific"
    DATED = "dated"
    NAMED = "named"
    OWN = "own"
    NUMBERED = "numbered"
    TWO_FIGURES = "two_figures"


class PartSpec(Request):
    """One part of a message that a person writes. ``given`` ones are filled by the system where it knows them.

    ``lines`` is the least number of lines; with ``per_line`` each of them must hold the date or figure that is asked for.
    ``avoid`` names lists of phrases that the part must not hold. ``from_end``: it counts from the end date, so that steps
    which send it say ``tells_end``.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    what: str
    required: bool = True
    rules: tuple[PartRule, ...] = ()
    choices: tuple[str, ...] = ()
    instead_of: str | None = None
    given: bool = False
    lines: int = Field(default=1, ge=1)
    per_line: bool = False
    avoid: tuple[str, ...] = ()
    from_end: bool = False


class Signed(StrEnum):
    """Who signs a message: the person who releases it, or the team, where it is plainly sent by a machine."""

    PERSON = "person"
    TEAM = "team"


class MessageSpec(Request):
    """A message to a customer: the requirement that it answers, and its parts in the order of writing.

    ``avoid`` names lists of phrases that no part of it may hold, ``attaches`` the files without which it does not leave.
    ``unsubscribe``: its reader may ask for no more of them, which a notice of what they must know never says.
    """

    req: str = ""
    signed: Signed = Signed.PERSON
    attaches: tuple[str, ...] = ()
    unsubscribe: bool = False
    parts: tuple[PartSpec, ...]
    avoid: tuple[str, ...] = ()

    def part(self, name: str) -> PartSpec | None:
        """The part of that name, or None."""
        return next((part for part in self.parts if part.name == name), None)

    def alternative(self, part: PartSpec) -> PartSpec | None:
        """The part that may be written instead of this one, or None."""
        return next((other for other in self.parts if other.instead_of == part.name), None)


class Limits(Request):
    """Lengths in characters; ``specific_weight`` in UTF-8 bytes of letters and digits (a CJK sign weighs 3)."""

    part_characters: int = Field(ge=1)
    subject_characters: int = Field(ge=1, le=400)
    specific_weight: int = Field(ge=1)


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as fault:
        raise ValueError(f"'{value}' is not a regular expression: {fault}") from fault
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression."""


class Avoided(Request):
    """Phrases by language, and patterns, that some messages must not hold, and what to write instead of them."""

    instead: str
    phrases: dict[str, tuple[str, ...]] = Field(min_length=1)
    patterns: tuple[Pattern, ...] = ()

    @field_validator("phrases")
    @classmethod
    def _with_words(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if not all(phrases and all(map(wording.plain, phrases)) for phrases in value.values()):
            raise ValueError("each language needs phrases, and each phrase a letter or digit")
        return value

    def found(self, text: str) -> str | None:
        """The first phrase or match in a text, whatever its language, or None."""
        everywhere = tuple(chain.from_iterable(self.phrases.values()))
        return wording.first_of(text, everywhere) or wording.first_match(wording.folded(text), self.patterns)


class Phrases(Request):
    """Stock phrases of all languages, patterns of placeholders that nobody filled in, and lists to avoid by name.

    ``none`` is the word, by language, for a part that has nothing to tell.
    """

    generic: tuple[str, ...]
    vague: tuple[str, ...]
    unfilled: tuple[Pattern, ...]
    none: dict[str, str] = {}
    avoid: dict[str, Avoided] = {}

    def spoken(self, text: str, language: str) -> str:
        """The text as it is; a mere "none" of any language in the reader's own."""
        is_none = wording.plain(text) in {wording.plain(word) for word in self.none.values()}
        return self.none.get(language, text) if is_none else text


class Catalogue(Request):
    """All messages to customers by template name, with the limits and phrases that hold for them."""

    limits: Limits
    messages: dict[str, MessageSpec]
    phrases: Phrases
    shared: dict[str, PartSpec] = {}

    @model_validator(mode="after")
    def _known_lists(self) -> Catalogue:
        for name, spec in self.messages.items():
            named = {*spec.avoid, *(word for part in spec.parts for word in part.avoid)}
            for unknown in sorted(named - set(self.phrases.avoid)):
                raise ValueError(f"message '{name}' avoids '{unknown}', which is no list of phrases.yaml")
        return self

    def avoided(self, names: Iterable[str], text: str) -> tuple[str, str] | None:
        """The first phrase of these lists that a text holds, with what to write instead, or None."""
        for avoided in (self.phrases.avoid[name] for name in names):
            found = avoided.found(text)
            if found:
                return found, avoided.instead
        return None

    def message(self, template: str) -> MessageSpec:
        """The message of a template. Raises ``PermanentFault(UnknownMessage)`` naming those that exist."""
        found = self.messages.get(template)
        if found is None:
            known = ", ".join(sorted(self.messages))
            sentence = f"There is no message template '{template}' for customers; there are: {known}."
            raise PermanentFault(RefusalType.UNKNOWN_MESSAGE, sentence)
        return found


def load_catalogue(folder: Path) -> Catalogue:
    """Read ``parts.yaml`` and ``phrases.yaml`` of a messages folder.

    Raises ``PermanentFault(BadPlaybook)`` naming the first fault.
    """
    content = reading.read(folder / "parts.yaml") | {"phrases": reading.read(folder / "phrases.yaml")}
    return reading.model(Catalogue, content, folder.name)
