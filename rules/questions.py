"""What a digest lets its reader answer at once: open steps that wait for a decision, or for evidence."""

from __future__ import annotations

from collections.abc import Sequence

from models.case import Case
from models.chat import Question, Wanted
from models.concession import ApprovalState
from models.effects import DigestLine, Word
from models.plan import StepSpec
from models.step import Step, StepState

_NOTHING_ASKED = (Word.CONSULTED, Word.INFORMED)
_DECIDE = "decide_approval"


def of(case: Case, lines: Sequence[DigestLine]) -> tuple[Question, ...]:
    """The questions of a digest, one for each step that its lines tell of, in their order."""
    told = dict.fromkeys(line.step for line in lines if line.step and line.word not in _NOTHING_ASKED)
    found = (_question(case, step_id) for step_id in told)
    return tuple(question for question in found if question)


def _question(case: Case, step_id: str) -> Question | None:
    """None for a step that is not open, and for one that neither a decision nor evidence ends."""
    step = case.step(step_id)
    spec = case.spec(step.step_id) if step else None
    if step is None or spec is None or step.state is not StepState.OPEN:
        return None
    if spec.command == _DECIDE or _is_pending(case, step_id):
        return Question(step=step_id, title=spec.title, decides=True)
    return _of_evidence(step, spec) if _is_of_a_person(step, spec) else None


def _is_pending(case: Case, step_id: str) -> bool:
    approval = case.approval(step_id)
    return approval is not None and approval.state is ApprovalState.PENDING


def _is_of_a_person(step: Step, spec: StepSpec) -> bool:
    by_system = spec.automatic is not None and not (step.automatic_failed or step.automatic_refused)
    return not (by_system or spec.command)


def _of_evidence(step: Step, spec: StepSpec) -> Question:
    return Question(
        step=step.id,
        title=spec.title,
        evidence=spec.evidence.what,
        contents=tuple(Wanted(id=content.id, what=content.what) for content in spec.contents),
        decisions=spec.evidence.decisions,
    )
