"""Whoever puts their decision off twice is asked once, and nothing of the first time is lost (CONV-23, SAVE-29)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import CaseKind, Sibling
from models.commands import MakeCommitment, RecordRootCause
from models.starts import CarriedCommitment, DeferralStart, KnownBefore, SaveStart, TakeOver
from models.step import StepState
from rules import deferring
from tests.unit.rules.offered import BRIDGE, accepted, diagnosed
from tests.unit.rules.test_save_commands import close, contact
from tests.unit.rules.world import START, Drive

DECIDES = START + timedelta(days=40)
FOUND = KnownBefore(
    playbook="budget_economic",
    root_cause="budget_cut",
    whys=("it was cut",),
    stated_reason="too dear",
    remarks=("phone of 2026-11-16: ask again in May",),
)


def promised(name: str, title: str) -> CarriedCommitment:
    return CarriedCommitment(id=name, title=title, owner="p-eng", due=DECIDES)


def deferral(case_id: str, **fields: object) -> DeferralStart:
    at = {"account_id": "acc-1", "save_case_id": case_id, "decides_at": DECIDES, "opened_by": "p-csm"}
    return DeferralStart.model_validate(at | fields)


def handed_on(d: Drive) -> DeferralStart:
    """What a save that is put off now hands on to the day."""
    d.do(close("deferred", decision_date=DECIDES))
    start = deferring.start_of(d.case, Sibling(kind=CaseKind.DEFERRAL, at=d.now, by="p-csm"))
    return DeferralStart.model_validate_json(start.model_dump_json())


def test_the_later_one_carries_on_what_the_earlier_one_still_carried():  # SAVE-29
    earlier = deferring.parked(deferral("case-1", commitments=(promised("promise_1", "the export"),), known=FOUND))
    later = deferral("case-2", commitments=(promised("promise_1", "a call a week"),), earlier=earlier)
    merged = deferring.merged(later)
    assert [(one.id, one.title) for one in merged.commitments] == [
        ("promise_1", "a call a week"),
        ("promise_2", "the export"),
    ]
    assert merged.known == FOUND
    again = Drive(deferring.save_start(merged, DECIDES), at=DECIDES)
    assert {one.title for one in again.case.commitments} == {"a call a week", "the export"}
    assert again.case.root_cause == "budget_cut"


def test_an_offer_in_force_is_carried_on_too_with_the_promise_that_it_is_tied_to():  # SAVE-29, T-BRIDGE
    first = diagnosed()
    first.do(MakeCommitment(text="The export", owner="p-eng", due=DECIDES, source="call", by="p-csm"))
    accepted(first, **BRIDGE | {"tied_to": "until_delivery_of_our_commitment", "tie_ref": "promise_1"})
    earlier = deferring.parked(handed_on(first))
    second = diagnosed()
    second.do(MakeCommitment(text="A call a week", owner="p-csm", due=DECIDES, source="call", by="p-csm"))
    merged = deferring.merged(handed_on(second).model_copy(update={"save_case_id": "case-2", "earlier": earlier}))
    (carried,) = merged.offers
    assert (carried.offer.carried_from, carried.offer.tie_ref) == ("case-1", "promise_2")
    again = Drive(deferring.save_start(merged, DECIDES), at=DECIDES)
    step = again.case.step("offer_1_return")
    assert step is not None
    assert step.state is StepState.WAITING


@pytest.mark.parametrize("case_id", ["case-1", "case-2"])
def test_what_it_took_over_before_counts_once(case_id: str):
    earlier = TakeOver(case_id=case_id, commitments=(promised("promise_1", "the export"),))
    later = deferral("case-2", taken_over=("case-1",), earlier=earlier)
    assert deferring.merged(later).commitments == ()


def test_a_save_that_took_over_says_from_which_case():
    d = Drive()
    d.signal(TakeOver(case_id="case-0", commitments=(promised("promise_1", "the export"),)))
    d.do(contact())
    handed = handed_on(d)
    assert (handed.taken_over, [one.title for one in handed.commitments]) == (("case-0",), ["the export"])


def test_what_the_first_save_heard_is_still_known_after_the_second_deferral():  # CONV-21, CONV-23
    d = Drive()
    d.signal(TakeOver(case_id="case-0", known=FOUND))
    d.do(contact())
    known = handed_on(d).known
    assert known is not None
    assert FOUND.remarks[0] in known.remarks
    assert not any(remark.startswith("it goes on from") for remark in known.remarks)


# --- a save that is opened by hand before the day


def by_hand(playbook: str | None = None) -> Drive:
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="they called", playbook=playbook))
    d.signal(TakeOver(case_id="case-0", known=FOUND))
    return d


def test_a_save_that_is_opened_by_hand_knows_what_was_found_out():  # CONV-21, CONV-23
    d = by_hand()
    assert (d.case.root_cause, d.case.whys, d.case.stated_reason) == ("budget_cut", ("it was cut",), "too dear")
    assert d.case.plan.name == "budget_economic"
    said = [event.text for event in d.case.timeline if event.kind == "known_before"]
    assert said[0] == "it goes on from save case case-0"
    assert FOUND.remarks[0] in said
    d.do(contact())
    assert d.case.stage == "diagnosed"


def test_the_playbook_that_somebody_chose_for_it_stays():
    assert by_hand("competitive_threat").case.plan.name == "competitive_threat"


def test_the_cause_that_it_recorded_itself_stays():
    d = Drive(SaveStart(account_id="acc-1", opened_by="p-csm", reason="they called"))
    d.do(contact())
    d.do(RecordRootCause(by="p-csm", root_cause="no_roi", whys=("nobody counted",)))
    d.signal(TakeOver(case_id="case-0", known=FOUND))
    assert (d.case.root_cause, d.case.whys, d.case.plan.name) == ("no_roi", ("nobody counted",), "value_roi")
    assert any(event.text == FOUND.remarks[0] for event in d.case.timeline)


def test_a_cause_that_is_none_any_more_counts_for_nothing():
    d = Drive()
    d.signal(TakeOver(case_id="case-0", known=KnownBefore(root_cause="bad_luck")))
    assert d.case.root_cause is None
    assert any("'bad_luck' is no root cause here" in event.text for event in d.case.timeline)


def test_it_is_learnt_once():
    d = by_hand()
    d.signal(TakeOver(case_id="case-0", known=FOUND))
    assert [event.text for event in d.case.timeline].count(FOUND.remarks[0]) == 1


# --- its beginning


def test_a_save_that_a_deferral_opens_begins_where_the_clock_of_the_deferral_stands():  # CONV-23
    start = deferring.save_start(deferral("case-1"), DECIDES)
    d = Drive(start)  # on the clock of the wall, forty days behind
    assert (d.case.opened_at, d.case.plan) == (DECIDES, None)
    d.until(DECIDES)
    call = d.case.step("contact_call")
    assert call is not None
    assert DECIDES < call.due <= DECIDES + timedelta(hours=48)
    assert not [word for _, _, word, _ in d.told() if word == "overdue"]


def test_where_the_clock_is_past_it_the_save_begins_at_once():
    d = Drive(deferring.save_start(deferral("case-1"), DECIDES), at=DECIDES + timedelta(seconds=2))
    assert d.case.opened_at == DECIDES + timedelta(seconds=2)
