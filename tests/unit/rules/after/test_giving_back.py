"""Data that the customer wants back is given back in full, and deleted only once they have it (OFFB-23, GDPR 28(3)(g))."""

from __future__ import annotations

import pytest

from models import after_commands as ac
from models import cancellation_commands as cc
from models.cancellation import DataChoice
from models.effects import Verb
from models.starts import ClosedAgain
from rules.cancellation import exporting, following, letters, readers
from rules.retention import work
from tests.unit.rules.after.former import HOLD, NOW, Keeping, emptied
from tests.unit.rules.leaving import Leaving, company
from tests.unit.rules.world import World

RETURN, DELETE = DataChoice.RETURN, DataChoice.DELETE
STEPS = ("return_data", "return_delivered", "return_received")
RECEIVED = "they wrote that the archive opens and all is there"


def states(d: Keeping) -> list[str]:
    return [d.state(step) for step in STEPS]


def chosen(choice: DataChoice = RETURN, **more: bool) -> ac.DataChosen:
    return ac.DataChosen(case_id="can-1", choice=choice, **more)


def told(d: Leaving) -> list[str]:
    """The kinds of case that were told something."""
    return [action.subject for _, action in d.sent if action.verb is Verb.TELL_CASE]


def test_who_wants_their_data_back_gets_it_at_once_and_in_full():
    d = Keeping(data_choice=RETURN)
    assert states(d) == ["done", "done", "open"]
    export = next(action for _, action in d.sent if action.verb is Verb.PREPARE_EXPORT)
    assert exporting.request(d.case, export).since is None


def test_nothing_is_deleted_before_they_have_it_not_even_on_request():
    d = Keeping(data_choice=RETURN)
    d.do(NOW)
    d.after(days=200)
    assert d.times(Verb.ERASE_DATA) == 0
    d.done("return_received", RECEIVED)
    assert d.times(Verb.ERASE_DATA) == 1


def test_a_hold_that_is_released_names_the_day_of_the_status_and_what_the_deletion_waits_for():  # AMB-24, OFFB-23
    freed = {}
    for choice in (RETURN, None):
        d = Keeping(data_choice=choice)
        d.do(HOLD)
        d.do(ac.ReleaseHold(by="p-mgr", reason="settled"))
        due = d.case.step("erase_data").due
        (text,) = [event.text for event in d.case.timeline if event.kind == "hold_released"]
        assert f"due by {due:%Y-%m-%d %H:%M} UTC" in text
        freed[choice] = text
    assert freed[RETURN].endswith(", and waits for return_received")
    assert "waits" not in freed[None]


def test_the_letter_names_what_is_given_back_and_until_when_it_can_be_fetched():
    d = Keeping(data_choice=RETURN)
    facts = letters.facts(d.case, d.case.step("return_delivered"))
    assert facts and facts.export_until and facts.deleted_on is None


def to(d: Keeping) -> set[str]:
    """To whom the letters of the retention go."""
    return {readers.reader(d.case, d.case.step(name)) for name in ("return_delivered", "deletion_confirmation")}


def world_where(*may_cancel: str) -> World:
    """An outside world in which these contacts may cancel for the account, whose own contact is another one."""
    return lambda case, action: (
        company(may_cancel=may_cancel)(case, action) if action.verb is Verb.LOAD_ACCOUNT else emptied(case, action)
    )


def test_the_code_for_the_whole_data_goes_to_who_asked_and_may_cancel():  # CANC-11, OFFB-23
    d = Leaving(company(may_cancel=("c-7", "c-8")), requested_by="c-8")
    start = following.retention(d.case, d.now)
    again = Keeping(world_where("c-7", "c-8"), data_choice=RETURN, written_to=start.written_to)
    assert to(again) == {"c-8"}
    again.done("return_received", RECEIVED)
    again.after(days=91)
    erasing = next(action for _, action in again.sent if action.verb is Verb.ERASE_DATA)
    assert work.erasure(again.case, erasing).written_to == "c-8"


