"""What an offer may say, how long it lasts in the customer's calendar, and that no fault of one stops its case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.case import RefusalType
from models.commands import AdoptPlan, CloseSave, DecideApproval, MakeCommitment, TagStatement
from models.concession import Offer, OfferState
from models.effects import Outcome, OutcomeKind, Verb, Word
from models.offer import OfferKind
from models.promise import PromiseKind, PromiseState
from rules import concessions, follow_through, offer_steps, offering
from rules.refusal import Refused
from tests.unit.rules.offered import PHASE_IN, answered, decided, diagnosed, proposal, register, said
from tests.unit.rules.plans import failing, world
from tests.unit.rules.test_concessions import refused
from tests.unit.rules.test_offer_carrying import Recovery
from tests.unit.rules.world import START, Drive, away

FALLING = [{"months": "1-3", "pct": 40}, {"months": "4-6", "pct": 20}]
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
    r = refused(diagnosed(), proposal(offer="pause", lasts=lasts))  # PLAY-148
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


# --- what may be asked for, and who decides


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (PHASE_IN | {"schedule": [{"months": "1-23", "pct": 40}, {"months": "24", "pct": 1}]}, RefusalType.ABOVE_LIMIT),
        (
            PHASE_IN | {"schedule": [{"months": "1-3", "pct": 40}, {"months": "4-7", "pct": 20}]},
            RefusalType.ABOVE_LIMIT,
        ),
        (
            PHASE_IN | {"schedule": [{"months": "1-3", "pct": 40}, {"months": "4-6", "pct": 21}]},
            RefusalType.ABOVE_LIMIT,
        ),
        ({"price": -5}, RefusalType.ABSURD_FIGURE),
        (PHASE_IN | {"pct": 99, "schedule": FALLING}, RefusalType.ABSURD_FIGURE),
    ],
)
def test_a_schedule_stays_month_by_month_within_that_of_the_playbook(fields: dict[str, Any], kind: RefusalType):
    assert refused(diagnosed(), proposal(**fields)).kind is kind  # DIS-12


def test_a_feature_is_put_first_only_by_those_who_build_it():
    d = diagnosed()  # DIS-31
    said(d, proposal(offer="feature_prioritisation", details={"delivery_date": "2027-03-01"}))
    decide = DecideApproval(approval_id="approval_1", by="p-mgr", decision="approved")
    assert refused(d, decide).kind is RefusalType.NOT_ALLOWED
    decided(d, by="p-eng")
    said(d, answered())
    assert (d.case.commitments[0].kind, d.case.commitments[0].owner) == (PromiseKind.ROADMAP, "p-eng")


def test_a_deputy_decides_only_while_the_holder_is_away():
    d = diagnosed()  # SAVE-44
    said(d, proposal())
    seats = [s.model_copy(update={"deputy": "p-sup"}) if s.role == "cs_manager" else s for s in d.case.team.seats]
    d.case = d.case.model_copy(update={"team": d.case.team.model_copy(update={"seats": tuple(seats)})})
    decide = DecideApproval(approval_id="approval_1", by="p-sup", decision="approved")
    assert refused(d, decide).kind is RefusalType.NOT_ALLOWED
    d.case = away(d.case, "p-mgr", START, START + timedelta(days=2))
    decided(d, by="p-sup")
    assert register(d).state == "approved"


def test_nothing_is_placed_after_a_no_that_came_while_the_book_was_asked():
    d = diagnosed()  # CONV-20
    code = next(one.code for one in d.case.plan.policy.statements if one.says_no)
    d.do(proposal(), settle=False)
    d.do(TagStatement(by="p-csm", code=code, quote="we have decided to leave"), settle=False)
    d.settle()
    assert d.case.offers == ()
    assert d.case.asks[-1].refusal is RefusalType.OFFER_BLOCKED


def test_a_price_for_next_to_nothing_needs_the_top_of_the_ladder():
    d = diagnosed()  # SAVE-48
    said(d, proposal(offer="core_only", price=1))
    assert d.case.approvals[0].role == "executive"
    said(d, proposal(offer="core_only", price=2_800_000))
    assert d.case.approvals[1].role == "cs_manager"


def test_a_tie_to_a_delivery_names_a_promise_that_is_still_owed():
    d = diagnosed()  # SAVE-45
    d.do(MakeCommitment(text="Export", owner="p-pm", due=START + timedelta(days=9), source="call", by="p-csm"))
    tied = {"tied_to": "until_delivery_of_our_commitment", "tie_ref": "promise_1"}
    kept = d.case.commitments[0].model_copy(update={"state": PromiseState.DONE})
    with pytest.raises(Refused) as caught:
        concessions.check_tie(d.case.model_copy(update={"commitments": (kept,)}), proposal(**tied))
    assert caught.value.kind is RefusalType.TIE_MISSING
    concessions.check_tie(d.case, proposal(**tied))


def test_a_day_that_passed_before_the_answer_is_no_day_of_the_offer():
    d = with_module("contract_flexibility")  # PLAY-143
    details = {"metric": "weekly users", "target": "40", "measure_date": "2026-11-20"}
    said(d, proposal(offer="performance_guarantee", details=details))
    decided(d)
    d.until(START + timedelta(days=5))
    r = refused(d, answered())
    assert (r.kind, "'measure_date' is a day ahead" in r.sentence) == (RefusalType.ABSURD_FIGURE, True)
