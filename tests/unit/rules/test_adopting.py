"""Playbooks change with the root cause; what is done stays done (AMB-39, PLAY-150)."""

from __future__ import annotations

from datetime import timedelta

from models.case import MessageState
from models.commands import AdoptPlan, CloseSave, RecordRootCause, TriggerPlaybook
from models.effects import Outcome, OutcomeKind, Verb, Word
from models.starts import SaveStart
from models.step import StepState
from rules import follow_through
from rules.save import commands, signals
from tests.unit.rules.plans import drive, failing, hand_plan, spec, world
from tests.unit.rules.test_planning import note
from tests.unit.rules.test_steps_commands import add, move
from tests.unit.rules.world import START, Drive, instantly


def cause(code: str) -> RecordRootCause:
    return RecordRootCause(root_cause=code, whys=("the budget was cut", "all departments save"), by="p-csm")


def spine() -> Drive:
    return Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature"))


def test_without_a_playbook_the_common_spine_runs():
    assert spine().case.plan.ref == "common_spine@1"


def test_a_root_cause_picks_the_playbook():  # PLAY-150
    d = spine()
    d.do(cause("budget_cut"))
    assert d.case.plan.ref == "budget_economic@1"
    assert "defend_pack" in d.open_steps()


def test_steps_that_a_playbook_brings_count_from_its_trigger():
    d = spine()
    d.after(days=3)
    d.do(cause("missing_feature"))
    assert d.case.step("ack_call").opens == START + timedelta(days=3)
    assert d.case.step("contact_call").due == START + timedelta(days=2)


def test_done_steps_are_kept_and_those_of_the_former_playbook_leave():
    d = Drive()
    d.done("issue_doc")
    d.done("contact_call")
    d.do(cause("budget_cut"))
    kept = {step.id: step for step in d.case.steps}
    assert kept["issue_doc"].state is kept["contact_call"].state is StepState.DONE
    assert kept["issue_doc"].evidence.text.startswith("ticket 2291")
    assert (kept["escalate"].state, kept["escalate"].reason) == (StepState.SKIPPED, "left with its playbook")
    assert d.case.spec("issue_doc").title == "Issue documentation and validation"


def test_the_same_playbook_again_changes_nothing():
    d = Drive()
    before = d.case.steps
    d.do(cause("reliability"))
    assert d.case.steps == before
    assert d.case.plan.name == "product_technical"


def test_there_and_back_again_brings_the_steps_that_had_left():
    d = Drive()
    d.done("issue_doc")
    d.do(cause("budget_cut"))
    d.after(days=2)
    d.do(cause("missing_feature"))
    assert d.case.step("escalate").state is StepState.OPEN
    assert d.case.step("escalate").due == START + timedelta(days=3)
    assert d.case.step("issue_doc").state is StepState.DONE
    ids = [step.id for step in d.case.steps]
    assert len(ids) == len(set(ids))


def test_drafts_of_steps_that_left_are_not_sent_any_more():
    case = Drive()
    case.done("contact_call")
    case.do(RecordRootCause(root_cause="budget_absolute", whys=("The budget was cut",), by="p-csm"))
    left = next(message for message in case.case.messages if message.step == "ack_call")
    assert left.state is MessageState.DROPPED


def test_the_weekly_update_comes_back_with_its_playbook():  # SAVE-18
    d = Drive()
    d.after(days=6)
    d.done("weekly_update")
    d.do(cause("budget_cut"))
    d.after(days=10)
    d.do(cause("missing_feature"))
    assert [s.id for s in d.case.steps if s.step_id == "weekly_update" and not s.ended] == ["weekly_update/2"]
    assert d.case.step("weekly_update").due is not None


