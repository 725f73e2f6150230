"""Confirmed, wound down, closed: each thing that is owed on its day, and nothing twice (OFFB-1..26)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models import cancellation_commands as cc
from models import commands as c
from models.account import ContractTerms, MidTerm, Money
from models.case import RefusalType
from models.effects import Outcome, OutcomeKind, Verb
from rules.cancellation import work
from rules.cancellation.readers import is_for_others
from rules.refusal import Refused
from tests.unit.rules.leaving import Leaving, company
from tests.unit.rules.world import proof


def refused(d: Leaving, command: object) -> Refused:
    with pytest.raises(Refused) as caught:
        d.do(command)
    return caught.value


def leaving(**request: object) -> Leaving:
    d = Leaving(**request)
    d.confirmed()
    return d


def day(d: Leaving, step_id: str) -> int:
    """The day of the offboarding on which a step opened; day 1 is that of the confirmation (AMB-5)."""
    step = next(step for step in d.case.steps if step.step_id == step_id)
    assert step.opened_at is not None
    return (step.opened_at + timedelta(hours=8)).date().toordinal() - date(2026, 11, 16).toordinal() + 1


def test_with_the_default_end_everything_falls_where_the_sources_put_it():  # OFFB-2..6
    d = leaving()
    d.work_through(30)
    assert d.case.end_date == date(2026, 12, 1)
    assert day(d, "data_export") <= 3
    assert 4 <= day(d, "knowledge_transfer") <= 7
    assert 8 <= day(d, "read_only_some") <= day(d, "read_only_all") <= 14
    assert {day(d, step) for step in ("stop_charging", "issue_final_invoice", "close_account")} == {15}
    assert day(d, "revoke_access") == 16
    assert d.case.outcome == "left"


def test_who_paid_until_march_keeps_access_until_march():
    d = leaving(requested_exit_date="2027-03-01")
    d.work_through(60)
    assert d.state("read_only_some") == "waiting"
    assert d.state("export_delivered") == "done"
    d.work_through(60)
    assert d.case.outcome == "left"
    step = d.case.step("revoke_access")
    assert step and step.opened_at == datetime(2027, 2, 28, 16, tzinfo=UTC)


def test_each_effect_of_the_closing_happens_once():
    d = leaving()
    d.work_through(30)
    for verb in (Verb.STOP_CHARGING, Verb.ISSUE_FINAL_INVOICE, Verb.REFUND, Verb.CLOSE_ACCOUNT, Verb.REVOKE_ACCESS):
        assert d.times(verb) == 1, verb


def test_the_data_is_there_whatever_is_still_open():  # OFFB-14, CANC-48
    d = Leaving()
    d.do(cc.RequestExport())
    assert d.state("data_export") == "done"
    assert d.case.stage == "exporting"


def test_an_export_is_asked_for_once():
    d = leaving()
    assert refused(d, cc.RequestExport()).kind is RefusalType.ILLEGAL_MOVE


def test_no_access_is_reduced_before_the_notice_is_out():  # OFFB-17
    def no_mail(case, action):
        held = action.verb is Verb.SEND_LETTER and "access_notice" in action.steps
        return Outcome(kind=OutcomeKind.FAILED, reason="mail is down") if held else company()(case, action)

    d = leaving()
    d.world = no_mail
    d.work_through(13, skip=("access_notice",))
    assert d.state("read_only_some") == "waiting"


def test_no_invoice_goes_out_that_finance_has_not_seen_and_nothing_is_charged_meanwhile():
    d = leaving()
    d.work_through(20, skip=("approve_invoice",))
    assert (d.times(Verb.STOP_CHARGING), d.times(Verb.ISSUE_FINAL_INVOICE)) == (1, 0)
    assert d.state("revoke_access") == "done"
    assert d.state("closure_confirmation") == "waiting"
    d.done("approve_invoice")
    d.work_through(1)
    assert d.times(Verb.ISSUE_FINAL_INVOICE) == 1
    assert d.state("closure_confirmation") == "done"


def test_the_closure_is_confirmed_after_its_four_proofs():  # OFFB-22
    d = leaving()
    d.work_through(30)
    sent = d.case.step("closure_confirmation")
    assert sent and sent.ended_at
    for proved in ("close_account", "revoke_access", "revoke_internal", "issue_final_invoice"):
        step = d.case.step(proved)
        assert step and step.ended_at and step.ended_at <= sent.ended_at


def test_an_end_that_is_not_true_goes_before_a_person():
    def still_billed(case, action):
        wrong = Outcome(kind=OutcomeKind.FAILED, reason="billing still charges", permanent=True)
        return wrong if action.verb is Verb.READ_BACK else company()(case, action)

    d = leaving()
    d.world = still_billed
    d.work_through(20, skip=("read_back",))
    step = d.case.step("read_back")
    assert step and step.automatic_failed and step.state == "open"
    assert d.state("closure_confirmation") == "waiting"


def test_what_the_system_did_is_not_done_again():
    d = leaving()
    d.work_through(17, skip=("learnings",))
    again = refused(d, c.ReopenStep(step_id="issue_final_invoice", by="p-mgr", reason="wrong total"))
    assert again.kind is RefusalType.ILLEGAL_MOVE


def test_a_date_inside_the_notice_is_answered_with_the_earliest_and_the_waiver():  # CANC-46, CANC-47
    from models.account import ContractTerms
    from models.calendar import Offset

    terms = ContractTerms(notice=Offset(days=60))
    d = Leaving(company(contract=terms), requested_exit_date="2026-12-01")
    assert d.state("date_answer") == "open"
    d.release("acknowledgement")
    d.validate("firm_decision")
    said = refused(d, cc.Confirm(by="p-csm")).sentence
    assert "2027-01-15" in said
    assert "hardship" in said
    assert refused(d, cc.Confirm(by="p-csm", waiver="insolvent")).kind is RefusalType.NOT_ALLOWED
    d.confirm(by="p-mgr", waiver="they cannot pay their staff")
    assert d.case.end_date == date(2026, 12, 1)


def test_the_end_date_moves_with_the_customer_and_everything_moves_with_it():
    d = leaving()
    d.do(cc.ChangeEndDate(by="p-csm", exit_date=date(2026, 12, 15), consent="agreed by email on 20 November"))
    step = d.case.step("revoke_access")
    assert step and step.opens == datetime(2026, 12, 14, 16, tzinfo=UTC)
    notice = d.case.step("access_notice")
    assert notice and notice.opens == datetime(2026, 12, 3, 16, tzinfo=UTC)


def test_by_the_fast_plan_an_account_without_a_date_ends_on_day_seven():  # DIS-18
    d = Leaving()
    d.release("acknowledgement")
    d.validate("firm_decision")
    d.confirm(fast=True)
    assert d.case.end_date == date(2026, 11, 23)


def test_the_fast_plan_is_over_in_eight_days():  # DIS-18
    d = Leaving()
    d.release("acknowledgement")
    d.validate("firm_decision")
    d.confirm(exit_date=date(2026, 11, 23), fast=True)
    assert d.case.plan and d.case.plan.name == "fast"
    d.work_through(14)
    assert day(d, "read_only_some") in (4, 5, 6)
    assert (day(d, "close_account"), day(d, "revoke_access")) == (7, 8)


def test_a_silent_approval_stops_nobody():  # CANC-48
    d = Leaving(company(strategic=True))
    d.release("acknowledgement")
    d.validate("firm_decision")
    assert d.state("manager_approval") == "open"
    d.confirm()
    d.work_through(20, skip=("manager_approval",))
    assert d.case.stage == "deactivated"
    assert any(word == "escalate" and step == "manager_approval" for _, _, word, step in d.told())


def test_an_approval_is_decided_once_and_by_its_owner():
    d = Leaving(company(strategic=True))
    d.validate("firm_decision")
    asked = {"approval_id": "manager_approval", "decision": "approved", "reason": "fair"}
    assert refused(d, cc.DecideLeaving(by="p-csm", **asked)).kind is RefusalType.NOT_ALLOWED
    d.do(cc.DecideLeaving(by="p-mgr", **asked))
    assert refused(d, cc.DecideLeaving(by="p-mgr", **asked)).kind is RefusalType.ALREADY_DECIDED


def test_an_end_earlier_than_the_customer_asked_for_needs_their_consent():  # CANC-45
    d = Leaving(requested_exit_date="2027-02-01")
    d.release("acknowledgement")
    d.validate("firm_decision")
    early = {"by": "p-csm", "exit_date": date(2026, 12, 12)}
    said = refused(d, cc.Confirm(**early))
    assert said.kind is RefusalType.CONSENT_MISSING
    assert said.sentence.startswith(
        "the customer asked to end on 2027-02-01, and 2026-12-12 is earlier; give their 'consent'"
    )
    assert refused(d, cc.Confirm(**early, consent="yes")).kind is RefusalType.CONSENT_MISSING
    d.do(cc.Confirm(**early, consent="agreed by email on 16 November"))
    assert d.case.end_date == date(2026, 12, 12)
    assert "agreed: agreed by email on 16 November" in "\n".join(d.happened("step_done"))


def test_an_end_on_or_after_the_day_that_they_asked_for_needs_no_further_word():  # CANC-45
    for day in (date(2027, 2, 1), date(2027, 3, 1)):
        d = Leaving(requested_exit_date="2027-02-01")
        d.confirmed(exit_date=day)
        assert d.case.end_date == day


def test_a_second_confirmation_changes_nothing():
    d = leaving()
    assert refused(d, cc.Confirm(by="p-csm", exit_date=date(2027, 1, 1))).kind is RefusalType.ALREADY_DECIDED


def test_retention_begins_when_the_account_is_closed_and_the_memory_when_all_is_done():
    d = leaving()
    d.work_through(30)
    started = [action.subject for _, action in d.sent if action.verb is Verb.START_CASE]
    assert started == ["retention", "win_back"]


def test_proof_of_deletion_that_is_asked_for_after_the_closure_is_told_to_the_retention():  # OFFB-26
    d = leaving()
    d.work_through(16, skip=("final_message",))
    d.do(cc.RequestDeletionProof())
    assert [action.subject for _, action in d.sent if action.verb is Verb.TELL_CASE][-1] == "retention"


def test_a_clean_break_leaves_no_memory_behind():  # OFFB-51
    d = leaving()
    d.do(cc.SetCleanBreak(words="do not contact us again"))
    d.work_through(30)
    assert [action.subject for _, action in d.sent if action.verb is Verb.START_CASE] == ["retention"]
    assert d.state("final_message") == "skipped"
    assert d.state("closure_confirmation") == "done"


def test_the_teams_are_told_who_left_when_why_and_where_to():  # OFFB-47
    d = Leaving()
    d.release("acknowledgement")
    d.validate("firm_decision", detail="the group bought another system", destination="Umbra CRM")
    d.confirm()
    d.work_through(30)
    told = next(step for step in d.case.steps if step.step_id == "teams_told")
    found = work.churned(d.case, told)
    assert found is not None
    assert (found.left_on, found.reason, found.destination) == (
        date(2026, 11, 30),
        "the group bought another system",
        "Umbra CRM",
    )
    assert work.churned(d.case, next(step for step in d.case.steps if step.step_id == "receipt")) is None


def test_no_access_is_reduced_before_the_customer_and_their_users_were_told():  # OFFB-17
    d = leaving()
    d.work_through(30)
    told = [next(s for s in d.case.steps if s.step_id == name) for name in ("access_notice", "users_notice")]
    reduced = next(step for step in d.case.steps if step.step_id == "read_only_some")
    assert all(step.ended_at and reduced.ended_at and step.ended_at < reduced.ended_at for step in told)
    assert [is_for_others(d.case, step) for step in told] == [False, True]


def test_sales_has_no_part_in_a_case_whose_customer_wants_no_sales_talk():  # DIS-32
    d = Leaving(no_sales_contact=True)
    call = c.LogContact(by="p-sales", channel="phone", answered=True, summary="a last offer")
    assert "wants no sales conversation; 'p-sales' is sales" in refused(d, call).sentence
    d.do(c.LogContact(by="p-csm", channel="phone", answered=True, summary="their dates"))
    other = Leaving()
    other.do(call)
    assert other.case.contacts


def test_who_may_not_confirm_is_told_who_may():
    d = Leaving()
    d.validate("firm_decision")
    assert refused(d, cc.Confirm(by="p-pm")).kind is RefusalType.NOT_ALLOWED
    assert "'confirm' is for csm" in refused(d, cc.Confirm(by="p-pm")).sentence


def test_a_later_end_date_makes_notices_and_figures_of_the_old_day_owed_again():  # OFFB-17, OFFB-19
    d = leaving()
    d.work_through(14.4, skip=("approve_invoice",))
    assert (d.state("preview_invoice"), d.state("read_only_some")) == ("done", "done")
    later = cc.ChangeEndDate(by="p-csm", exit_date=date(2027, 2, 1), consent="agreed by mail on 30 November")
    d.do(later)
    assert d.state("preview_invoice") == d.state("access_notice") == "waiting"
    assert "restore it by hand" in d.happened("reduced_too_early")[0]
    d.work_through(80)
    previews = [action for _, action in d.sent if action.verb is Verb.PREVIEW_INVOICE]
    assert len(previews) == 2
    assert len({action.key for action in previews}) == 2
    assert d.case.outcome == "left"


@pytest.mark.parametrize("waiver", ["", "hardship: they lost their plant"])
def test_the_fee_of_the_contract_is_in_the_preview_and_in_the_invoice_unless_it_was_waived(waiver):  # CANC-46, CANC-47
    fee = Money(minor=1_650_00)
    terms = ContractTerms(term_ends=date(2028, 1, 1), mid_term=MidTerm.WITH_FEE, early_termination_fee=fee)
    d = Leaving(company(contract=terms))
    d.confirmed()
    d.case = d.case.model_copy(update={"waiver": waiver})
    d.work_through(20)
    sent = [a for _, a in d.sent if a.verb in (Verb.PREVIEW_INVOICE, Verb.ISSUE_FINAL_INVOICE)]
    assert [work.preview(d.case, a).fee for a in sent] == [work.final_invoice(d.case, a).fee for a in sent]
    assert {work.final_invoice(d.case, a).fee for a in sent} == {None if waiver else fee}


def test_help_with_the_move_that_is_wanted_after_the_closure_opens_no_step_of_the_past():  # OFFB-3, OFFB-15
    d = leaving()
    d.work_through(20, skip=("transfer_needed",))
    assert d.case.anchor("closed")
    late = c.CompleteStep(by="p-csm", step_id="transfer_needed", evidence=proof(d.case, "transfer_needed"))
    found = refused(d, late)
    assert found.kind is RefusalType.ILLEGAL_MOVE
    assert "is closed since" in found.sentence
    given = proof(d.case, "transfer_needed") | {"decision": "not_needed"}
    d.do(late.model_copy(update={"evidence": c.EvidenceGiven.model_validate(given)}))
    assert d.state("knowledge_transfer") == "skipped"
