"""Opening a step again brings back what its end had ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import RefusalType
from models.commands import ReopenStep, RescheduleStep
from models.step import StepState
from rules.refusal import Refused
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.world import START, Drive


def test_weekly_updates_go_on_when_the_fix_turns_out_not_to_work() -> None:  # AMB-20
    case = Drive()
    case.after(days=10)
    case.done("week4_validate")
    assert not [s for s in case.open_steps() if s.startswith("weekly_update")]
    case.do(ReopenStep(step_id="week4_validate", by="p-csm", reason="the customer still sees the fault"))
    assert [s for s in case.open_steps() if s.startswith("weekly_update")] == ["weekly_update/2"]
    update = case.case.step("weekly_update/2")
    assert update is not None and update.due == START + timedelta(days=14)


def deciding() -> Drive:
    """A step that decides, and one that is owed only when it was decided so."""
    choice = spec("choice", evidence={"decisions": ["keep", "replace"]})
    return drive(choice, spec("change", condition={"step": "choice", "decision": "replace"}))


def test_what_was_decided_against_can_be_decided_otherwise() -> None:
    case = deciding()
    case.done("choice", {"text": "we get along after all, said both", "decision": "keep"})
    skipped = case.case.step("change")
    assert skipped is not None and skipped.state is StepState.SKIPPED
    case.do(ReopenStep(step_id="choice", by="p-mgr", reason="it does not work out"))
    case.done("choice", {"text": "we do not get along, said both", "decision": "replace"})
    assert "change" in case.open_steps()


def test_a_step_without_a_date_cannot_be_moved_ahead_of_the_decision() -> None:
    case = deciding()
    with pytest.raises(Refused, match="no date to move yet") as refused:
        case.do(RescheduleStep(step_id="change", by="p-csm", due=START + timedelta(days=3), reason="sooner"))
    assert refused.value.kind is RefusalType.ILLEGAL_MOVE
    assert "change" not in case.open_steps()


def test_an_older_turn_that_is_opened_again_is_not_called_missed() -> None:
    case = drive(spec("w", recur="P7D", until={"stage": "closed"}))
    case.done("w/1")
    case.after(days=15)
    case.do(ReopenStep(step_id="w/1", by="p-csm", reason="it was sent to the wrong person"))
    assert "w/1" in case.open_steps()
