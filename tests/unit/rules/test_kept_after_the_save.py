"""What was agreed with the customer in a step goes on in the recovery, and what is promised there is told by letter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import commands as c
from models.effects import Verb
from models.starts import SaveStart
from models.step import StepState
from rules import briefing, measuring
from rules.refusal import Refused
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.recovering import PROMISE, Recovery
from tests.unit.rules.test_handing_on import SIGNED, follows, recovery_of
from tests.unit.rules.test_save_commands import cause, close, contact
from tests.unit.rules.world import START, Drive, proof
from workflows.effects import EFFECTS

LATER = {"after": "step:talk", "offset": "P3M", "clock": "day_end"}


def won(d: Drive) -> Recovery:
    """The recovery of a save that is won now."""
    d.do(contact())
    d.case = d.case.model_copy(update={"root_cause": "missing_feature", "stage": "diagnosed"})
    d.do(close("saved_full", **SIGNED), settle=False)
    return recovery_of(d)


def run(playbook: str) -> Drive:
    return Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="nps_low", playbook=playbook))


def test_a_talk_that_was_promised_for_a_later_day_is_owed_by_the_recovery():  # PLAY-75, AMB-20
    d = drive(
        spec("talk"),
        spec("revisit", opens={"after": "step:talk"}, due=LATER, promise=True, customer_facing=True),
        spec("notice", promise=True),
        spec("weekly", recur="P7D", until={"stage": "closed"}, promise=True),
    )
    d.done("talk")
    due = d.case.step("revisit").due
    r = won(d)
    assert f"revisit is a step of the recovery, due {due:%Y-%m-%d %H:%M} UTC" in follows(d)
    assert (r.case.step("revisit").due, r.case.spec("revisit").promise) == (due, True)
    assert (r.case.step("notice"), r.case.step("weekly")) == (None, None)
    r.until(due)
    assert "revisit" in r.open_steps()
    assert next(who for _, who, word, step in r.told() if (word, step) == ("escalate", "revisit")) == "p-mgr"


def test_a_written_service_level_is_measured_after_the_save_as_it_was_agreed():  # PLAY-65, PLAY-66
    d = run("service_relationship")
    written = proof(d.case, "written_sla")
    agreed = written["items"] | {"support_response": "within 2 h, down from 24 h"}
    d.done("written_sla", written | {"items": agreed})
    assert str(measuring.level_of(d.case, d.case.spec("sla_tracking")).respond_within) == "PT2H"
    r = won(d)
    assert "sla_tracking goes on in the recovery" in follows(d)
    assert str(measuring.level_of(r.case, r.case.spec("sla_tracking")).respond_within) == "PT2H"
    r.after(days=15)
    asked = [action for _, action in r.sent if action.verb is Verb.MEASURE_SERVICE]
    assert [action.steps for action in asked] == [("sla_tracking/1",), ("sla_tracking/2",)]


def test_where_the_writing_names_no_hours_those_of_the_playbook_count():  # PLAY-65
    d = run("service_relationship")
    d.done("written_sla")
    assert str(measuring.level_of(d.case, d.case.spec("sla_tracking")).respond_within) == "PT4H"


def test_what_would_have_prevented_the_loss_of_a_champion_is_done_in_the_recovery():  # PLAY-104, PLAY-105
    d = run("champion_departure")
    assert d.case.step("multi_thread") is None
    r = won(d)
    for name in ("multi_thread", "exec_sponsor"):
        assert (r.case.step(name).due, r.case.step(name).state) == (START + timedelta(days=30), StepState.OPEN)
    assert won(run("product_technical")).case.step("multi_thread") is None


def test_the_weekly_update_by_hand_has_its_four_parts():  # SAVE-19
    d = Drive()
    with pytest.raises(Refused, match="customer_action"):
        d.done("weekly_update", {"text": "email 88213: the fix is on its way, next news on Friday"})
    d.done("weekly_update")
    assert d.case.step("weekly_update/1").state is StepState.DONE


def test_a_missed_weekly_update_is_heard_by_the_executive_at_once():  # SAVE-18, SAVE-28
    d = Drive()
    due = d.case.step("weekly_update/1").due
    d.until(due + timedelta(hours=1))
    heard = {who for _, who, word, step in d.told() if (word, step) == ("escalate", "weekly_update/1")}
    assert {"p-mgr", "p-exec"} <= heard
    (breach,) = [e for e in d.case.timeline if (e.kind, e.step) == ("promise_breached", "weekly_update/1")]
    assert breach.at == due


def test_the_reviews_and_a_kept_promise_are_drafted_for_the_customer():  # POST-2, POST-3, SAVE-29
    r = Recovery(commitments=(PROMISE,))
    r.do(c.FulfilCommitment(by="p-pm", commitment_id="com_1", evidence="ticket 4811 of 18 Dec: the export is live"))
    r.after(days=89)
    drafted = {message.template for message in r.case.messages}
    assert {"promise_done", "day60_review", "day90_qbr"} <= drafted


def test_what_is_promised_in_a_step_stands_on_the_register():  # PLAY-62, SAVE-29
    d = run("service_relationship")
    whole = proof(d.case, "commitments")
    for text in ("ids 4711", "", "promise_1"):
        with pytest.raises(Refused, match="commitments"):
            d.do(c.CompleteStep(step_id="commitments", by="p-csm", evidence=whole | {"text": text}))
    due = START + timedelta(days=20)
    d.do(c.MakeCommitment(by="p-csm", text="A call each Tuesday", owner="p-csm", due=due, source="call"))
    with pytest.raises(Refused, match="names promise_2, and must name promises of the register: promise_1"):
        d.done("commitments", whole | {"text": "promise_1 and promise_2"})
    d.done("commitments", whole | {"text": "promise_1"})
    assert d.case.step("commitments").state is StepState.DONE


def test_a_milestone_of_the_fix_has_a_date():  # PLAY-35, SAVE-17
    d = Drive()
    whole = proof(d.case, "fix_timeline")
    for vague in ("soon", "tbd", "in 3 weeks", "as soon as possible"):
        with pytest.raises(Refused, match="fix_timeline needs a date, such as 2027-03-31, under: qa"):
            d.done("fix_timeline", whole | {"items": whole["items"] | {"qa": vague}})
    d.done("fix_timeline", whole | {"items": whole["items"] | {"qa": "12 Mac 2027"}})
    assert d.case.step("fix_timeline").state is StepState.DONE


def test_a_value_summary_comes_with_its_figures_of_the_last_ninety_days():  # SAVE-10, PLAY-50, PLAY-108
    for playbook, step_id in (("value_roi", "value_summary"), ("champion_departure", "value_context")):
        d = run(playbook)
        (action,) = [a for _, a in d.sent if a.verb is Verb.PREPARE_PAGE and a.steps == (step_id,)]
        asked = EFFECTS[Verb.PREPARE_PAGE].request(d.case, action)
        assert (asked.until - asked.since, asked.letter.template) == (timedelta(days=90), "value_summary")


def test_the_brief_says_what_they_gave_as_their_reason():  # CONV-10
    d = Drive()
    d.do(cause(stated_reason="the board halved every tool"))
    action = next(a for _, a in d.sent if a.verb is Verb.PREPARE_BRIEF)
    assert briefing.request(d.case, action).reason == "the board halved every tool"
