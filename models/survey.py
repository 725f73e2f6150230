"""The exit survey as the policy has it (OFFB-27..32)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from models.base import Id, Request

LANGUAGES = ("en", "ms", "id")
MOST = 7  # OFFB-27: longer ones are not answered


class AnswerKind(StrEnum):
    """How a question is answered: one of several choices, in the customer's words, or a figure on a scale."""

    CHOICE = "choice"
    TEXT = "text"
    SCALE = "scale"


def _complete(texts: dict[str, str]) -> dict[str, str]:
    lacking = [language for language in LANGUAGES if not texts.get(language, "").strip()]
    if lacking:
        raise ValueError(f"the text is missing in: {', '.join(lacking)}; write it in {', '.join(LANGUAGES)}")
    return texts


Texts = Annotated[dict[str, str], AfterValidator(_complete)]
"""A text by language, in every language."""


class Choice(Request):
    """One answer to choose."""

    id: Id
    text: Texts


class Scale(Request):
    """The lowest and the highest figure that may be given."""

    lowest: int = 0
    highest: int = 10

    @model_validator(mode="after")
    def _ordered(self) -> Scale:
        if self.highest <= self.lowest:
            raise ValueError(f"the scale ends at {self.highest}, not above {self.lowest}; give lowest below highest")
        return self


class SurveyQuestion(Request):
    """A question by its id, in every language. Only a choice has ``choices``, only a scale has a ``scale``.

    ``opt_in`` marks the choice by which they say ``yes`` to hearing when what they named is fixed (OFFB-37).
    """

    id: Id
    req: str = ""
    kind: AnswerKind
    text: Texts
    choices: tuple[Choice, ...] = ()
    scale: Scale | None = None
    opt_in: bool = False

    @model_validator(mode="after")
    def _answerable(self) -> SurveyQuestion:
        if (self.kind is AnswerKind.CHOICE) != (len(self.choices) > 1):
            raise ValueError("choices do not fit the kind; give two or more to a choice, and none to another kind")
        if (self.kind is AnswerKind.SCALE) != (self.scale is not None):
            raise ValueError("the scale does not fit the kind; give 'scale: {lowest: 0, highest: 10}' to a scale alone")
        if self.opt_in and not {"yes", "no"} <= {choice.id for choice in self.choices}:
            raise ValueError("an opt-in is a choice of yes and no; give it the choices 'yes' and 'no'")
        return self

    def asked(self, language: str) -> str:
        """The question on one line, with the answers to choose from, or the ends of its scale."""
        return " ".join(filter(None, (self.text[language], self._hint(language))))

    def read(self, answer: str) -> str | None:
        """The answer as it is kept: the id of a choice, a figure of the scale, or the text; None where it is none."""
        if self.scale is not None:
            figure = answer.strip()
            fits = figure.isdecimal() and self.scale.lowest <= int(figure) <= self.scale.highest
            return str(int(figure)) if fits else None
        if not self.choices:
            return answer
        said = answer.strip().casefold()
        named = (one.id for one in self.choices if said in {one.id, *(text.casefold() for text in one.text.values())})
        return next(named, None)

    def wants(self) -> str:
        """What an answer must be, in a few words."""
        if self.scale is not None:
            return f"a whole number from {self.scale.lowest} to {self.scale.highest}"
        return f"one of {', '.join(choice.id for choice in self.choices)}" if self.choices else "a text"

    def _hint(self, language: str) -> str:
        if self.scale is not None:
            return f"({self.scale.lowest}–{self.scale.highest})"
        return f"({' / '.join(choice.text[language] for choice in self.choices)})" if self.choices else ""


class Survey(Request):
    """The questions, in their order; seven at most (OFFB-27)."""

    questions: tuple[SurveyQuestion, ...] = Field(default=())

    @model_validator(mode="after")
    def _short(self) -> Survey:
        if len(self.questions) > MOST:
            raise ValueError(f"the survey has {len(self.questions)} questions; keep {MOST} at most (OFFB-27)")
        return self
