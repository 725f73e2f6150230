"""What a CSM may say in a save conversation: the question why, and five stages in their order (CONV-15..19)."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from adapters.letters import reading
from models.base import Request, Text

LANGUAGES = ("en", "ms", "id")
_PLACEHOLDER = re.compile(r"\[([^\[\]\n]+)\]")
_BRACKETS = re.compile(r"[\[\]]")


class StageName(StrEnum):
    """The five stages, in the order of the conversation."""

    OPEN_HONESTLY = "open_honestly"
    LISTEN_FIRST = "listen_first"
    ACKNOWLEDGE = "acknowledge"
    PROPOSE = "propose"
    GET_COMMITMENT = "get_commitment"


def _placeholders(text: str) -> tuple[str, ...]:
    return tuple(_PLACEHOLDER.findall(text))


def _complete(texts: dict[str, str]) -> dict[str, str]:
    if set(texts) != set(LANGUAGES):
        raise ValueError(f"there must be a text in each of: {', '.join(LANGUAGES)}")
    for language, text in texts.items():
        if _BRACKETS.search(_PLACEHOLDER.sub("", text)):
            raise ValueError(f"a square bracket of the text in '{language}' has no partner or nothing in it")
    if len({len(_placeholders(text)) for text in texts.values()}) > 1:
        raise ValueError("the languages must have equally many [placeholders]")
    return texts


Texts = Annotated[dict[str, Text], AfterValidator(_complete)]
"""A text by language, with as many [placeholders] in each."""

Requirement = Annotated[str, StringConstraints(pattern=r"^[A-Z]+-\d+$")]
"""The id of a requirement."""


class Passage(Request):
    """What may be said, by language, and what it must and must not do. ``[placeholders]`` are for the CSM to fill."""

    req: tuple[Requirement, ...] = Field(min_length=1)
    texts: Texts
    must: tuple[Text, ...] = Field(min_length=1)
    must_not: tuple[Text, ...] = Field(min_length=1)

    def text(self, locale: str) -> str:
        """The text for a locale (``ms``, ``ms-MY``, ``id_ID``), in English where there is none (AMB-42)."""
        return self.texts[self._language(locale)]

    def placeholders(self, locale: str) -> tuple[str, ...]:
        """What the CSM must fill in, in order, without the brackets."""
        return _placeholders(self.text(locale))

    def _language(self, locale: str) -> str:
        asked = re.split(r"[-_]", locale.strip().lower())[0]
        return asked if asked in self.texts else LANGUAGES[0]


class Stage(Passage):
    """A stage of the conversation."""

    name: StageName


class Guide(Request):
    """The whole conversation: ``whys`` asks for the root of a wish to cancel (TMPL-4), the stages follow in order."""

    whys: Passage
    stages: tuple[Stage, ...]

    @model_validator(mode="after")
    def _in_order(self) -> Guide:
        if [stage.name for stage in self.stages] != list(StageName):
            raise ValueError(f"the stages must be, in this order: {', '.join(StageName)}")
        return self

    def stage(self, name: StageName) -> Stage:
        """The stage of that name."""
        return next(stage for stage in self.stages if stage.name == name)


def load_guide(folder: Path) -> Guide:
    """Read ``guide.yaml`` of a messages folder. Raises ``PermanentFault(BadPlaybook)`` naming the first fault."""
    return reading.model(Guide, reading.read(folder / "guide.yaml"), "guide.yaml")
