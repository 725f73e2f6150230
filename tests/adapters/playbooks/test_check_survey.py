"""The exit survey: the five default questions, and what the check says of a broken one (OFFB-27..32)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from adapters.playbooks.check import check
from models.survey import LANGUAGES, AnswerKind, Survey
from tests.adapters.playbooks.faults import found

FILE = "policies/survey.yaml"


@pytest.fixture
def survey(library: Path, shipped: Path) -> Path:
    """The small library with the shipped survey in it."""
    (library / FILE).write_text((shipped / FILE).read_text(encoding="utf-8"), encoding="utf-8")
    return library


def content(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))
    return read


def write(folder: Path, questions: list[dict[str, Any]]) -> None:
    questions = json.loads(json.dumps(questions))  # YAML would write the same thing twice as an alias
    text = yaml.safe_dump({"survey": {"questions": questions}}, allow_unicode=True, sort_keys=False)
    (folder / FILE).write_text(text, encoding="utf-8")


def line_of(folder: Path, needle: str, nth: int = 1) -> int:
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    return [n for n, line in enumerate(lines, 1) if needle in line][nth - 1]


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder) if fault.file == FILE]


def test_the_five_default_questions_in_order_and_the_opt_in_last(shipped: Path) -> None:  # OFFB-28..32
    questions = Survey.model_validate(content(shipped)["survey"]).questions
    assert [question.req for question in questions] == [*(f"OFFB-{n}" for n in (*range(28, 33), 32)), "OFFB-37"]
    assert [question.kind for question in questions] == [
        *(AnswerKind.CHOICE, AnswerKind.TEXT, AnswerKind.SCALE, AnswerKind.CHOICE, AnswerKind.SCALE),
        *(AnswerKind.TEXT, AnswerKind.CHOICE),
    ]
    assert [question.kind for question in questions if question.scale] == [AnswerKind.SCALE] * 2


def test_the_questions_are_really_in_three_languages(shipped: Path) -> None:  # AMB-42
    questions = Survey.model_validate(content(shipped)["survey"]).questions
    assert all(len({question.text[language] for language in LANGUAGES}) == 3 for question in questions)
    assert all(len({question.asked(language) for language in LANGUAGES}) == 3 for question in questions)


def test_the_shipped_survey_has_no_fault(survey: Path) -> None:
    assert faults(survey) == []


def test_a_survey_of_seven_questions_is_let_through_and_the_eighth_refused_on_its_line(survey: Path) -> None:  # OFFB-27
    one = content(survey)["survey"]["questions"][1]
    more = [one | {"id": f"more_{n}"} for n in range(8)]
    write(survey, more[:7])
    assert faults(survey) == []
    write(survey, more)
    line = line_of(survey, "id: more_7")
    assert "this is question 8; a survey has 7 questions at most" in found(survey, FILE, line)
    assert any(said.startswith(f"{FILE}:1:") and "the survey has 8 questions" in said for said in faults(survey))


def test_a_question_that_stands_twice_is_a_fault(survey: Path) -> None:
    one = content(survey)["survey"]["questions"][1]
    write(survey, [one, one])
    assert "differently" in found(survey, FILE, line_of(survey, "id: differently", 2))


def test_an_answer_that_stands_twice_is_a_fault(survey: Path) -> None:
    one = content(survey)["survey"]["questions"][3]
    one["choices"].append(one["choices"][0])
    write(survey, [one])
    assert "answer" in "\n".join(faults(survey))


BROKEN = [
    ({"kind": "essay"}, "'essay' is not known here"),
    ({"kind": "choice"}, "choices do not fit the kind; give two or more to a choice"),
    ({"kind": "scale"}, "the scale does not fit the kind; give 'scale: {lowest: 0, highest: 10}'"),
    ({"scale": {"lowest": 0, "highest": 10}}, "the scale does not fit the kind"),
    ({"kind": "scale", "scale": {"lowest": 5, "highest": 5}}, "the scale ends at 5, not above 5"),
    ({"text": {"en": "Why?", "ms": "Mengapa?"}}, "the text is missing in: id; write it in en, ms, id"),
    ({"text": {"en": "Why?", "ms": " ", "id": "Mengapa?"}}, "the text is missing in: ms"),
    ({"mandatory": True}, "the key 'mandatory' is not known"),
]


@pytest.mark.parametrize(("change", "wrong"), [pytest.param(*row, id=row[1][:40]) for row in BROKEN])
def test_a_broken_question_is_a_fault_with_its_line(survey: Path, change: dict[str, Any], wrong: str) -> None:
    one = content(survey)["survey"]["questions"][1] | change
    write(survey, [content(survey)["survey"]["questions"][0], one])
    said = [line for line in faults(survey) if wrong in line]
    assert said, faults(survey)
    assert int(said[0].split(":")[1]) >= line_of(survey, "id: differently")


def test_a_survey_cannot_be_changed(shipped: Path) -> None:
    survey = Survey.model_validate(content(shipped)["survey"])
    with pytest.raises(ValidationError, match="frozen"):
        survey.questions = ()  # type: ignore[misc]
