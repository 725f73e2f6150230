"""What an offer may say, how long it lasts in the customer's calendar, and that no fault of one stops its case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.case import RefusalType
from models.commands import AdoptPlan, CloseSave
from models.concession import Offer, OfferState
from models.effects import Outcome, OutcomeKind, Verb, Word
from models.offer import OfferKind
from rules import follow_through, offer_steps, offering
from tests.unit.rules.offered import answered, decided, diagnosed, proposal, register, said
from tests.unit.rules.plans import failing, world
from tests.unit.rules.test_concessions import refused
from tests.unit.rules.test_offer_carrying import Recovery
from tests.unit.rules.world import START, Drive

NO = Outcome(kind=OutcomeKind.FAILED, reason="the account was settled", permanent=True)


def with_module(name: str) -> Drive:
    d = diagnosed()
    d.do(AdoptPlan(by="p-mgr", playbook=name, reason="they want another way"))
    return d


@pytest.mark.parametrize("details", [{"measure_date": "soon"}, {"improve_by": "soon"}, {"note": "be quick"}])
def test_an_offer_says_nothing_that_its_kind_does_not_ask_for(details: dict[str, str]):
    r = refused(diagnosed(), proposal(details=details))  # SAVE-37
    assert (r.kind, next(iter(details)) in r.sentence) == (RefusalType.ABSURD_FIGURE, True)


def test_a_fault_of_ours_at_an_acceptance_refuses_it_and_harms_nothing(monkeypatch: pytest.MonkeyPatch):
    d = diagnosed()
    said(d, proposal())
    decided(d)

    def broken(*_: Any) -> Any:
        raise ValueError("no date")

    monkeypatch.setattr(offering.offer_steps, "owed_for", broken)
    r = refused(d, answered())
    assert (r.kind, register(d).state) == (RefusalType.INTERNAL_FAULT, OfferState.APPROVED)


@pytest.mark.parametrize("lasts", ["PT1H", "PT23H"])
def test_a_pause_lasts_for_whole_days(lasts: str):
    r = refused(with_module("alternative_solution"), proposal(offer="pause", lasts=lasts))  # PLAY-148
    assert (r.kind, "whole days" in r.sentence) == (RefusalType.ABSURD_FIGURE, True)


def test_news_of_a_closed_case_that_mail_refuses_is_given_up_and_no_more_tried():
    bad = Outcome(kind=OutcomeKind.FAILED, reason="no such mailbox", permanent=True)
    d = diagnosed(around=failing(Verb.APPLY_CONCESSION, 1, NO)(world()))
    billing_is_refused_after_the_close(d, failing(Verb.SEND_DIGEST, 999, bad))
    assert follow_through.is_settled(d.case)
    assert d.case.notices == ()


def test_news_of_a_closed_case_that_mail_holds_back_is_told_when_mail_goes_again():
    held = Outcome(kind=OutcomeKind.HELD, reason="mail is paused", not_before=START + timedelta(hours=9))
    d = diagnosed(around=failing(Verb.APPLY_CONCESSION, 1, NO)(world()))
    billing_is_refused_after_the_close(d, failing(Verb.SEND_DIGEST, 1, held))
    assert not follow_through.is_settled(d.case)
    d.after(hours=12)
    assert ("p-mgr", "offer_1_apply") in [(who, step) for _, who, word, step in d.told() if word == Word.FAILED]
    assert follow_through.is_settled(d.case)


def billing_is_refused_after_the_close(d: Drive, mail: Any) -> None:
    said(d, proposal())
    decided(d)
    d.do(answered(), settle=False)
    standing(d)
    proof = "signed renewal of 3 May, doc 4711"
    d.do(CloseSave(by="p-mgr", outcome="saved_full", notes="they stay", evidence=proof), settle=False)
    d.world = mail(d.world)
    d.settle()


def standing(d: Drive) -> None:
    """The book answers, and nothing else happens."""
    (action,) = d.fly(Verb.LOAD_STANDING)
    d.case = follow_through.record(d.case, action, d.answer(action), d.now)


def test_what_billing_refuses_after_the_close_is_carried_out_by_a_person_in_the_recovery():
    d = diagnosed(around=failing(Verb.APPLY_CONCESSION, 1, NO)(world()))  # SAVE-37, POST-11
    said(d, proposal())
    decided(d)
    d.do(answered(), settle=False)
    standing(d)
    proof = "signed renewal of 3 May, doc 4711"
    d.do(CloseSave(by="p-mgr", outcome="saved_full", notes="they stay", evidence=proof), settle=False)
    assert Verb.START_CASE not in [action.verb for action in follow_through.due(d.case, d.now)]
    d.settle()
    r = Recovery(d)
    assert "offer_1_apply" in r.open_steps()


@pytest.mark.parametrize(
    ("zone", "starts", "lasts", "ends"),
    [
        ("Asia/Kuala_Lumpur", date(2027, 3, 1), "P1M", datetime(2027, 3, 31, 16, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 9, 1), "P90D", datetime(2026, 11, 29, 23, tzinfo=UTC)),
    ],
)
def test_what_is_given_for_a_time_ends_on_the_customers_own_day(zone: str, starts: date, lasts: str, ends: datetime):
    d = diagnosed()  # PLAY-148
    calendar = d.case.account.calendar.model_copy(update={"time_zone": zone})
    case = d.case.model_copy(update={"account": d.case.account.model_copy(update={"calendar": calendar})})
    offer = Offer.model_validate(
        {"id": "offer_1", "offer": "pause", "kind": OfferKind.PAUSE, "title": "A pause", "starts": starts}
    )
    asked = proposal(offer="pause", lasts=lasts)
    assert offer_steps.ends_at(case, offer.model_copy(update={"lasts": asked.lasts})) == ends