def test_where_who_asked_may_not_cancel_the_data_goes_to_somebody_who_may():  # CANC-11, OFFB-23
    d = Leaving(company(may_cancel=("c-7",)), requested_by="c-1")
    assert following.retention(d.case, d.now).written_to == "c-7"
    assert to(Keeping(world_where("c-7"), data_choice=RETURN)) == {"c-7"}


@pytest.mark.parametrize("choice", [None, DELETE])
def test_who_does_not_want_it_back_has_it_deleted_on_its_day(choice):
    d = Keeping(data_choice=choice)
    assert states(d) == ["skipped"] * 3
    d.after(days=91)
    assert (d.times(Verb.PREPARE_EXPORT), d.times(Verb.ERASE_DATA)) == (0, 1)


def test_a_choice_after_the_closure_is_followed_and_so_is_the_next_one():
    d = Keeping()
    d.after(days=40)
    d.signal(chosen())
    assert states(d) == ["done", "done", "open"]
    d.signal(chosen())
    assert len(d.happened("data_choice")) == 1
    d.signal(chosen(DELETE))
    assert d.state("return_received") == "skipped"
    d.after(days=91)
    assert d.times(Verb.ERASE_DATA) == 1


def chooses(choice: DataChoice, words: str = "") -> ac.ChooseKeptData:
    return ac.ChooseKeptData(by="p-csm", choice=choice, words=words)


def test_a_person_takes_the_choice_down_once_the_cancellation_is_over():  # OFFB-23
    d = Keeping()
    d.after(days=40)
    d.do(chooses(RETURN, "we need it after all"))
    assert states(d) == ["done", "done", "open"]
    assert d.happened("data_choice") == ["the data: return; we need it after all"]
    d.do(chooses(RETURN))
    assert d.times(Verb.PREPARE_EXPORT) == 1
    d.do(chooses(DELETE))
    assert d.state("return_received") == "skipped"
    d.after(days=91)
    assert d.times(Verb.ERASE_DATA) == 1
    for choice in (RETURN, DELETE):
        assert "nothing is left to choose about" in d.refused(chooses(choice)).sentence


def test_who_is_back_has_nothing_to_choose_about_before_they_leave_again():  # AMB-24
    d = Keeping()
    d.after(days=91)
    d.signal(ClosedAgain(account_id="acc-1", cancellation_case_id="can-2", closed_at=d.now, policy="default"))
    assert d.case.next_closure
    d.do(chooses(RETURN))
    assert d.case.next_closure.data_choice is RETURN
    d = Keeping()
    d.do(ac.PersonalRequest(by="p-csm", kind="access", law="CCPA", received_at=d.now, detail="by mail, ticket 88"))
    d.do(ac.CustomerReturned(by="p-csm"))
    assert "is back since" in d.refused(chooses(RETURN)).sentence


def test_after_the_deletion_there_is_nothing_to_give_back():
    d = Keeping()
    d.after(days=91)
    d.signal(chosen())
    assert "nothing is left to give back" in d.happened("signal_refused")[0]
    assert d.times(Verb.PREPARE_EXPORT) == 0


def test_proof_that_was_wanted_before_goes_along():  # OFFB-26
    d = Keeping()
    d.signal(chosen(DELETE, proof_wanted=True))
    assert d.case.proof_wanted


def test_the_cancellation_hands_the_choice_on_and_tells_a_later_one():
    d = Leaving()
    d.confirmed()
    d.do(cc.ChooseData(choice=RETURN))
    d.work_through(17, skip=("final_message",))
    assert following.retention(d.case, d.now).data_choice is RETURN
    assert "retention" not in told(d)
    d.do(cc.ChooseData(choice=DELETE))
    d.do(cc.ChooseData(choice=DELETE))
    assert told(d).count("retention") == 1
    assert following.wishes(d.case) == ac.DataChosen(case_id="can-1", choice=DELETE)
