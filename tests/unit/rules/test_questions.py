"""What a digest lets its reader answer at once: what a case would take, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from models.case import Case, CaseKind, RefusalType
from models.chat import Question, Wanted
from models.commands import CompleteStep, EvidenceGiven
from models.effects import DigestLine, Word
from models.starts import SaveStart
from rules import questions
from rules.cancellation import commands as of_cancellations
from rules.refusal import Refused
from rules.save import commands as of_saves
from tests.unit.rules.leaving import Leaving
from tests.unit.rules.offered import decided, diagnosed, proposal, said
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.world import Drive

APPLY = {CaseKind.SAVE: of_saves.apply, CaseKind.CANCELLATION: of_cancellations.apply}
SAVES = ("budget_economic", "champion_departure", "competitive_threat", "product_technical", "value_roi")


def about(*steps: str, word: Word = Word.OVERDUE) -> list[DigestLine]:
    return [DigestLine(word=word, mark=word, subject="as it stands", step=step) for step in steps]


def asked(case: Case, *steps: str, word: Word = Word.OVERDUE) -> tuple[Question, ...]:
    return questions.of(case, about(*steps, word=word))


def test_an_open_step_is_asked_with_all_that_would_prove_it():
    evidence = {"kind": "note", "what": "what was said", "decisions": ["goes_on", "ends"]}
    d = drive(spec(evidence=evidence, contents=[{"id": "who", "what": "who was spoken to"}]))
    assert asked(d.case, "call_them", "call_them") == (
        Question(
            step="call_them",
            title="Do call_them",
            evidence="what was said",
            contents=(Wanted(id="who", what="who was spoken to"),),
            decisions=("goes_on", "ends"),
        ),
    )


@pytest.mark.parametrize("word", [Word.CONSULTED, Word.INFORMED])
def test_who_is_only_told_is_asked_nothing(word):
    assert asked(drive(spec()).case, "call_them", word=word) == ()


def test_a_step_that_waits_or_has_ended_or_is_not_there_is_asked_of_nobody():
    d = drive(spec(), spec("later", opens="P3D", due="P5D"))
    d.done("call_them")
    assert asked(d.case, "call_them", "later", "never") == ()


def test_an_approval_is_decided_and_only_while_nobody_has():
    d = diagnosed()
    said(d, proposal())
    assert [one.decides for one in asked(d.case, "approval_1")] == [True]
    decided(d)
    assert asked(d.case, "approval_1") == ()


def test_the_case_takes_what_its_digests_ask():
    taken = 0
    for case, now, question in _all_asked():
        if question.decides:
            continue
        given = CompleteStep(step_id=question.step, by="p-mgr", evidence=EvidenceGiven(text=""))
        try:
            APPLY[case.kind](case, given, now)
        except Refused as no:
            assert no.kind is not RefusalType.ILLEGAL_MOVE, (question.step, no.sentence)
        taken += 1
    assert taken > 100


def _all_asked() -> Iterator[tuple[Case, datetime, Question]]:
    """Every question about every step of the shipped plans, day by day."""
    for name in SAVES:
        start = SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook=name)
        yield from _of(Drive(start))
    yield from _of(Leaving())


def _of(d: Drive) -> Iterator[tuple[Case, datetime, Question]]:
    for day in range(0, 21, 4):
        d.after(days=day)
        for question in asked(d.case, *(step.id for step in d.case.steps)):
            yield d.case, d.now, question
