"""The exit survey as the policy has it (OFFB-27..32)."""

from __future__ import annotations

from pydantic import Field, model_validator

from models.base import Id, Request

LANGUAGES = ("en", "ms", "id")
_MOST = 7  # OFFB-27: longer ones are not answered


class SurveyQuestion(Request):
    """A question by its id, in every language."""

    id: Id
    req: str = ""
    text: dict[str, str]

    @model_validator(mode="after")
    def _in_every_language(self) -> SurveyQuestion:
        lacking = [language for language in LANGUAGES if not self.text.get(language, "").strip()]
        if lacking:
            raise ValueError(f"question {self.id} lacks its text in {', '.join(lacking)}")
        return self


class Survey(Request):
    """The questions, in their order; seven at most (OFFB-27)."""

    questions: tuple[SurveyQuestion, ...] = Field(default=())

    @model_validator(mode="after")
    def _short(self) -> Survey:
        if len(self.questions) > _MOST:
            raise ValueError(f"a survey has {_MOST} questions at most; this one has {len(self.questions)}")
        return self
