"""What is owed next is said where nothing else would say it: the root cause, and the step that looks for it (SAVE-39)."""

from __future__ import annotations

from models.commands import RecordRootCause
from models.step import StepState
from rules import replying, status
from tests.unit.rules.test_save_commands import cause, contact
from tests.unit.rules.world import Drive, proof


def wanted(d: Drive) -> str:
    return status.of(d.case, d.now).next_wanted


def answer(d: Drive, command: RecordRootCause) -> str:
    """What whoever gives the command is answered."""
    before = d.case.events
    d.do(command, settle=False)
    return replying.said(d.case, before)


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
    assert "; the step start_rca is still yours: complete it with its evidence, such as 'they leave as" in answer(
        d, cause()
    )
    assert d.case.step("start_rca").state is StepState.OPEN


def test_a_cause_recorded_by_somebody_else_names_who_owes_the_investigation():  # PLAY-12
    d = Drive()
    d.do(contact())
    assert "start_rca is still owed by p-csm" in answer(d, cause().model_copy(update={"by": "p-mgr"}))


def test_what_is_still_owed_is_answered_and_is_no_part_of_the_history():  # CONV-23
    d = Drive()
    d.do(contact())
    said = answer(d, cause())
    (line,) = [event.text for event in d.case.timeline if event.kind == "root_cause"]
    assert said.startswith(line)
    assert not [event.text for event in d.case.timeline if "is still" in event.text]


def test_a_cause_recorded_after_the_investigation_asks_for_nothing():  # PLAY-12
    d = Drive()
    d.do(contact())
    d.done("start_rca", proof(d.case, "start_rca"))
    assert "start_rca" not in answer(d, cause())
