"""What the last letters of a cancellation are told: until when data is there, what is paid back, who speaks (OFFB-22)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models import cancellation_commands as cc
from models import commands as c
from models.case import Case, RefusalType
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.export import ExportReceipt, Section, SectionState, SectionStatus
from models.step import EvidenceItem
from rules.cancellation import exporting, letters
from rules.refusal import Refused
from tests.unit.rules.leaving import START, Leaving, company

LEFT_AT = datetime(2027, 2, 27, 16, tzinfo=UTC)  # 28 February begins in Kuala Lumpur: 90 days after 30 November


def leaving(world=None, **request: object) -> Leaving:
    d = Leaving(world, **request)
    d.confirmed()
    return d


def told(d: Leaving, step_id: str):
    step = next(step for step in d.case.steps if step.step_id == step_id)
    facts = letters.facts(d.case, step)
    assert facts is not None
    return facts


def codes(d: Leaving) -> list[datetime]:
    """Until when the code of each export is good, as it was asked for."""
    asked = (a for _, a in d.sent if a.verb is Verb.PREPARE_EXPORT)
    return [exporting.request(d.case, action).link_until for action in asked]


# the download code


def test_a_code_is_good_for_the_days_of_the_policy_after_the_closure():  # OFFB-24, AMB-24
    d = leaving()
    d.work_through(20)
    assert codes(d) == [LEFT_AT, LEFT_AT]  # the whole, and what was made since
    assert told(d, "export_delivered").export_until == told(d, "closure_confirmation").export_until == LEFT_AT


def test_a_customer_who_leaves_months_later_can_fetch_their_data_until_after_that():
    d = leaving(requested_exit_date="2027-06-01")
    d.work_through(5)
    assert codes(d) == [datetime(2027, 8, 28, 16, tzinfo=UTC)]


def test_the_letters_after_a_later_end_date_name_the_later_day():
    d = leaving()
    d.work_through(5)
    d.do(cc.ChangeEndDate(by="p-csm", exit_date=date(2027, 3, 1), consent="agreed by mail on 20 November"))
    assert told(d, "closure_confirmation").export_until == datetime(2027, 5, 28, 16, tzinfo=UTC)


def test_an_export_before_any_end_is_agreed_counts_from_itself():  # OFFB-14
    d = Leaving()
    d.do(cc.RequestExport())
    assert codes(d) == [START + timedelta(days=90, hours=-9)]


def test_an_export_says_which_sections_are_empty():  # OFFB-14
    sections = (
        SectionStatus(section=Section.CONTENT, state=SectionState.INCLUDED, rows=4),
        SectionStatus(section=Section.USAGE, state=SectionState.EMPTY),
        SectionStatus(section=Section.REPORTS, state=SectionState.NOT_APPLICABLE),
    )
    proof = exporting.exported(ExportReceipt(id="exp-1", at=START, sections=sections)).proof
    assert EvidenceItem(content="empty", text="usage reports") in proof
    whole = exporting.exported(ExportReceipt(id="exp-1", at=START, sections=sections[:1])).proof
    assert "empty" not in {item.content for item in whole}


# what is paid back


@pytest.mark.parametrize(("refund", "paid"), [("1200", 1200), ("0", None), ("-50", None)])
def test_a_refund_is_spoken_of_where_there_is_one(refund, paid):  # OFFB-19
    def billed(case, action):
        outcome = company()(case, action)
        if action.verb is not Verb.PREVIEW_INVOICE:
            return outcome
        others = tuple(item for item in outcome.proof if item.content != "refund")
        return Outcome(receipt="r", proof=(*others, EvidenceItem(content="refund", text=refund)))

    d = leaving(billed)
    d.work_through(17, skip=("final_message",))
    found = told(d, "closure_confirmation").refund
    assert (found.minor if found else None) == paid


def test_a_confirmation_that_was_asked_for_is_not_offered_again():  # OFFB-26
    d = leaving()
    assert told(d, "receipt").proof_wanted is False
    d.do(cc.RequestDeletionProof())
    assert told(d, "receipt").proof_wanted is True


# the exit interview


def strategic() -> Leaving:
    d = leaving(company(strategic=True))
    d.work_through(2, skip=("exit_interview",))
    assert d.state("exit_interview") == "open"
    return d


@pytest.mark.parametrize("by", ["p-csm", "p-csm2"])
def test_a_csm_of_the_account_neither_invites_to_the_interview_nor_leads_it(by):  # OFFB-35
    d = strategic()
    letter = next(m for m in d.case.messages if m.step == "exit_interview")
    for command in (
        c.ReleaseMessage(message_id=letter.id, by=by),
        c.CompleteStep(step_id="exit_interview", by=by, evidence="call 12: they told their story"),
    ):
        with pytest.raises(Refused) as caught:
            d.do(command)
        assert caught.value.kind is RefusalType.NOT_ALLOWED
        assert "neutral" in caught.value.sentence


def test_a_former_csm_of_the_account_is_not_neutral_either():  # OFFB-35
    d = strategic()
    team = d.case.team
    seats = tuple(
        seat.model_copy(update={"person": "p-new", "deputy": None}) if seat.role == "csm" else seat
        for seat in team.seats
    )
    d.case = d.case.model_copy(update={"team": team.model_copy(update={"seats": seats})})
    letter = next(m for m in d.case.messages if m.step == "exit_interview")
    with pytest.raises(Refused):
        d.do(c.ReleaseMessage(message_id=letter.id, by="p-csm"))
    d.do(c.ReleaseMessage(message_id=letter.id, by="p-mgr"))


# the day of the end


def drafts_of(d: Leaving, step_id: str) -> int:
    return next(message.drafts for message in d.case.messages if message.step == step_id)


def test_a_draft_from_before_the_day_was_agreed_is_made_anew_with_it():  # CANC-25, CANC-27
    d = Leaving()
    d.release("acknowledgement")
    d.validate("firm_decision")
    assert (told(d, "follow_up").end_date, drafts_of(d, "follow_up")) == (None, 1)
    d.after(hours=5)
    d.confirm()
    assert (told(d, "follow_up").end_date, drafts_of(d, "follow_up")) == (d.case.end_date, 2)
    d.after(hours=6)
    assert drafts_of(d, "follow_up") == 2


def test_another_day_is_news_for_the_plan_that_was_not_sent_yet():  # OFFB-1
    d = leaving()
    before = drafts_of(d, "plan_letter")
    d.after(hours=5)
    d.do(cc.ChangeEndDate(by="p-csm", exit_date=date(2027, 3, 1), consent="agreed by mail on 20 November"))
    assert drafts_of(d, "plan_letter") == before + 1


def test_another_day_is_news_for_an_access_notice_that_a_person_has_to_send():  # OFFB-17, TMPL-43
    inner = company()

    def bounces(case: Case, action: Action) -> Outcome:
        if action.verb is Verb.SEND_LETTER and any("_notice" in step for step in action.steps):
            return Outcome(kind=OutcomeKind.FAILED, permanent=True, reason="the address bounces")
        return inner(case, action)

    d = Leaving(bounces)
    d.confirmed()
    d.work_through(7.5, skip=("access_notice", "users_notice"))
    was, before = d.case.step("access_notice"), drafts_of(d, "access_notice")
    assert was and was.due and d.case.end_date
    later = timedelta(days=20)
    d.do(cc.ChangeEndDate(by="p-csm", exit_date=d.case.end_date + later, consent="agreed by mail"))
    now = d.case.step("access_notice")
    assert now and (now.state, now.due) == ("open", was.due + later)
    assert drafts_of(d, "access_notice") == before + 1
    d.after(hours=6)
    assert drafts_of(d, "access_notice") == before + 1


def test_a_letter_that_was_sent_is_not_drafted_again():
    d = Leaving()
    d.release("acknowledgement")
    d.validate("firm_decision")
    d.release("follow_up")
    d.after(hours=5)
    d.confirm()
    assert [m.state for m in d.case.messages if m.step == "follow_up"] == ["sent"]