def test_a_newer_version_is_adopted_by_a_manager_and_dates_what_goes_on():
    d = drive(spec("a", due="P4D"), spec("b", due="P4D"), spec("gone"))
    d.do(note("a"))
    newer = hand_plan(spec("a", due="P9D"), spec("b", due="P9D"), spec("new"), version=2)
    d.world = world(newer)
    d.do(AdoptPlan(by="p-mgr"))
    state = {step.id: (step.state.value, step.due - START) for step in d.case.steps}
    assert state["a"] == ("done", timedelta(days=4))
    assert state["b"] == ("open", timedelta(days=9))
    assert state["gone"][0] == "skipped"
    assert state["new"] == ("open", timedelta(days=2))
    assert any(e.text == "by_hand@1 -> by_hand@2: newer version" for e in d.case.timeline)


def test_a_step_that_a_person_moved_stays_where_it_was_put():
    d = drive(spec())
    d.do(move(days=5))
    d.world = world(hand_plan(spec(due="P1D"), version=2))
    d.do(AdoptPlan(by="p-mgr"))
    assert d.case.step("call_them").due == START + timedelta(days=5)


def test_a_step_added_by_hand_goes_on():
    d = Drive()
    d.do(add())
    d.do(cause("budget_cut"))
    assert d.case.step("send_cake").state is StepState.OPEN


def unknown(name: str):
    refusal = Outcome(
        kind=OutcomeKind.FAILED, permanent=True, error_type="UnknownPlaybook", reason=f"there is no playbook '{name}'"
    )

    def answer(case, action):
        wanted = next((ask.subject for ask in case.asks if ask.id == action.subject), "")
        return refusal if action.verb is Verb.LOAD_PLAN and wanted == name else instantly(case, action)

    return answer


def test_an_unknown_playbook_is_answered_by_a_notice_and_the_case_is_unharmed():
    d = Drive(world=unknown("atlantis"))
    before = d.case.steps
    d.case = signals.receive(d.case, TriggerPlaybook(playbook="atlantis", by="p-csm", reason="try"), d.now)
    d.settle()
    assert d.case.plan.name == "product_technical"
    assert [s.state for s in d.case.steps] == [s.state for s in before]
    assert list(d.told())[-1][1:3] == ("p-csm", Word.REFUSED)
    assert any(e.kind == "load_plan_refused" and "there is no playbook 'atlantis'" in e.text for e in d.case.timeline)


def test_a_start_with_an_unknown_playbook_runs_the_spine_rather_than_nothing():
    start = SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook="atlantis")
    d = Drive(start, unknown("atlantis"))
    assert d.case.plan.name == "common_spine"


def test_where_not_even_the_spine_can_be_had_it_is_asked_for_until_it_can():
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature"), unknown("common_spine"))
    d.after(hours=1)
    assert d.case.plan is None
    assert len(d.case.retries) == 1
    d.world = instantly
    d.after(hours=2)
    assert d.case.plan.name == "common_spine"


def test_a_plan_that_loads_after_the_case_was_closed_is_not_adopted():
    d = Drive()
    late = hand_plan(spec("ghost"), name="budget_economic")
    d.case = commands.apply(d.case, cause("budget_cut"), d.now)
    (action,) = (a for a in follow_through.due(d.case, d.now) if a.verb is Verb.LOAD_PLAN)
    d.case = follow_through.start(d.case, action)
    d.case = commands.apply(
        d.case,
        CloseSave(
            outcome="lost",
            notes="they signed elsewhere",
            by="p-csm",
            customer_quotes=("the export came a year too late",),
        ),
        d.now,
    )
    d.case = follow_through.record(d.case, action, Outcome(plan=late), d.now)
    d.settle()
    assert d.case.plan.name == "product_technical"
    assert follow_through.is_settled(d.case)


def test_a_look_up_that_waits_for_another_try_is_moot_once_the_case_is_closed():
    d = Drive()
    d.world = failing(Verb.LOAD_PLAN, 99)(instantly)
    d.do(cause("budget_cut"))
    assert len(d.case.retries) == 1
    d.do(
        CloseSave(
            outcome="lost",
            notes="they signed elsewhere",
            by="p-csm",
            customer_quotes=("the export came a year too late",),
        )
    )
    d.after(days=9)
    assert follow_through.is_settled(d.case)
