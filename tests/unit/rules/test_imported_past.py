"""Running cases are brought in with their past, and no storm of breaches follows (issue: safe to switch on)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import RefusalType
from models.effects import Word
from models.save import SaveStage
from models.starts import SaveStart
from models.step import StepState
from rules.refusal import Refused
from tests.unit.rules.plans import hours
from tests.unit.rules.world import START, Drive


def imported(days: int = 20, *done: str) -> Drive:
    began = START - timedelta(days=days)
    past = [
        {"step_id": s, "by": "p-csm", "at": began + timedelta(hours=n + 1), "evidence": "see the old CRM"}
        for n, s in enumerate(done)
    ]
    return Drive(
        SaveStart.model_validate(
            {
                "account_id": "acc-1",
                "opened_by": "p-csm",
                "reason": "missing_feature",
                "playbook": "product_technical",
                "past": {"opened_at": began, "root_cause": "missing_feature", "whys": ["no export"], "done": past},
            }
        )
    )


def test_the_case_keeps_the_day_on_which_it_began():
    d = imported()
    assert d.case.opened_at == START - timedelta(days=20)
    assert d.case.step("week4_validate").opens == START - timedelta(days=12)
    assert d.case.root_cause == "missing_feature"


def test_what_was_done_is_done_and_says_by_whom():
    d = imported(20, "ack_call", "contact_call", "draft_plan")
    step = d.case.step("ack_call")
    assert (step.state, step.ended_by, step.evidence.text) == (StepState.DONE, "p-csm", "see the old CRM")
    assert d.case.stage is SaveStage.PLANNED


def test_nobody_is_told_of_anything_late_within_the_grace():
    d = imported()
    d.until(START + hours(47))
    assert not [told for told in d.told() if told[2] in (Word.OVERDUE, Word.ESCALATE)]


def test_what_is_still_open_after_the_grace_is_followed_up_as_ever():
    d = imported()
    d.until(START + hours(48))
    late = {step for _, _, word, step in d.told() if word == Word.ESCALATE}
    assert {"ack_call", "draft_plan", "fix_timeline"} <= late


def test_what_lies_ahead_keeps_its_date():
    d = imported()
    assert d.case.step("interim_value").due == START + timedelta(days=10)


def test_a_step_that_the_playbook_has_not_is_noted_and_stops_nothing():
    d = imported(20, "sent_flowers", "ack_call")
    assert any(e.kind == "import_not_owed" and "sent_flowers is not in" in e.text for e in d.case.timeline)
    assert d.case.step("ack_call").state is StepState.DONE


def test_weekly_updates_that_went_out_before_do_not_end_the_weekly_update():  # SAVE-18
    d = imported(20, "weekly_update", "weekly_update")
    running = [step for step in d.case.steps if step.step_id == "weekly_update" and not step.ended]
    assert [step.occurrence for step in running] == [3]
    d.until(START + timedelta(days=30))
    assert max(step.occurrence for step in d.case.steps if step.step_id == "weekly_update") >= 6


def test_the_turns_of_the_years_before_are_not_caught_up_with():
    d = imported(9_000, "ack_call", "contact_call")
    turns = [step for step in d.case.steps if step.step_id == "standup"]
    assert [(step.occurrence > 6_000, step.ended) for step in turns] == [(True, False)]
    assert not [told for told in d.told() if told[2] in (Word.OVERDUE, Word.ESCALATE)]


@pytest.mark.parametrize(("opened", "done"), [(1, 0), (-1, 1)])
def test_a_past_that_has_not_happened_yet_is_refused(opened, done):
    step = {"step_id": "ack_call", "by": "p-csm", "at": START + hours(done), "evidence": "see the old CRM"}
    past = {"opened_at": START + hours(opened), "done": [step]}
    start = SaveStart.model_validate({"account_id": "acc-1", "opened_by": "p-csm", "reason": "x", "past": past})
    with pytest.raises(Refused) as refusal:
        Drive(start)
    assert refusal.value.kind is RefusalType.BAD_PAYLOAD


def test_a_root_cause_that_the_company_does_not_know_is_recorded_anew():  # SAVE-9
    past = {"opened_at": START - hours(9), "root_cause": "bad_vibes"}
    d = Drive(SaveStart.model_validate({"account_id": "acc-1", "opened_by": "p-csm", "reason": "x", "past": past}))
    assert d.case.root_cause is None
    assert any(e.kind == "import_unknown_root_cause" and "'bad_vibes'" in e.text for e in d.case.timeline)
