"""What a survey says of itself: no question and no answer twice, and none beyond those that are answered (OFFB-27)."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import parsed
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import twice
from models.survey import MOST, SurveyQuestion

_QUESTIONS: Place = ("survey", "questions")


def survey_faults(source: Source) -> list[Fault]:
    """Every fault of the survey that its shape does not show."""
    survey = source.data.get("survey")
    listed = survey.get("questions") if isinstance(survey, dict) else None
    if not isinstance(listed, list):
        return []
    asked = [
        ((*_QUESTIONS, n), question) for n, value in enumerate(listed) if (question := parsed(SurveyQuestion, value))
    ]
    found = twice(source, [(place, question.id) for place, question in asked], "question")
    for place, question in asked:
        answers: list[tuple[Place, object]] = [
            ((*place, "choices", n), choice.id) for n, choice in enumerate(question.choices)
        ]
        found += twice(source, answers, "answer")
    return found + _beyond(source, len(listed))


def _beyond(source: Source, count: int) -> list[Fault]:
    right = f"a survey has {MOST} questions at most, since a longer one is not answered (OFFB-27)"
    return [source.fault((*_QUESTIONS, n), f"this is question {n + 1}", right) for n in range(MOST, count)]
