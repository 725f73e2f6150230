"""The customer stays after all: everything can be undone until the first closing action, and is (AMB-18)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from rich.console import Console

from cli import cancel_preview, view_case
from cli.cases import Seen
from cli.desk import Names
from cli.exits import Failure
from models import cancellation_commands as cc
from models import commands as c
from models.case import RefusalType
from models.effects import Verb
from models.status import Status
from rules import follow_through, status, summaries
from rules.refusal import Refused
from tests.unit.rules.leaving import START, Leaving

STAYS = cc.Withdraw(by="p-csm", confirmed_by_customer="they wrote so on 25 November")


def after(days: float) -> Leaving:
    d = Leaving()
    d.confirmed()
    d.work_through(days)
    return d


@pytest.mark.parametrize("days", [0.1, 3, 6, 9, 12, 14])
def test_a_customer_can_withdraw_on_every_day_before_the_closing(days):
    d = after(days)
    reduced = d.times(Verb.REDUCE_ACCESS) > 0
    d.do(STAYS)
    d.work_through(2)
    assert d.case.outcome == "saved_after_confirmation"
    assert (d.times(Verb.RESTORE_ACCESS), d.times(Verb.READ_BACK)) == (1 if reduced else 0, 1)
    assert d.times(Verb.STOP_CHARGING) == 0


def test_before_the_confirmation_a_withdrawal_undoes_nothing_but_says_so():
    d = Leaving()
    d.do(STAYS)
    d.work_through(2)
    assert d.case.outcome == "saved"
    assert d.state("withdrawal_confirmed") == "done"


def told(seen: Status) -> str:
    """What a coordinator reads of it on a terminal."""
    console = Console(file=io.StringIO(), width=200)
    console.print(view_case.of_status(Seen(seen), "Acme (acc-1)", Names(()), {}, everything=True))
    return console.file.getvalue()


def test_what_undoes_a_leaving_is_shown_once_it_is_taken_back():  # AMB-18
    d = after(9)
    undone = ("restore_access", "prove_undone", "withdrawal_confirmed")
    before = status.of(d.case, d.now)
    assert not [name for name in undone if name in told(before) or name in summaries.of_case(before)]
    d.do(STAYS)
    assert not [name for name in undone if name not in told(status.of(d.case, d.now))]


def test_a_withdrawn_cancellation_has_no_end_and_no_final_invoice():  # AMB-18, OFFB-18
    d = after(9)
    assert cancel_preview.agreed("acc-1", status.of(d.case, d.now)) == d.case.end_date
    d.do(STAYS, settle=False)
    seen = status.of(d.case, d.now)
    with pytest.raises(Failure) as refused:
        cancel_preview.agreed("acc-1", seen)
    assert "withdrew on 2026-11-25 and stays, so no final invoice is due" in refused.value.sentence
    said = told(seen)
    assert "withdrawn, it came to stage winding_down" in said
    assert "end none, it was 2026-12-01" in said
    assert "first day without the service" not in said


def test_a_withdrawal_needs_the_customers_own_word():
    d = after(1)
    with pytest.raises(Refused) as refused:
        d.do(cc.Withdraw(by="p-csm", confirmed_by_customer=False))
    assert refused.value.kind is RefusalType.EVIDENCE_MISSING


def test_once_the_closing_has_begun_it_is_too_late():
    d = after(14.9)
    assert d.times(Verb.STOP_CHARGING) == 1
    with pytest.raises(Refused) as refused:
        d.do(STAYS)
    assert "too late" in refused.value.sentence
    assert not d.case.withdrawn_at


def test_nobody_withdraws_twice():
    d = after(9)
    d.do(STAYS, settle=False)
    with pytest.raises(Refused) as refused:
        d.do(STAYS)
    assert refused.value.kind is RefusalType.ALREADY_DECIDED


def test_a_reduction_that_is_on_its_way_is_given_back_as_well():
    d = Leaving()
    d.confirmed()
    d.until(START + timedelta(days=6, hours=14))
    d.now = START + timedelta(days=6, hours=15)
    d.case = follow_through.advance(d.case, d.now)
    (reducing,) = d.fly(Verb.REDUCE_ACCESS)
    d.do(STAYS)
    assert d.times(Verb.RESTORE_ACCESS) == 0
    d.lands(reducing)
    d.work_through(2)
    assert d.times(Verb.RESTORE_ACCESS) == 1
    assert d.case.outcome == "saved_after_confirmation"


def test_who_sends_the_last_letter_hears_that_it_was_sent_and_not_that_the_case_is_closed():  # AMB-18
    d = Leaving()
    d.confirmed()
    d.do(cc.Withdraw(confirmed_by_customer=True))
    message = next(m for m in d.case.messages if m.step == "withdrawal_confirmed")
    d.do(c.ReleaseMessage(message_id=message.id, by="p-csm"))
    assert d.case.outcome == "saved_after_confirmation"
    assert [(ask.answered, ask.refusal) for ask in d.case.asks if ask.subject == message.id] == [(True, None)]


def test_a_request_while_a_withdrawal_is_being_undone_is_answered_and_not_swallowed():  # AMB-38
    d = Leaving()
    d.confirmed()
    d.work_through(10)
    d.do(cc.Withdraw(confirmed_by_customer=True))
    assert d.case.outcome is None
    with pytest.raises(Refused) as caught:
        d.do(cc.RequestCancellation(account_id="acc-1", channel="email", requested_by="c-1", request_id="mail-9"))
    assert "the same request opens a new one" in caught.value.sentence
    assert "no receipt goes out until it is given again, with 'received_at'" in caught.value.sentence
    assert len(d.case.requests) == 1
