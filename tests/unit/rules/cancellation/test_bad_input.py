"""What goes wrong around a cancellation: a typed refusal, or a person is asked; nothing lost, nobody asked twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models import cancellation_commands as cc
from models import commands as c
from models.case import Case, RefusalType
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.people import Seat
from models.step import StepState
from rules.cancellation import letters, lifecycle
from rules.cancellation.readers import reader
from rules.refusal import Refused
from tests.unit.rules.leaving import Leaving, company


def refused(d: Leaving, command: object) -> Refused:
    before = d.case
    with pytest.raises(Refused) as caught:
        d.do(command)
    assert d.case == before  # the case is unharmed
    return caught.value


def left(**account: object) -> Leaving:
    d = Leaving(company(**account))
    d.confirmed()
    return d


def failing(verb: Verb, reason: str) -> object:
    def world(case: Case, action: Action) -> Outcome:
        wrong = Outcome(kind=OutcomeKind.FAILED, error_type="BillingRefused", reason=reason, permanent=True)
        return wrong if action.verb is verb else company()(case, action)

    return world


def test_a_refund_that_failed_is_a_step_of_finance_and_nobody_is_asked_twice():  # OFFB-19
    d = left()
    d.world = failing(Verb.REFUND, "at most 0 minor units of USD can still be paid back")  # type: ignore[assignment]
    d.work_through(20, skip=("refund",))
    step, spec = d.case.step("refund"), d.case.spec("refund")
    assert step and spec and step.automatic_failed and step.state is StepState.OPEN
    assert (spec.owner, d.times(Verb.REFUND)) == ("finance", 1)
    assert [word for _, _, word, of in d.told() if of == "refund" and word == "failed"] == ["failed"]
    assert d.state("closure_confirmation") == "done"  # leaving waits for no money
    assert d.case.outcome is None  # but the case stays open until somebody paid it back
    d.done("refund")
    d.work_through(10)
    assert (d.case.outcome, d.times(Verb.REFUND)) == ("left", 1)


def test_an_account_closed_here_and_billed_there_goes_before_a_person():  # OFFB-22
    d = left()
    d.world = failing(Verb.READ_BACK, "billing still shows the subscription as active")  # type: ignore[assignment]
    d.work_through(18, skip=("read_back",))
    step = d.case.step("read_back")
    assert step and step.automatic_failed and step.person
    assert d.state("closure_confirmation") == "waiting"  # no proof, no confirmation
    assert any("billing still shows" in text for text in d.happened("step_manual"))
    assert sum(word == "failed" for _, _, word, of in d.told() if of == "read_back") == 1


def test_a_withdrawal_after_the_closing_began_is_refused_and_says_what_is_possible():  # AMB-18
    d = left()
    d.work_through(15.5, skip=("learnings",))
    found = refused(d, cc.Withdraw(confirmed_by_customer=True))
    assert found.kind is RefusalType.ILLEGAL_MOVE
    assert "can come back with a new subscription" in found.sentence


def test_a_withdrawal_after_the_case_closed_is_refused_as_closed():
    d = left()
    d.work_through(30)
    assert refused(d, cc.Withdraw(confirmed_by_customer=True)).kind is RefusalType.CASE_CLOSED


def test_a_request_after_the_account_left_says_since_when_and_what_to_do():  # AMB-38
    d = left()
    d.work_through(30)
    again = cc.RequestCancellation(account_id="acc-1", channel="email", request_id="mail-9")
    found = refused(d, again)
    assert found.kind is RefusalType.CASE_CLOSED
    assert "is closed since" in found.sentence


def test_a_third_save_attempt_is_refused_and_the_cancellation_goes_on():  # CANC-41
    d = Leaving(company(strategic=True))
    d.release("acknowledgement")
    d.validate("missing_feature")
    for _ in range(2):
        d.release("save_invitation")
        d.do(cc.AnswerSaveInvitation(accepted=True, words="gladly"))
        if len(d.case.invitations) < 2:
            d.do(cc.InviteToTalk(by="p-mgr", reason="the feature is there now"))
    found = refused(d, cc.InviteToTalk(by="p-exec", reason="once more"))
    assert found.kind is RefusalType.ATTEMPT_LIMIT
    assert "2 save attempts" in found.sentence
    d.confirm()
    d.work_through(20)
    assert d.case.stage == "deactivated"


def test_who_asked_is_not_asked_whether_they_may():  # CANC-11
    d = Leaving(company(may_cancel=("c-2", "c-3")), requested_by="c-9")
    assert (d.state("check_requester"), d.state("find_authority")) == ("open", "skipped")
    step = d.case.step("check_requester")
    assert step and reader(d.case, step) == "c-2"
    acknowledged = d.case.step("acknowledgement")
    assert acknowledged and reader(d.case, acknowledged) == "c-9"


def test_where_nobody_is_listed_a_person_finds_out_who_may_cancel():  # CANC-11
    d = Leaving(company(may_cancel=()), requested_by="c-9")
    assert (d.state("check_requester"), d.state("find_authority")) == ("skipped", "open")
    d.release("acknowledgement")
    d.validate("firm_decision")
    assert "find_authority" in refused(d, cc.Confirm(by="p-csm")).sentence
    d.done("find_authority")
    d.confirm()
    assert d.case.end_date


def test_sales_leave_a_case_whose_customer_wants_no_sales_conversation():  # DIS-32, CANC-36
    with_sales, without = Leaving(), Leaving(no_sales_contact=True)
    for d in (with_sales, without):
        d.confirmed()
        d.work_through(16)
    told = [
        next(a.recipients for _, a in d.sent if a.verb is Verb.NOTIFY_TEAM and "teams_told" in a.steps)
        for d in (with_sales, without)
    ]
    assert "p-sales" in told[0]
    assert told[1] == tuple(person for person in told[0] if person != "p-sales")


def test_a_step_of_sales_goes_to_the_manager_once_the_customer_wants_no_sales():  # DIS-32
    d = Leaving()
    due = datetime(2026, 11, 20, 1, tzinfo=UTC)
    asked = {"step_id": "contract_question", "title": "Ask about the contract", "owner": "sales", "due": due}
    d.do(c.AddStep(by="p-mgr", reason="the contract is unclear", **asked))
    added = d.case.step("contract_question")
    assert added and added.person == "p-sales"
    d.validate("missing_feature", no_sales_contact=True)
    assert (d.case.step(added.id) or added).person == "p-mgr"
    assert d.state("save_invitation") == "skipped"


def test_the_policy_alone_forbids_an_attempt_and_nobody_overrides_it():  # CANC-41, Minnesota 325G.56
    d = Leaving(company(jurisdiction="US-MN", customer_type="consumer", strategic=True))
    d.validate("missing_feature")
    assert "allows none" in d.happened("save_decision")[0]
    found = refused(d, cc.DecideSave(by="p-mgr", attempt=True, reason="worth a try"))
    assert found.kind is RefusalType.NOT_ALLOWED


def test_a_withdrawal_says_what_it_has_undone():  # AMB-18
    d = left()
    d.work_through(10)
    d.do(cc.Withdraw(confirmed_by_customer=True))
    step = d.case.step("withdrawal_confirmed")
    assert step
    facts = letters.facts(d.case, step)
    assert facts and facts.undone == ("end_date", "access", "billing")


@pytest.mark.parametrize(
    ("command", "who_can"),
    [
        (cc.Confirm(by="p-pm"), "csm"),
        (cc.DecideSave(by="p-sales", attempt=False, reason="x"), "csm"),
        (cc.Validate(by="p-eng", intentional=True, reason="firm_decision"), "csm"),
        (cc.Withdraw(by="p-pm", confirmed_by_customer="by phone on Monday"), "csm"),
        (cc.RequestExport(by="p-pm"), "support"),
        (cc.SetCleanBreak(by="p-eng"), "csm"),
    ],
)
def test_nobody_outside_the_roles_gives_a_command_and_the_refusal_names_who_can(command, who_can):  # SAVE-21, RACI
    found = refused(Leaving(), command)
    assert (found.kind, who_can in found.sentence) == (RefusalType.NOT_ALLOWED, True)


def test_an_attempt_against_the_default_is_a_managers_word():  # CANC-44
    d = Leaving()
    d.validate("other")
    found = refused(d, cc.DecideSave(by="p-csm", attempt=True, reason="worth a try"))
    assert (found.kind, "cs_manager" in found.sentence) == (RefusalType.NOT_ALLOWED, True)


def test_the_invoice_is_approved_by_finance_and_by_nobody_over_their_heads():  # RACI: final billing
    d = left()
    seats = (*d.case.team.seats, Seat(role="finance", person="p-eng"))
    d.case = d.case.model_copy(update={"team": d.case.team.model_copy(update={"seats": seats})})
    d.work_through(14.5, skip=("approve_invoice",))
    for person in ("p-csm", "p-mgr", "p-exec"):
        found = refused(d, c.CompleteStep(step_id="approve_invoice", by=person, evidence="they look right to me"))
        assert (found.kind, "finance" in found.sentence) == (RefusalType.NOT_ALLOWED, True)
    d.done("approve_invoice")
    assert d.state("approve_invoice") == "done"


def test_what_the_customer_does_needs_no_role():  # CANC-6
    d = Leaving()
    d.do(cc.RequestExport())
    d.do(cc.SetCleanBreak())
    assert d.case.clean_break


def test_a_preview_made_by_hand_leaves_the_refund_to_finance_and_billing_is_not_asked():  # OFFB-19
    d = left()
    d.world = failing(Verb.PREVIEW_INVOICE, "the ledger is closed")  # type: ignore[assignment]
    d.work_through(20, skip=("refund",))
    assert (d.state("preview_invoice"), d.state("refund")) == ("done", "open")  # not taken for nothing to pay back
    (said,) = (text for text in d.happened("step_manual") if "no amount to pay back" in text)
    assert f"it is now for {d.case.step('refund').person} to do" in said  # type: ignore[union-attr]
    assert not [a for _, a in d.sent if a.verb is Verb.REFUND]
    assert [a for _, a in d.sent if a.verb is Verb.SEND_DIGEST and any(line.step == "refund" for line in a.lines)]
    assert d.case.outcome is None
    d.done("refund")
    assert d.state("refund") == "done"


def test_a_save_that_is_won_after_the_closing_began_is_put_before_the_manager():  # AMB-18
    d = left()
    d.work_through(15.5, skip=("learnings",))
    d.signal(cc.SaveFinished(case_id="save-1", outcome="saved_full"))
    assert "speak to them" in d.happened("saved_too_late")[0]
    assert d.case.withdrawn_at is None


def test_a_policy_that_the_next_plan_knows_no_more_is_picked_anew_and_said():
    d = left()
    d.case = lifecycle.plan_adopted(d.case.model_copy(update={"policy": "a_policy_of_last_year"}), d.now)
    d.settle()
    assert d.case.policy == "default"
    assert any(
        "a_policy_of_last_year" in a.lines[0].subject for _, a in d.sent if a.verb is Verb.SEND_DIGEST and a.lines
    )
    d.work_through(30)
    assert d.case.outcome == "left"
