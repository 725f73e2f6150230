"""What binds every concession: the cause, the ladder, four eyes, ties, the cooldown and the budget (SAVE-37..51)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.account import Money
from models.case import RefusalType
from models.commands import DecideApproval, MakeCommitment, RecordRootCause
from models.concession import Standing
from models.effects import Verb
from models.offer_commands import ProposeOffer
from rules import budgets, concessions, rates
from rules.refusal import Refused
from rules.save import commands
from tests.unit.rules.offered import (
    BRIDGE,
    NET60,
    PHASE_IN,
    accepted,
    answered,
    book_says,
    decided,
    diagnosed,
    proposal,
    register,
    said,
)
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.world import START, Drive


def refused(d: Drive, command: Any) -> Refused:
    """The refusal of a command, at once or once the book has spoken; no offer changed by it."""
    before = (d.case.offers, d.case.approvals)
    with pytest.raises(Refused) as caught:
        said(d, command)
    assert (d.case.offers, d.case.approvals) == before
    return caught.value


# --- the cause


def test_nothing_is_offered_before_the_root_cause_is_known():
    r = refused(drive(spec()), proposal())  # SAVE-39
    assert (r.kind, "needs the diagnosis first" in r.sentence) == (RefusalType.ROOT_CAUSE_MISSING, True)


def test_a_cause_that_is_known_without_a_conversation_is_no_diagnosis():
    d = drive(spec())
    d.do(RecordRootCause(by="p-csm", root_cause="budget_cut", whys=("it was cut",)))
    assert refused(d, proposal()).kind is RefusalType.ROOT_CAUSE_MISSING


def test_no_discount_mends_a_relationship_or_a_doubt_about_value():
    d = diagnosed("budget_cut")  # SAVE-47, SAVE-41
    for cause in ("support_quality", "no_roi"):
        case = d.case.model_copy(update={"root_cause": cause})
        with pytest.raises(Refused) as caught:
            commands.apply(case, proposal(), d.now)
        assert caught.value.kind is RefusalType.OFFER_BLOCKED
        assert commands.apply(case, proposal(**NET60), d.now).offers


def test_an_offer_that_the_playbook_does_not_know_is_answered_with_those_that_it_does():
    r = refused(diagnosed(), proposal(offer="half_off"))
    assert r.kind is RefusalType.UNKNOWN_OFFER
    assert "bridge_discount" in r.sentence
    assert "'adopt_plan' may bring those of price_concession" in r.sentence


# --- figures


@pytest.mark.parametrize(
    ("fields", "kind", "word"),
    [
        ({"pct": -10}, RefusalType.ABSURD_FIGURE, "-10 % is no discount"),
        ({"pct": 0}, RefusalType.ABSURD_FIGURE, "0 % is no discount"),
        ({"pct": 140}, RefusalType.ABSURD_FIGURE, "140 % is no discount"),
        ({"lasts": "P0D"}, RefusalType.ABSURD_FIGURE, "cannot last for no time"),
        ({"lasts": "P45D"}, RefusalType.ABSURD_FIGURE, "whole months"),
        ({"lasts": "P7M"}, RefusalType.ABOVE_LIMIT, "lasts for P6M at most"),
        ({"pct": None, "lasts": None}, RefusalType.ABSURD_FIGURE, "needs a rate"),
        ({"offer": "annual_prepay", "pct": 26, "lasts": "P12M"}, RefusalType.ABOVE_LIMIT, "goes up to 25 %"),
        ({"offer": "annual_prepay", "pct": 20, "lasts": "P30M"}, RefusalType.ABSURD_FIGURE, "longer than P24M"),
        ({"pct": None, "schedule": [{"months": "2-3", "pct": 10}]}, RefusalType.ABSURD_FIGURE, "from month 1 on"),
        ({"pct": None, "schedule": [{"months": "3-1", "pct": 10}]}, RefusalType.ABSURD_FIGURE, "from month 1 on"),
        ({"offer": "gradual_increase", "pct": 20, "lasts": "P6M"}, RefusalType.ABSURD_FIGURE, "at least two rates"),
        (NET60 | {"pct": 10}, RefusalType.ABSURD_FIGURE, "has no rate"),
        ({"offer": "core_only"}, RefusalType.ABSURD_FIGURE, "between 1 and 4799999"),
        ({"offer": "core_only", "price": -5}, RefusalType.ABSURD_FIGURE, "between 1 and 4799999"),
        ({"offer": "core_only", "price": 9_900_000}, RefusalType.ABSURD_FIGURE, "between 1 and 4799999"),
        ({"offer": "feature_prioritisation"}, RefusalType.EVIDENCE_MISSING, "delivery_date"),
        (
            {"offer": "feature_prioritisation", "details": {"delivery_date": "2020-01-01"}},
            RefusalType.ABSURD_FIGURE,
            "a day ahead",
        ),
    ],
)
def test_a_figure_that_makes_no_sense_is_refused_with_one_that_would(
    fields: dict[str, Any], kind: RefusalType, word: str
):
    fields = {"tied_to": "reference", **fields} if "offer" in fields else fields
    r = refused(diagnosed(), proposal(**fields))
    assert (r.kind, word in r.sentence) == (kind, True), r.sentence


def test_above_what_anybody_may_approve_nothing_is_offered():
    d = diagnosed()
    rules = d.case.plan.policy.concessions
    cut = rules.model_copy(update={"ladder": rules.ladder[:2]})
    plan = d.case.plan.model_copy(update={"policy": d.case.plan.policy.model_copy(update={"concessions": cut})})
    d.case = d.case.model_copy(update={"plan": plan})
    r = refused(d, proposal(pct=30))
    assert (r.kind, r.sentence) == (RefusalType.ABOVE_LIMIT, "nobody may approve 30 %; the ladder ends at 25 %")


def test_the_headline_decides_and_the_blended_rate_is_shown_beside_it():
    d = diagnosed()  # DIS-12: (3x40 + 3x20) / 12 = 15, and still an executive decides
    answer = said(d, proposal(**PHASE_IN))
    offer = register(d)
    assert (offer.headline_pct, offer.blended_bp) == (40, 1500)
    assert d.case.approvals[0].role == "executive"
    assert "headline 40 %, blended over a year 15 %, costs USD 7,200.00 a year" in answer


@pytest.mark.parametrize(
    ("pct", "role"), [(5, "csm"), (15, "csm"), (16, "cs_manager"), (25, "cs_manager"), (26, "executive")]
)
def test_a_rate_between_two_rungs_takes_the_higher_one(pct: int, role: str):
    assert concessions.rung_of(concessions.rules_of(diagnosed().case), pct).role == role  # SAVE-42..44


def test_an_emergency_needs_its_reason():
    r = refused(diagnosed(), proposal(pct=30))
    assert (r.kind, "needs a 'reason'" in r.sentence) == (RefusalType.EVIDENCE_MISSING, True)


# --- ties


def test_a_price_is_never_given_for_nothing():
    for tie in (None, "friendship"):
        r = refused(diagnosed(), proposal(tied_to=tie))  # SAVE-45
        assert (r.kind, "long_term_commitment" in r.sentence) == (RefusalType.TIE_MISSING, True)


def test_until_we_deliver_names_the_promise():
    d = diagnosed()  # SAVE-38
    tie = {"tied_to": "until_delivery_of_our_commitment", "tie_ref": "promise_1"}
    assert refused(d, proposal(**tie)).kind is RefusalType.TIE_MISSING
    d.do(MakeCommitment(text="The export", owner="p-eng", due=START + timedelta(days=60), source="call", by="p-csm"))
    said(d, proposal(**tie))
    assert (register(d).tied_to, register(d).tie_ref) == (tie["tied_to"], "promise_1")


def test_a_tie_does_not_point_into_the_void():
    r = refused(diagnosed(), proposal(tie_ref="step_9"))
    assert (r.kind, "there is no 'step_9'" in r.sentence) == (RefusalType.TIE_MISSING, True)


# --- four eyes


@pytest.mark.parametrize(
    ("by", "pct", "role"),
    [
        ("p-csm", 10, "cs_manager"),
        ("p-csm", 20, "cs_manager"),
        ("p-csm", 30, "executive"),
        ("p-sales", 10, "csm"),
        ("p-mgr", 10, "executive"),
        ("p-exec", 10, "executive"),
    ],
)
def test_who_proposes_needs_somebody_else_on_the_ladder(by: str, pct: int, role: str):
    d = diagnosed()
    said(d, proposal(by, pct=pct, reason="they would leave today"))
    assert d.case.approvals[0].role == role


def test_a_role_that_the_playbook_names_only_raises_the_rung():
    d = diagnosed()
    outlook = {"recovery_outlook": "a new round closes in March"}
    said(d, proposal(offer="starter_bridge", pct=10, lasts="P6M", tied_to="reference", details=outlook))
    assert d.case.approvals[0].role == "executive"


def test_an_offer_without_a_price_goes_to_the_role_that_the_playbook_names():
    d = diagnosed()
    said(d, proposal(**NET60))
    assert d.case.approvals[0].role == "finance"


def test_nobody_approves_their_own():
    d = diagnosed()
    said(d, proposal("p-exec", pct=30, reason="they would leave"))
    r = refused(d, DecideApproval(approval_id="approval_1", by="p-exec", decision="approved"))
    assert r.kind is RefusalType.SELF_APPROVED


def test_who_stands_below_the_rung_does_not_decide():
    d = diagnosed()
    said(d, proposal(**PHASE_IN))
    r = refused(d, DecideApproval(approval_id="approval_1", by="p-mgr", decision="approved"))
    assert (r.kind, "approval_1 is decided by executive" in r.sentence) == (RefusalType.NOT_ALLOWED, True)


def test_who_stands_above_the_rung_may_decide():
    d = diagnosed()
    said(d, proposal())
    decided(d, by="p-exec")
    assert register(d).state == "approved"


def test_of_two_decisions_the_first_stands_and_the_second_is_told_of_it():
    d = diagnosed()
    said(d, proposal())
    decided(d)
    r = refused(d, DecideApproval(approval_id="approval_1", by="p-exec", decision="refused", reason="too much"))
    assert (r.kind, "was approved by p-mgr" in r.sentence) == (RefusalType.ALREADY_DECIDED, True)


def test_a_refusal_says_why():
    d = diagnosed()
    said(d, proposal())
    r = refused(d, DecideApproval(approval_id="approval_1", by="p-mgr", decision="refused"))
    assert r.kind is RefusalType.EVIDENCE_MISSING


def test_an_unknown_approval_is_answered_with_those_that_wait():
    d = diagnosed()
    said(d, proposal())
    r = refused(d, DecideApproval(approval_id="approval_7", by="p-mgr", decision="approved"))
    assert (r.kind, r.sentence) == (
        RefusalType.UNKNOWN_APPROVAL,
        "there is no approval 'approval_7'; to be decided: approval_1",
    )


# --- cooldown


def test_an_account_that_was_given_a_price_waits_for_the_next_one():
    earlier = Standing(last_accepted=START - timedelta(days=100))
    r = refused(diagnosed(around=book_says(earlier)), proposal())
    assert (r.kind, "from 2027-08-08 on" in r.sentence) == (RefusalType.IN_COOLDOWN, True)


def test_after_the_cooldown_a_price_may_be_offered_again():
    d = diagnosed(around=book_says(Standing(last_accepted=START - timedelta(days=366))))
    said(d, proposal())
    assert [offer.id for offer in d.case.offers] == ["offer_1"]


def test_of_two_offers_in_one_case_the_second_cannot_be_accepted_too():
    d = diagnosed()
    for pct in (10, 12):
        said(d, proposal(pct=pct))
        decided(d, d.case.approvals[-1].id)
    said(d, answered("offer_1"))
    assert refused(d, answered("offer_2")).kind is RefusalType.IN_COOLDOWN


def test_what_is_no_price_knows_no_cooldown():
    d = diagnosed(around=book_says(Standing(last_accepted=START)))
    said(d, proposal(**NET60))
    assert not [action for _, action in d.sent if action.verb is Verb.LOAD_STANDING]


# --- budget


def test_what_is_left_of_the_budget_is_said_before_it_is_spent():
    d = diagnosed()
    assert "of your budget of this quarter USD 15,000.00 are left, USD 12,600.00 with this offer" in said(d, proposal())
    assert "USD 12,600.00 are left" in said(d, proposal(pct=12))


def test_over_the_budget_the_executive_decides():
    d = diagnosed(around=book_says(Standing(spent=(Money(minor=1_400_000),))))
    answer = said(d, proposal())
    assert (d.case.approvals[0].role, "over the budget" in answer) == ("executive", True)


def test_a_declined_offer_costs_no_budget():
    d = diagnosed()
    said(d, proposal())
    decided(d)
    said(d, answered(answer="declined"))
    assert "USD 15,000.00 are left" in said(d, proposal(**PHASE_IN))


def test_another_currency_counts_at_the_rate_of_the_policy_and_one_without_a_rate_asks_the_executive():
    d = diagnosed()
    rate = next(rate for rate in d.case.plan.policy.triage.rates if rate.currency != "USD")
    minor = int(rate.per_unit * 1_000)
    assert budgets.converted(d.case.plan.policy, Money(minor=minor, currency=rate.currency)) == 1_000
    assert budgets.converted(d.case.plan.policy, Money(minor=1, currency="XYZ")) is None
    d = diagnosed(around=book_says(Standing(spent=(Money(minor=1, currency="XYZ"),))))
    said(d, proposal())
    assert d.case.approvals[0].role == "executive"


def test_a_quarter_begins_with_its_first_month():
    for month, first in ((1, 1), (3, 1), (4, 4), (12, 10)):
        at = datetime(2026, month, 17, 5, tzinfo=UTC)
        assert budgets.quarter_start(at) == datetime(2026, first, 1, tzinfo=UTC)


# --- whatever is proposed

anything = st.fixed_dictionaries(
    {
        "by": st.sampled_from(["p-csm", "p-csm2", "p-mgr", "p-exec", "p-sales"]),
        "offer": st.sampled_from(
            ["bridge_discount", "annual_prepay", "starter_bridge", "volume_discount", "phase_in_40_20"]
        ),
        "pct": st.integers(-20, 130),
        "lasts": st.sampled_from(["P1M", "P3M", "P6M", "P12M", "P40M", "P10D"]),
        "tied_to": st.sampled_from([None, "reference", "friendship"]),
        "reason": st.sampled_from(["", "they would leave today"]),
        "details": st.just({"recovery_outlook": "a new round closes in March"}),
    }
)


@settings(max_examples=60)
@given(anything, st.sampled_from(["p-csm", "p-csm2", "p-mgr", "p-exec", "p-sales", "p-pm"]))
def test_nobody_approves_their_own_and_nobody_above_their_rung(fields: dict[str, Any], decider: str):
    d = diagnosed()
    try:
        said(d, ProposeOffer.model_validate(fields))
    except Refused:
        assert d.case.offers == ()
        return
    offer, approval = d.case.offers[0], d.case.approvals[0]
    ladder = [rung.role for rung in d.case.plan.policy.concessions.ladder]
    assert 0 < offer.headline_pct <= 100
    assert offer.blended_bp <= offer.headline_pct * 100
    assert offer.tied_to == "reference"
    assert ladder.index(approval.role) >= ladder.index(
        concessions.rung_of(concessions.rules_of(d.case), offer.headline_pct).role
    )
    try:
        decided(d, by=decider)
    except Refused:
        return
    assert decider != offer.proposed_by
    assert ladder.index("executive" if decider == "p-exec" else "cs_manager" if decider == "p-mgr" else "csm") >= (
        ladder.index(approval.role)
    )


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 100)), min_size=1, max_size=4), st.integers(0, 10**9))
def test_what_it_costs_lies_between_nothing_and_its_headline(steps: list[tuple[int, int]], arr: int):
    months, terms = 0, []
    for length, pct in steps:
        terms.append(rates.PriceTerm(pct=pct, first=months + 1, last=months + length))
        months += length
    cost = rates.yearly_cost(tuple(terms), Money(minor=arr)).minor
    monthly = [next((t.pct for t in terms if t.first <= month <= t.last), 0) for month in range(1, 13)]
    assert abs(cost - arr * sum(monthly) / 1200) <= 1
    assert 0 <= cost <= arr * rates.headline(tuple(terms)) / 100 + 1


def test_the_bridge_is_what_the_tests_think_it_is():
    offer = accepted(diagnosed())
    assert (offer.headline_pct, offer.blended_bp, offer.cost_per_year) == (BRIDGE["pct"], 500, Money(minor=240_000))


def test_whoever_approves_a_price_is_asked_to_judge_what_the_software_cannot():
    d = diagnosed()  # SAVE-40, SAVE-41
    said(d, proposal())
    told = [
        line.subject for _, a in d.sent for line in a.lines if "p-mgr" in a.recipients and line.step == "approval_1"
    ]
    for asked in ("only testing your limits", "precedent", "economics work"):
        assert any(asked in line for line in told)
        assert asked in d.case.spec("approval_1").evidence.what
    said(d, proposal(**NET60))
    assert "judge" not in d.case.spec("approval_2").evidence.what
