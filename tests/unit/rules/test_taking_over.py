"""A case that is open already takes over what another one of the account still owed (SAVE-29, POST-7, POST-11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import CaseKind, Sibling
from models.commands import AddStep, MakeCommitment
from models.effects import BILLING_VERBS
from models.plan import When
from models.starts import CarriedStep, RecoveryStart, TakeOver
from models.step import StepState
from rules import carrying
from rules.edit import put_steps
from rules.recovery import signals as recovery_signals
from rules.save import signals as save_signals
from rules.taking_over import named_anew
from tests.unit.rules.offered import BRIDGE, accepted, diagnosed
from tests.unit.rules.test_offer_carrying import Recovery, won
from tests.unit.rules.world import START, Drive

SOON = START + timedelta(days=20)


def promised(what: str = "Bulk export") -> Drive:
    """A save in which a discount is in force and something is promised."""
    d = diagnosed()
    accepted(d, **BRIDGE)
    d.do(MakeCommitment(text=what, owner="p-pm", due=SOON, source="call", by="p-csm"))
    return d


def owed(d: Drive, case_id: str) -> TakeOver:
    """What a save that was won hands on, as it travels."""
    start = carrying.recovery_start(d.case, Sibling(kind=CaseKind.RECOVERY, at=d.now))
    return TakeOver(case_id=case_id, commitments=start.commitments, offers=start.offers, steps=start.steps)


def second_win() -> tuple[Recovery, TakeOver]:
    """A recovery with a promise and an offer of its own, and what a second save of the account owes under the same ids."""
    running, other = won(promised()), promised("Single sign-on")
    return running, TakeOver.model_validate_json(owed(other, "case-2").model_dump_json())


def test_a_second_win_adds_its_promises_and_offers_to_the_recovery_that_runs():
    r, given = second_win()
    r.case = recovery_signals.receive(r.case, given, r.now)
    r.settle()
    assert {one.id: one.title for one in r.case.commitments} == {
        "promise_1": "Bulk export",
        "promise_2": "Single sign-on",
    }
    assert r.case.step("promise_2").state is StepState.OPEN
    assert {one.id: one.carried_from for one in r.case.offers} == {"offer_1": "case-1", "offer_2": "case-2"}
    assert r.case.step("offer_2_return").state is StepState.WAITING
    assert not [action for _, action in r.sent if action.verb in BILLING_VERBS]


def test_what_was_heard_before_is_taken_over_once():
    r, given = second_win()
    for _ in range(3):
        r.case = recovery_signals.receive(r.case, given, r.now)
        r.settle()
    assert len(r.case.commitments) == len(r.case.offers) == 2


def test_what_a_recovery_was_opened_with_is_not_taken_over_again():
    d = promised()
    r = won(d)
    before = r.case
    r.case = recovery_signals.receive(r.case, owed(d, "case-1"), r.now)
    assert (r.case.commitments, r.case.offers) == (before.commitments, before.offers)


def test_a_relapse_into_a_save_that_is_open_adds_what_the_recovery_owed():
    d, r = promised("Audit log"), won(promised())
    start = carrying.save_start(r.case, Sibling(kind=CaseKind.SAVE, at=r.now, by="p-csm", reason="relapse"))
    given = TakeOver(case_id="rec-1", commitments=start.commitments, offers=start.offers)
    d.case = save_signals.receive(d.case, given, d.now)
    d.settle()
    assert [one.title for one in d.case.commitments] == ["Audit log", "Bulk export"]
    assert d.case.step("promise_2").state is StepState.OPEN
    assert {one.id: one.carried_from for one in d.case.offers} == {"offer_1": "", "offer_2": "rec-1"}


def test_before_the_plan_is_there_it_waits_for_the_plan():
    d, other = promised(), promised("Single sign-on")
    start = carrying.recovery_start(d.case, Sibling(kind=CaseKind.RECOVERY, at=d.now))
    from rules.recovery import lifecycle

    case = lifecycle.opened(RecoveryStart.model_validate_json(start.model_dump_json()), "rec-1", d.now)
    case = recovery_signals.receive(case, owed(other, "case-2"), d.now)
    assert [one.id for one in case.commitments] == ["promise_1", "promise_2"]
    r = won(d)
    r.case = case
    r.settle()
    assert r.case.step("promise_2").state is StepState.OPEN
    assert {one.id for one in r.case.offers} == {"offer_1", "offer_2"}


@pytest.mark.parametrize(
    ("ids", "taken", "names"),
    [
        (["promise_1"], [], ["promise_1"]),
        (["promise_1"], ["promise_1"], ["promise_2"]),
        (["promise_1", "promise_2"], ["promise_1"], ["promise_2", "promise_3"]),
        (["follow_up"], ["follow_up"], ["follow_up_1"]),
    ],
)
def test_an_id_that_is_taken_is_named_anew_and_no_two_meet(ids: list[str], taken: list[str], names: list[str]):
    assert list(named_anew(ids, taken).values()) == names


def test_a_promise_never_goes_under_the_name_of_a_step_that_somebody_added():
    r, given = second_win()
    r.do(AddStep(step_id="promise_2", title="Call the CFO", owner="csm", due=SOON, by="p-mgr", reason="as agreed"))
    r.case = recovery_signals.receive(r.case, given, r.now)
    r.settle()
    assert [one.id for one in r.case.commitments] == ["promise_1", "promise_3"]
    assert r.case.step("promise_3").state is StepState.OPEN


def test_a_second_follow_up_of_day_thirty_is_owed_by_itself_once_the_check_in_is_over():  # DIS-23
    r, given = second_win()
    late = CarriedStep(
        spec=r.case.spec("touchpoint").model_copy(
            update={"id": "day30_followup", "title": "Day 30", "recur": None, "until": None, "due": When()}
        ),
        opens=r.now + timedelta(days=40),
        due=r.now + timedelta(days=60),
        within="check_in_30",
    )
    r.after(days=29)
    over = {"state": StepState.SKIPPED, "ended_at": r.now}
    r.case = put_steps(r.case, r.case.step("check_in_30").model_copy(update=over))
    r.case = recovery_signals.receive(r.case, given.model_copy(update={"steps": (late,)}), r.now)
    r.settle()
    assert r.case.step("day30_followup_1").due == late.due
