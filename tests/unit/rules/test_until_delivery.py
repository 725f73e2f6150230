"""What an offer gives until a promise is delivered: where that moves, its end is not left behind (SAVE-38, SAVE-45)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from models.case import Case
from models.commands import MakeCommitment, RescheduleStep
from models.effects import Verb
from models.step import Step, StepState
from tests.unit.rules.offered import accepted, diagnosed, register
from tests.unit.rules.world import START, Drive

DUE = START + timedelta(days=60)
TIED: dict[str, Any] = {"tied_to": "until_delivery_of_our_commitment", "tie_ref": "promise_1"}
SERVICE: dict[str, Any] = {"offer": "upgraded_service", "lasts": "P2M"}


def promised() -> Drive:
    d = diagnosed()
    d.do(MakeCommitment(text="The export", owner="p-eng", due=DUE, source="call", by="p-csm"))
    return d


def moved(d: Drive, due: datetime) -> None:
    d.do(
        RescheduleStep(
            step_id="promise_1", due=due, reason="the test took longer", consent="email 88: they agree", by="p-csm"
        )
    )


def step(case: Case, step_id: str) -> Step:
    found = case.step(step_id)
    assert found is not None
    return found


def test_an_end_on_delivery_is_where_the_promise_is():  # SAVE-38
    d = promised()
    accepted(d, **SERVICE | TIED)
    moved(d, DUE + timedelta(days=90))
    (told,) = [event.by for event in d.case.timeline if event.kind == "rescheduled" and event.step == "offer_1_end"]
    assert told == "p-csm"
    assert step(d.case, "offer_1_end").due == register(d).ends_at == DUE + timedelta(days=90)
    d.until(DUE + timedelta(days=70))
    assert step(d.case, "offer_1_end").state is StepState.WAITING
    d.until(DUE + timedelta(days=77))
    assert step(d.case, "offer_1_end").state is StepState.OPEN


def test_an_end_that_was_opened_already_stays_open_at_its_new_day():
    d = promised()
    accepted(d, **SERVICE | TIED)
    d.until(START + timedelta(days=55))
    assert step(d.case, "offer_1_end").state is StepState.OPEN
    moved(d, DUE + timedelta(days=90))
    assert (step(d.case, "offer_1_end").state, step(d.case, "offer_1_end").due) == (
        StepState.OPEN,
        DUE + timedelta(days=90),
    )
    assert [m.now for m in step(d.case, "offer_1_end").moves] == [DUE + timedelta(days=90)]


def test_an_offer_that_is_tied_to_something_else_keeps_its_end():
    d = promised()
    end = accepted(d, **SERVICE, tied_to="reference").ends_at
    moved(d, DUE + timedelta(days=90))
    assert register(d).ends_at == end == step(d.case, "offer_1_end").due


def test_a_price_that_billing_ends_before_the_new_date_is_decided_on_at_once():  # SAVE-45, SAVE-49
    d = promised()
    end = accepted(d, **TIED).ends_at
    assert end is not None
    assert step(d.case, "offer_1_return").state is StepState.WAITING
    moved(d, end - timedelta(days=1))
    assert step(d.case, "offer_1_return").state is StepState.WAITING
    moved(d, end + timedelta(days=30))
    assert (step(d.case, "offer_1_return").state, step(d.case, "offer_1_return").due) == (StepState.OPEN, end)
    assert register(d).ends_at == end
    (said,) = [event.text for event in d.case.timeline if event.kind == "price_ends_before_delivery"]
    assert "decide with the customer what bridges it" in said
    assert [action.verb for _, action in d.sent].count(Verb.APPLY_CONCESSION) == 1
