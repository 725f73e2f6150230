"""What a letter may say of money: what was paid back, what will be, what is owed, and what ending early costs."""

from __future__ import annotations

from datetime import date

import pytest

from models import cancellation_commands as cc
from models.account import ContractTerms, MidTerm, Money
from models.calendar import Offset
from models.cancellation import DataChoice
from models.effects import Outcome, OutcomeKind, Verb
from models.leaving_facts import LeavingFacts
from models.step import EvidenceItem
from rules.cancellation import letters
from tests.unit.rules.leaving import FIGURES, Leaving, company

BACK = Money(minor=1200)
FEE = Money(minor=1_650_00)
EARLY = ContractTerms(term_ends=date(2028, 1, 1), mid_term=MidTerm.WITH_FEE, early_termination_fee=FEE)


def figures(**changed: str):
    """A company whose preview of the final invoice has these figures."""

    def answers(case, action):
        if action.verb is not Verb.PREVIEW_INVOICE:
            return company()(case, action)
        items = FIGURES[Verb.PREVIEW_INVOICE] | changed
        return Outcome(receipt="r", proof=tuple(EvidenceItem(content=n, text=t) for n, t in items.items()))

    return answers


def no_refunds(case, action):
    if action.verb is Verb.REFUND:
        return Outcome(kind=OutcomeKind.FAILED, reason="the bank refuses it", permanent=True)
    return company()(case, action)


def closed(world) -> Leaving:
    d = Leaving()
    d.world = world
    d.confirmed()
    d.work_through(17, skip=("refund", "collect_balance"))
    return d


def said(d: Leaving, step_id: str = "closure_confirmation") -> LeavingFacts:
    step = d.case.step(step_id)
    assert step is not None
    found = letters.facts(d.case, step)
    assert found is not None
    return found


def test_paid_back_is_said_once_it_was_paid_back():  # OFFB-19, TMPL-44
    d = closed(company())
    facts = said(d)
    assert (facts.refund, facts.refund_owed, facts.refund_by) == (BACK, None, None)
    paid = d.case.step("refund")
    assert paid and paid.ended_at and facts.refunded_on == paid.ended_at.date()


def test_what_the_customer_chose_for_their_data_is_told_with_the_day_of_its_deletion():  # OFFB-23, TMPL-45
    d = Leaving()
    d.confirmed()
    assert said(d, "receipt").data_back is False
    d.do(cc.ChooseData(by="p-csm", choice=DataChoice.RETURN))
    assert said(d, "receipt").data_back is True


def test_a_refund_that_failed_is_still_to_be_paid_by_its_day():  # OFFB-19, OFFB-22
    d = closed(no_refunds)
    assert (d.state("refund"), d.state("closure_confirmation")) == ("open", "done")
    facts = said(d)
    assert (facts.refund, facts.refund_owed) == (None, BACK)
    due = d.case.step("refund")
    assert due and due.due and facts.refund_by == due.due.date()


@pytest.mark.parametrize(
    "figures_", [{"refund_rest": "300"}, {"refund": "0", "refund_invoice": "", "refund_rest": "1500"}]
)
def test_what_two_invoices_prepaid_is_paid_back_by_a_person_and_all_of_it_is_told(figures_):  # OFFB-19
    d = closed(figures(**figures_))
    assert (d.times(Verb.REFUND), d.state("refund")) == (0, "open")
    assert said(d).refund_owed == Money(minor=1500)
    d.done("refund")
    assert said(d).refund == Money(minor=1500)


def test_a_day_that_has_passed_is_not_promised():  # OFFB-19
    d = closed(no_refunds)
    step = d.case.step("closure_confirmation")
    refund = d.case.step("refund")
    assert step and refund and refund.due
    facts = letters.facts(d.case, step.model_copy(update={"opened_at": refund.due.replace(year=2027)}))
    assert facts and (facts.refund_owed, facts.refund_by) == (BACK, None)


def test_where_nothing_was_prepaid_nothing_is_said_of_it():  # OFFB-22
    facts = said(closed(figures(refund="0", refund_invoice="")))
    assert (facts.refund, facts.refund_owed, facts.balance) == (None, None, None)


def test_what_is_still_unpaid_is_named_with_its_day_until_it_is_collected():  # AMB-22, OFFB-20, OFFB-42
    d = closed(figures(refund="0", refund_invoice="", balance="8800"))
    for letter in ("closure_confirmation", "final_message"):
        assert (said(d, letter).balance, said(d, letter).balance_by) == (Money(minor=8800), date(2026, 12, 14))
    d.done("collect_balance")
    assert said(d).balance is None


@pytest.mark.parametrize("waiver", ["", "hardship: they lost their plant"])
def test_what_ending_early_costs_is_named_with_the_end_unless_it_was_waived(waiver):  # CANC-46, CANC-47
    d = Leaving(company(contract=EARLY))
    d.confirmed()
    d.case = d.case.model_copy(update={"waiver": waiver})
    facts = said(d, "plan_letter")
    assert (facts.fee, facts.fee_before) == ((None, None) if waiver else (FEE, date(2028, 1, 1)))


def test_who_may_not_end_so_soon_is_told_what_the_earliest_day_costs():  # CANC-46
    terms = EARLY.model_copy(update={"notice": Offset(days=60)})
    d = Leaving(company(contract=terms), requested_exit_date="2026-12-01")
    assert d.state("date_answer") == "open"
    assert said(d, "date_answer").fee == FEE
    assert said(d, "date_answer").fee_before == date(2028, 1, 1)
