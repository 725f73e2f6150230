"""What is owed next is said where nothing else would say it: the root cause, and the step that looks for it (SAVE-39)."""

from __future__ import annotations

from models.step import StepState
from rules import status
from tests.unit.rules.test_save_commands import cause, contact
from tests.unit.rules.world import Drive, proof


def wanted(d: Drive) -> str:
    return status.of(d.case, d.now).next_wanted


def nothing_open(d: Drive) -> None:
    """Whatever is open but the routines is done; a step that opens by it, too."""
    while owed := [s for s in d.case.steps if s.state is StepState.OPEN and not s.recurring]:
        d.done(owed[0].id, proof(d.case, owed[0].step_id), by=owed[0].person)


def test_a_case_in_which_nothing_is_open_asks_for_the_root_cause_once_the_customer_spoke():  # SAVE-39
    d = Drive()
    d.do(contact())
    assert not wanted(d)  # the investigation is open and says so itself
    nothing_open(d)
    assert wanted(d) == "the root cause comes next, and nothing goes further without it: 'record_root_cause' (SAVE-39)"
    d.do(cause())
    assert not wanted(d)


def test_a_recorded_cause_says_that_the_investigation_is_still_owed_and_completes_nothing():  # PLAY-12
    d = Drive()
    d.do(contact())
    d.do(cause())
    (said,) = [event.text for event in d.case.timeline if event.kind == "root_cause"]
    assert "the step start_rca is still yours: complete it with its evidence, such as 'they leave as" in said
    assert d.case.step("start_rca").state is StepState.OPEN


def test_a_cause_recorded_by_somebody_else_names_who_owes_the_investigation():  # PLAY-12
    d = Drive()
    d.do(contact())
    d.do(cause().model_copy(update={"by": "p-mgr"}))
    (said,) = [event.text for event in d.case.timeline if event.kind == "root_cause"]
    assert "start_rca is still owed by p-csm" in said


def test_a_cause_recorded_after_the_investigation_asks_for_nothing():  # PLAY-12
    d = Drive()
    d.do(contact())
    d.done("start_rca", proof(d.case, "start_rca"))
    d.do(cause())
    (said,) = [event.text for event in d.case.timeline if event.kind == "root_cause"]
    assert "start_rca" not in said
