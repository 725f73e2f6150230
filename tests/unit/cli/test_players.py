"""The people of a story: what they do is legal, follows from the seed, and is what such people would do."""

import itertools
from datetime import timedelta

import pytest

from cli.demo_cast import PAUSE
from cli.players import Manner
from cli.scene import cause_of
from models.commands import CloseSave, CompleteStep, LogContact, RecordRootCause, ReleaseMessage
from models.save import SaveOutcome
from models.step import StepState
from tests.unit.cli.rehearsal import CSM, DEPUTY, MANAGER, START, Rehearsal, played

pytestmark = pytest.mark.xdist_group("players")  # each story is played once for all tests that only look at it

PLAYBOOKS = (
    "product_technical",
    "value_roi",
    "service_relationship",
    "budget_economic",
    "competitive_threat",
    "champion_departure",
    "common_spine",
)


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_diligent_people_bring_every_playbook_to_a_save(playbook):
    story = played(Manner.DILIGENT, playbook)
    assert story.drive.case.outcome is SaveOutcome.SAVED_FULL


@pytest.mark.parametrize("playbook", PLAYBOOKS)
@pytest.mark.parametrize("seed", [1, 7])
def test_diligent_people_are_never_late_and_nobody_above_them_hears_of_it(playbook, seed):
    story = played(Manner.DILIGENT, playbook, seed)
    late = [s.id for s in story.drive.case.steps if s.state is StepState.DONE and s.due and s.ended_at > s.due]
    assert late == []
    assert [told for told in story.drive.told() if told[2] in ("escalate", "overdue")] == []


@pytest.mark.parametrize("seed", range(4))
def test_late_people_call_the_customer_a_day_after_the_call_was_due(seed):
    story = Rehearsal(Manner.LATE, seed=seed).play(4)
    call = story.drive.case.step("ack_call")
    assert call.ended_at - call.due > timedelta(hours=24)


@pytest.mark.parametrize("manner", list(Manner))
def test_the_same_seed_tells_the_same_story(manner):
    one, two = Rehearsal(manner, seed=3).play(12), Rehearsal(manner, seed=3).play(12)
    assert [(deed.at, deed.key) for deed in one.deeds] == [(deed.at, deed.key) for deed in two.deeds]


def test_a_bargain_is_proposed_decided_by_somebody_else_and_accepted_once():  # SAVE-39, SAVE-44
    bridge = {"offer": "bridge_discount", "pct": 10, "lasts": "P6M", "tied_to": "reference"}
    story = Rehearsal(Manner.DILIGENT, "budget_economic", bargain=bridge).play(14)
    words = [(deed.name, deed.command.by) for deed in story.deeds if "offer" in deed.name or "approval" in deed.name]
    assert words == [("propose_offer", CSM), ("decide_approval", MANAGER), ("answer_offer", CSM)]
    assert [offer.state for offer in story.drive.case.offers] == ["applied"]


def test_another_seed_tells_another_story():
    one, two = played(Manner.LATE, seed=3), played(Manner.LATE, seed=4)
    assert [(deed.at, deed.key) for deed in one.deeds] != [(deed.at, deed.key) for deed in two.deeds]


def test_a_root_cause_has_one_to_five_whys_and_picks_the_playbook_in_force():
    story = played(Manner.DILIGENT)
    (found,) = (deed.command for deed in story.deeds if isinstance(deed.command, RecordRootCause))
    assert found.root_cause == cause_of(story.drive.case.plan)
    assert 1 <= len(found.whys) <= 5


def test_the_root_cause_is_found_after_the_customer_was_spoken_to():
    story = played(Manner.DILIGENT)
    order = [type(deed.command) for deed in story.deeds]
    assert order.index(LogContact) < order.index(RecordRootCause)


def test_every_message_has_a_personal_word_of_its_own():
    story = played(Manner.DILIGENT)
    words = [deed.command.edits["personal_word"] for deed in story.deeds if isinstance(deed.command, ReleaseMessage)]
    assert len(words) >= 4
    assert all(one != following for one, following in itertools.pairwise(words))


def test_evidence_answers_every_item_that_the_step_asks_for():
    story = played(Manner.DILIGENT)
    brief = story.drive.case.step("product_brief")
    assert len(brief.evidence.items) == 4


def test_a_decision_can_be_set_and_the_plan_follows_it():
    story = Rehearsal(Manner.DILIGENT, "service_relationship", decisions={"inv_fit": "replace"}).play()
    assert story.drive.case.step("csm_change").state is StepState.DONE


@pytest.mark.parametrize("seed", range(6))
def test_the_people_of_a_story_decide_on_nothing_that_needs_an_offer(seed):
    story = played(Manner.DILIGENT, "budget_economic", seed)
    assert story.drive.case.step("structure_talk").evidence.decision in ("full_price", "no_structure_fits")


def test_an_absent_csm_does_nothing_at_all():
    story = played(Manner.ABSENT)
    assert CSM not in {deed.command.by for deed in story.deeds}


def test_while_the_csm_is_on_leave_the_deputy_does_the_work_and_a_silent_customer_ends_as_no_contact():
    story = played(Manner.ABSENT)
    assert DEPUTY in {deed.command.by for deed in story.deeds if isinstance(deed.command, CompleteStep)}
    assert len([deed for deed in story.deeds if isinstance(deed.command, LogContact)]) == 5
    assert story.drive.case.outcome is SaveOutcome.NO_CONTACT


def test_the_manager_hands_the_case_over_where_a_csm_is_merely_silent():
    story = Rehearsal(Manner.ABSENT)
    story.drive.until(START + timedelta(hours=24))
    (handover,) = [deed for deed in story.meant() if deed.name == "assign"]
    assert (handover.command.by, handover.command.person) == (MANAGER, DEPUTY)


@pytest.mark.parametrize("ending", [outcome for outcome in SaveOutcome if outcome is not SaveOutcome.REJECTED])
def test_a_story_can_end_in_every_way_that_a_save_can_end(ending):
    manner = Manner.ABSENT if ending is SaveOutcome.NO_CONTACT else Manner.DILIGENT
    if ending is SaveOutcome.PAUSED:  # CONV-23: it was offered and accepted before
        paused = {"bargain": PAUSE, "root_cause": "budget_absolute", "ends_on_day": 12}
        story = Rehearsal(manner, "budget_economic", ending=ending, **paused).play()
    else:
        story = Rehearsal(manner, ending=ending, ends_on_day=6).on_leave(1.6, 14).play()
    assert story.drive.case.outcome is ending


def test_a_story_with_an_open_end_is_closed_by_nobody():
    story = Rehearsal(Manner.DILIGENT, open_end=True, horizon_days=9).play(13)
    assert not any(isinstance(deed.command, CloseSave) for deed in story.deeds)
    assert not story.drive.case.closed
