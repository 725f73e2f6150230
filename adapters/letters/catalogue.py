"""What each message to a customer is made of, and the phrases that it must not rest on; read from YAML."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, field_validator

from models.base import Request
from models.case import RefusalType
from models.faults import PermanentFault


class PartRule(StrEnum):
    """What a part must be beyond being there."""

    SPECIFIC = "specific"
    DATED = "dated"
    NAMED = "named"
    OWN = "own"


class PartSpec(Request):
    """One part of a message that a person writes. ``given`` ones are filled by the system where it knows them."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    what: str
    required: bool = True
    rules: tuple[PartRule, ...] = ()
    choices: tuple[str, ...] = ()
    instead_of: str | None = None
    given: bool = False


class MessageSpec(Request):
    """A message to a customer: the requirement that it answers, and its parts in the order of writing."""

    req: str = ""
    parts: tuple[PartSpec, ...]

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


class Phrases(Request):
    """Stock phrases of all languages, and patterns of placeholders that nobody filled in."""

    generic: tuple[str, ...]
    vague: tuple[str, ...]
    unfilled: tuple[str, ...]

    @field_validator("unfilled")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as fault:
                raise ValueError(f"'{pattern}' is not a regular expression: {fault}") from fault
        return value


class Catalogue(Request):
    """All messages to customers by template name, with the limits and phrases that hold for them."""

    limits: Limits
    messages: dict[str, MessageSpec]
    phrases: Phrases
    shared: dict[str, PartSpec] = {}

    def message(self, template: str) -> MessageSpec:
        """The message of a template. Raises ``PermanentFault(UnknownMessage)`` naming those that exist."""
        found = self.messages.get(template)
        if found is None:
            known = ", ".join(sorted(self.messages))
            sentence = f"There is no message template '{template}' for customers; there are: {known}."
            raise PermanentFault(RefusalType.UNKNOWN_MESSAGE, sentence)
        return found


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"{path.name} cannot be read: {fault}") from fault
    if not isinstance(content, dict):
        raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"{path.name} must be a YAML mapping.")
    return content


def load_catalogue(folder: Path) -> Catalogue:
    """Read ``parts.yaml`` and ``phrases.yaml`` of a messages folder.

    Raises ``PermanentFault(BadPlaybook)`` naming the first fault.
    """
    content = _read(folder / "parts.yaml") | {"phrases": _read(folder / "phrases.yaml")}
    try:
        return Catalogue.model_validate(content)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"{folder.name}: {where}: {first['msg']}.") from fault
