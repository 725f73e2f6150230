"""Preparation comes before persuasion: the first call has its brief, which the system prepares by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import commands as c
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.save import SaveCase
from models.starts import SaveStart
from models.step import StepState
from rules import briefing
from rules.refusal import Refused
from tests.unit.rules.plans import failing
from tests.unit.rules.world import START, Drive, World, instantly, proof

BROKEN = Outcome(kind=OutcomeKind.FAILED, reason="the account is unknown", permanent=True)
DOWN = Outcome(kind=OutcomeKind.FAILED, reason="no answer")
SPINE = SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature")


def opened(world: World = instantly, start: SaveStart | None = None) -> Drive:
    return Drive(start, world=world)


def call(d: Drive, step: str, **more: str) -> SaveCase:
    asked = {"by": "p-csm", "step_id": step, "evidence": proof(d.case, step)} | more
    d.do(c.CompleteStep.model_validate(asked))
    return d.case


def briefs(d: Drive) -> list[Action]:
    return [action for _, action in d.sent if action.verb is Verb.PREPARE_BRIEF]


def test_a_save_prepares_its_brief_once_as_soon_as_it_is_opened():  # CONV-8, DIS-6
    d = opened()
    d.after(days=30)
    (action,) = briefs(d)
    assert (action.key, action.moment) == ("case-1/contact_call/prepare_brief", START)


def test_the_brief_is_made_for_the_caller_of_what_the_case_knows():  # CONV-9
    d = opened()
    asked = briefing.request(d.case, briefs(d)[0])
    assert (asked.person, asked.account_id, asked.reason) == ("p-csm", "acc-1", "missing_feature")
    assert (asked.playbook, asked.opened_at) == (d.case.plan.name if d.case.plan else None, START)


@pytest.mark.parametrize("step", ["contact_call", "ack_call"])
def test_a_first_call_waits_for_the_brief(step: str):  # DIS-6
    d = opened(failing(Verb.PREPARE_BRIEF, 1, DOWN)(instantly))
    before = d.case
    with pytest.raises(Refused) as raised:
        call(d, step)
    assert raised.value.kind == "BriefMissing"
    assert f"{step} waits for its brief" in raised.value.sentence
    assert d.case is before
    d.after(hours=1)
    assert call(d, step).step(step).state is StepState.DONE  # type: ignore[union-attr]


def test_other_steps_do_not_wait_for_the_brief():
    d = opened(failing(Verb.PREPARE_BRIEF, 1, DOWN)(instantly))
    assert call(d, "start_rca").step("start_rca").state is StepState.DONE  # type: ignore[union-attr]


def test_a_brief_that_cannot_be_prepared_holds_up_nobody_and_its_reader_is_told():
    d = opened(failing(Verb.PREPARE_BRIEF, 1, BROKEN)(instantly))
    assert any("it is for p-csm to put together" in event.text for event in d.case.timeline)
    assert call(d, "ack_call").step("ack_call").state is StepState.DONE  # type: ignore[union-attr]


def urgent(d: Drive) -> None:
    assert d.case.assessment is not None
    d.case = d.case.model_copy(update={"assessment": d.case.assessment.model_copy(update={"ladder": "urgent"})})


def test_so_urgent_a_case_may_call_first_with_a_reason_that_is_kept():  # DIS-6
    d = opened(failing(Verb.PREPARE_BRIEF, 1, DOWN)(instantly))
    urgent(d)
    with pytest.raises(Refused, match="with the reason as 'without_brief'"):
        call(d, "ack_call")
    call(d, "ack_call", without_brief="they called us at midnight")
    (event,) = [event for event in d.case.timeline if event.kind == "call_without_brief"]
    assert (event.text, event.step) == ("they called us at midnight", "ack_call")


def test_a_reason_does_not_help_where_there_is_time_to_prepare():  # DIS-6
    d = opened(failing(Verb.PREPARE_BRIEF, 1, DOWN)(instantly))
    assert d.case.ladder() == "standard"
    with pytest.raises(Refused, match="waits for its brief"):
        call(d, "ack_call", without_brief="in a hurry")


def test_a_command_waits_while_the_brief_is_a_matter_of_moments_and_no_longer():
    d = opened()
    d.case = d.case.model_copy(update={"steps": tuple(s.model_copy(update={"page": ""}) for s in d.case.steps)})
    command = c.CompleteStep.model_validate({"by": "p-csm", "step_id": "ack_call", "evidence": "call 1: spoke"})
    assert briefing.waits(d.case, command, START)
    late = opened(failing(Verb.PREPARE_BRIEF, 1, DOWN)(instantly))
    assert not briefing.waits(late.case, command, START)
    assert briefing.waits(late.case, command, START + timedelta(hours=12))
