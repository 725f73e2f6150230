"""The save attempt inside a cancellation: due by the lists, limited, easy to decline (CANC-29..44)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models import cancellation_commands as cc
from models import commands as c
from models.account import Money
from models.case import Case, RefusalType
from models.commands import CancellationRequested
from models.effects import Action, Outcome, Verb
from rules import replying, status
from rules.cancellation import letters, save_beside
from rules.refusal import Refused
from tests.unit.rules.leaving import Leaving, company


def invited(**account: object) -> Leaving:
    d = Leaving(company(**account))
    d.release("acknowledgement")
    d.validate("missing_feature")
    d.release("save_invitation")
    return d


def answer(d: Leaving, *, accepted: bool) -> None:
    d.do(cc.AnswerSaveInvitation(accepted=accepted, words="we would rather go" if not accepted else "gladly"))


def refused(d: Leaving, command: object) -> Refused:
    with pytest.raises(Refused) as caught:
        d.do(command)
    return caught.value


def test_nobody_is_invited_before_the_acknowledgement_is_out():
    d = Leaving()
    d.validate("missing_feature")
    assert d.state("save_invitation") == "waiting"
    d.release("acknowledgement")
    assert d.state("save_invitation") == "open"


def test_an_invitation_that_was_never_sent_is_neither_answered_nor_called_unanswered():  # CANC-13, TMPL-40
    d = Leaving()
    d.validate("missing_feature")
    asked = (cc.AnswerSaveInvitation(accepted=False), cc.InviteToTalk(by="p-csm", reason="they called"))
    for command in asked:
        assert refused(d, command).sentence.startswith("the invitation is not sent yet: it waits for 'acknowledgement'")
    d.release("acknowledgement")
    for command in asked:
        said = refused(d, command).sentence
        assert said.startswith("the invitation is not sent yet: 'release_message' sends it")
        assert "told" not in said


def test_a_structural_reason_gets_no_attempt():  # CANC-37
    d = Leaving()
    d.release("acknowledgement")
    d.validate("bankruptcy")
    assert d.state("save_invitation") == "skipped"
    assert "CANC-37" in d.happened("save_decision")[0]


def test_the_answer_to_a_command_has_one_full_stop_at_most_and_none_before_a_semicolon():
    d = Leaving(no_sales_contact=True)
    before = len(d.case.timeline)
    d.validate("other")
    said = replying.said(d.case, before)
    assert "(CANC-36); " in said
    assert ".;" not in said


def test_an_invitation_is_the_attempt():  # AMB-17
    d = invited()
    assert len(d.case.invitations) == 1
    assert d.happened("save_attempt") == ["save attempt 1 of 1: the customer was invited to a conversation"]


def test_a_no_is_respected_and_nothing_waits_for_it():  # CANC-13
    d = invited()
    answer(d, accepted=False)
    assert d.state("save_talk") == "skipped"
    assert d.state("confirm_end") == "open"


def test_the_second_attempt_of_an_ordinary_account_is_refused():  # CANC-41
    d = invited()
    answer(d, accepted=False)
    assert refused(d, cc.InviteToTalk(by="p-csm", reason="once more")).kind is RefusalType.ATTEMPT_LIMIT


def test_a_strategic_account_may_be_asked_twice_and_never_a_third_time():  # CANC-41
    d = invited(strategic=True)
    answer(d, accepted=True)
    d.do(cc.InviteToTalk(by="p-csm", reason="they missed the day, and asked for another one"))
    d.release("save_invitation")
    answer(d, accepted=False)
    assert len(d.case.invitations) == 2
    assert refused(d, cc.InviteToTalk(by="p-csm", reason="once more")).kind is RefusalType.ATTEMPT_LIMIT
    assert d.state("save_talk") == "skipped"


def test_nobody_is_invited_twice_at_once():
    d = invited(strategic=True)
    assert refused(d, cc.InviteToTalk(by="p-csm", reason="again")).kind is RefusalType.ILLEGAL_MOVE


def test_nobody_is_asked_once_more_before_they_were_asked_once():  # CANC-41
    d = Leaving(company(strategic=True))
    d.release("acknowledgement")
    d.validate("missing_feature")
    found = refused(d, cc.InviteToTalk(by="p-csm", reason="again"))
    assert (found.kind, "is not sent yet" in found.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_a_no_is_a_no_whatever_attempts_are_left():  # CANC-13, CANC-41, TMPL-40
    d = invited(strategic=True)
    answer(d, accepted=False)
    found = refused(d, cc.InviteToTalk(by="p-exec", reason="the feature is out"))
    assert (found.kind, len(d.case.invitations)) == (RefusalType.ATTEMPT_LIMIT, 1)
    assert "declined the conversation" in found.sentence
    assert save_beside.news(d.case).attempts_left == 0
    again = c.ReopenStep(by="p-mgr", step_id="save_invitation", reason="write to them once more")
    assert refused(d, again).kind is RefusalType.ATTEMPT_LIMIT
    assert not [m for m in d.case.messages if m.step.startswith("save_invitation") and m.state == "drafted"]


def test_who_was_heard_and_still_goes_is_not_asked_again():  # CANC-41
    d = invited(strategic=True)
    answer(d, accepted=True)
    d.signal(cc.SaveFinished(case_id="save-1", outcome="lost"))
    assert "was heard" in refused(d, cc.InviteToTalk(by="p-exec", reason="once more")).sentence


def test_no_answer_is_a_no_as_the_invitation_says():  # CANC-41, TMPL-40
    d = invited(strategic=True)
    d.do(c.SkipStep(by="p-csm", step_id="save_answer", reason="a week went by without an answer"))
    found = refused(d, cc.InviteToTalk(by="p-csm", reason="once more"))
    assert found.kind is RefusalType.ILLEGAL_MOVE
    assert "no answer is a no" in found.sentence
    again = c.ReopenStep(by="p-csm", step_id="save_invitation", reason="they may have missed it")
    assert refused(d, again).kind is RefusalType.ILLEGAL_MOVE


def test_an_account_of_critical_severity_counts_as_strategic():  # AMB-12, RISK-99
    d = invited(customer_since=date(2015, 1, 1), arr=Money(minor=150_000_00, currency="USD"))
    assert d.happened("save_attempt") == ["save attempt 1 of 2: the customer was invited to a conversation"]


def test_an_answer_counts_once():
    d = invited()
    answer(d, accepted=False)
    assert refused(d, cc.AnswerSaveInvitation(accepted=True)).kind is RefusalType.ALREADY_DECIDED


def test_a_manager_may_ask_for_a_talk_where_only_the_default_speaks_against_it():  # CANC-44
    d = Leaving()
    d.release("acknowledgement")
    d.validate("other")
    assert d.state("save_invitation") == "skipped"
    d.do(cc.DecideSave(by="p-mgr", attempt=True, reason="their new CFO asked for us"))
    assert d.state("save_invitation") == "open"


def test_what_the_customer_said_cannot_be_overridden():  # CANC-36
    d = Leaving(no_sales_contact=True)
    d.release("acknowledgement")
    d.validate("missing_feature")
    assert refused(d, cc.DecideSave(by="p-mgr", attempt=True, reason="still")).kind is RefusalType.NOT_ALLOWED


def test_an_attempt_that_is_judged_inappropriate_is_left_out():  # CANC-13
    d = Leaving()
    d.release("acknowledgement")
    d.validate("missing_feature")
    d.do(cc.DecideSave(by="p-csm", attempt=False, reason="their founder died last week"))
    assert d.state("save_invitation") == "skipped"


def test_a_yes_reaches_the_save_case_of_the_account():
    d = invited()
    answer(d, accepted=True)
    assert d.case.stage == "save_conversation"
    started = [action.subject for _, action in d.sent if action.verb is Verb.START_CASE]
    assert started == ["save"]


def test_the_save_talk_moves_no_date():
    d = invited()
    d.confirm()
    was = d.case.end_date
    answer(d, accepted=True)
    assert d.case.end_date == was


def test_a_saved_customer_stays_and_what_was_done_is_undone():
    d = invited()
    answer(d, accepted=True)
    d.signal(cc.SaveFinished(case_id="save-1", outcome="saved_full"))
    d.release("withdrawal_confirmed")
    assert d.case.outcome == "saved"


def test_a_lost_save_lets_the_cancellation_go_on():
    d = invited()
    answer(d, accepted=True)
    d.signal(cc.SaveFinished(case_id="save-1", outcome="lost"))
    assert d.state("save_talk") == "done"
    assert not d.case.closed
    d.confirm()
    assert d.case.stage == "exporting"


def test_access_is_not_reduced_while_the_talk_goes_on():  # AMB-19
    d = invited()
    answer(d, accepted=True)
    d.confirm()
    d.work_through(10)
    assert d.state("read_only_some") == "waiting"
    d.signal(cc.SaveFinished(case_id="save-1", outcome="lost"))
    assert d.state("read_only_some") == "done"


def test_access_is_reduced_on_its_day_though_the_acknowledgement_was_never_sent():  # OFFB-4, OFFB-17
    d = Leaving()
    d.validate("missing_feature")
    d.confirm()
    d.work_through(9, skip=("acknowledgement", "plan_letter", "transfer_needed"))
    assert [d.state(s) for s in ("save_invitation", "access_notice", "users_notice")] == ["waiting", "done", "done"]
    reduced = d.case.step("read_only_some")
    assert reduced and reduced.ended_at == reduced.opens
    shown = {step.id: step for step in status.of(d.case, d.now).steps}
    assert shown["save_invitation"].blocked_at(d.now)
    assert shown["save_invitation"].waits_for == ("Personal acknowledgement by the named coordinator",)


def test_an_invitation_without_an_answer_keeps_no_day_from_coming():  # CANC-13, OFFB-4
    d = invited()
    d.confirm()
    d.work_through(9)
    assert (d.state("save_answer"), d.state("read_only_some")) == ("open", "done")


def test_while_the_talk_goes_on_no_letter_names_a_day_and_the_step_says_what_it_waits_for():  # AMB-19, OFFB-17
    d = invited()
    answer(d, accepted=True)
    d.confirm()
    d.work_through(10)
    reduced = next(step for step in status.of(d.case, d.now).steps if step.id == "read_only_some")
    assert reduced.blocked_at(d.now)
    assert reduced.waits_for == ("The save conversation, on the save case of the account",)
    notice = next(step for step in d.case.steps if step.step_id == "access_notice")
    told = letters.facts(d.case, notice)
    assert told and told.access_from is None
    assert told.end_date == d.case.end_date


def test_a_talk_that_never_ends_does_not_keep_a_customer():
    d = invited()
    answer(d, accepted=True)
    d.confirm()
    d.work_through(20)
    assert d.case.stage == "deactivated"
    assert d.state("read_only_some") == "skipped"


def test_a_strong_relationship_of_many_years_is_a_reason_to_talk_once_a_person_says_so():  # CANC-34
    long = company(customer_since=date(2015, 1, 1), arr=Money(minor=500_000))  # DIS-28: no high value by tenure
    d = Leaving(long)
    d.validate("other")
    assert d.state("save_invitation") == "skipped"
    d = Leaving(long)
    d.validate("other", strong_relationship=True)
    assert d.case.finding("save_attempt").holds
    assert "CANC-34" in d.happened("save_decision")[0]


def test_the_talk_with_a_strategic_account_is_led_by_whom_the_rules_name():  # CANC-40
    leads = {"strategic": "executive"}

    def world(case: Case, action: Action) -> Outcome:
        found = company(strategic=True)(case, action)
        if found.plan is None:
            return found
        rules = found.plan.policy.eligibility.model_copy(update={"save_leader": leads})
        policy = found.plan.policy.model_copy(update={"eligibility": rules})
        return found.model_copy(update={"plan": found.plan.model_copy(update={"policy": policy})})

    d = Leaving(world)
    d.release("acknowledgement")
    d.validate("missing_feature")
    step = d.case.step("save_invitation")
    assert step and step.person == "p-exec"
    d.confirm()
    spec = d.case.spec("save_talk")
    assert spec and spec.owner == "executive"


def beside(answer: str, **account: object) -> Leaving:
    """A cancellation that reaches other cases of the account, or none: what the telling answers."""
    inner = company(**account)

    def world(case: Case, action: Action) -> Outcome:
        told = action.verb is Verb.TELL_CASE
        return Outcome(receipt=f"save:acc-1 {answer}") if told else inner(case, action)

    return Leaving(world)


def tellings(d: Leaving) -> int:
    return sum(action.verb is Verb.TELL_CASE and action.subject == "save" for _, action in d.sent)


def test_an_open_save_hears_that_no_attempt_is_left():  # CANC-36, CANC-41
    d = beside("was told")
    d.release("acknowledgement")
    d.validate("firm_decision")
    assert tellings(d) == 2
    assert save_beside.news(d.case) == CancellationRequested(case_id="can-1", attempts_left=0)


def test_an_open_save_hears_that_no_sales_are_wanted_and_that_the_customer_stays():  # CANC-36, DIS-32
    d = beside("was told")
    d.release("acknowledgement")
    d.validate("missing_feature", no_sales_contact=True)
    assert save_beside.news(d.case).no_sales_contact
    d.do(cc.Withdraw(confirmed_by_customer=True))
    assert save_beside.news(d.case).stays
    assert tellings(d) == 3


def test_where_no_save_is_open_nobody_is_told_again():
    d = beside("is not open")
    d.release("acknowledgement")
    d.validate("firm_decision")
    assert tellings(d) == 1


def test_a_save_that_others_opened_hears_at_once_whatever_a_former_one_knew():  # CANC-36, CANC-41
    for outcome in ("not open", "was told"):
        d = beside(outcome)
        before = tellings(d)
        for n in (1, 2):
            d.signal(cc.SaveOpened(case_id=f"save-{n}", opened_at=d.now))
            assert tellings(d) == before + n
        d.validate("firm_decision")  # no attempt is left from here on
        assert tellings(d) == before + 3


def test_a_cancellation_that_is_over_tells_a_new_save_nothing():
    d = Leaving()
    d.validate("misunderstanding", intentional=False)
    before = tellings(d)
    d.signal(cc.SaveOpened(case_id="save-2", opened_at=d.now))
    assert tellings(d) == before


def test_the_accepted_talk_is_the_attempt_that_the_save_may_make():  # AMB-17, CANC-41
    d = invited()
    answer(d, accepted=True)
    assert save_beside.news(d.case).attempts_left == 1
    d = invited()
    answer(d, accepted=False)
    assert save_beside.news(d.case).attempts_left == 0


def test_a_save_that_spoke_to_the_customer_was_the_attempt_and_goes_on():  # CANC-41
    d = beside("was told")
    d.release("acknowledgement")
    d.signal(cc.SaveAttempted(case_id="save-1", at=d.now, by="p-csm"))
    d.validate("missing_feature")
    assert d.state("save_invitation") == "skipped"
    assert "which is the attempt" in d.case.finding("save_attempt").why
    assert save_beside.news(d.case).attempts_left == 1
    assert refused(d, cc.InviteToTalk(by="p-csm", reason="once more")).kind is RefusalType.ATTEMPT_LIMIT
    d.signal(cc.SaveFinished(case_id="save-1", outcome="saved_full"))
    assert d.case.withdrawn_at


def test_the_talk_that_an_invitation_led_to_is_no_further_attempt():  # AMB-17
    d = invited()
    answer(d, accepted=True)
    d.signal(cc.SaveAttempted(case_id="save-1", at=d.now, by="p-csm"))
    assert len(d.case.invitations) == 1


def test_a_strategic_account_may_still_be_invited_after_its_save_spoke_to_them():  # CANC-41
    d = Leaving(company(strategic=True))
    d.release("acknowledgement")
    d.signal(cc.SaveAttempted(case_id="save-1", at=d.now, by="p-csm"))
    d.validate("missing_feature")
    assert d.state("save_invitation") == "open"
    d.release("save_invitation")
    answer(d, accepted=False)
    assert refused(d, cc.InviteToTalk(by="p-csm", reason="once more")).kind is RefusalType.ATTEMPT_LIMIT
    assert save_beside.news(d.case).attempts_left == 0


def heard_before(outcome: str) -> Leaving:
    """A strategic account whose save spoke with the customer, and ended, before anybody asked whether the wish is meant."""
    d = Leaving(company(strategic=True))
    d.release("acknowledgement")
    d.signal(cc.SaveAttempted(case_id="save-1", at=d.now, by="p-csm"))
    d.signal(cc.SaveFinished(case_id="save-1", outcome=outcome))
    d.validate("missing_feature")
    return d


@pytest.mark.parametrize("outcome", ["lost", "declined_conversation", "let_go", "no_contact"])
def test_whose_save_ended_before_the_wish_was_validated_is_not_invited(outcome):  # CANC-41, CANC-44, AMB-17
    d = heard_before(outcome)
    assert d.state("save_invitation") == "skipped"
    assert f"ended as {outcome}" in d.happened("save_decision")[0]
    assert not [m for m in d.case.messages if m.step == "save_invitation"]
    assert refused(d, cc.InviteToTalk(by="p-csm", reason="once more")).kind is RefusalType.ATTEMPT_LIMIT


def test_who_put_the_decision_off_may_still_be_invited():  # CANC-41
    assert heard_before("deferred").state("save_invitation") == "open"


def test_an_invitation_that_was_not_sent_goes_away_with_a_lost_talk():  # CANC-44, AMB-17
    d = Leaving(company(strategic=True))
    d.release("acknowledgement")
    d.signal(cc.SaveAttempted(case_id="save-1", at=d.now, by="p-csm"))
    d.validate("missing_feature")
    assert d.state("save_invitation") == "open"
    d.signal(cc.SaveFinished(case_id="save-1", outcome="lost"))
    assert d.state("save_invitation") == "skipped"
    assert not [m for m in d.case.messages if m.step == "save_invitation" and m.state == "drafted"]


def test_no_manager_decides_on_a_talk_that_is_over():  # CANC-13, CANC-41
    d = Leaving()
    d.release("acknowledgement")
    d.signal(cc.SaveFinished(case_id="save-1", outcome="declined_conversation"))
    d.validate("other")
    said = refused(d, cc.DecideSave(by="p-mgr", attempt=True, reason="their new CFO asked for us"))
    assert said.kind is RefusalType.ATTEMPT_LIMIT


def test_a_save_that_was_not_there_at_the_request_hears_what_changes_once_it_has_spoken():  # CANC-36, CANC-41
    d = beside("is not open")
    d.signal(cc.SaveAttempted(case_id="save-1", at=d.now, by="p-csm"))
    told = tellings(d)
    d.release("acknowledgement")
    d.validate("firm_decision", no_sales_contact=True)
    assert save_beside.news(d.case).no_sales_contact
    assert tellings(d) == told + 1


def test_who_was_heard_and_still_goes_is_not_spoken_to_again_by_a_save_beside():  # CANC-41
    for strategic in (False, True):
        d = invited(strategic=strategic)
        answer(d, accepted=True)
        d.signal(cc.SaveFinished(case_id="save-1", outcome="lost"))
        d.signal(cc.SaveOpened(case_id="save-2", opened_at=d.now))
        assert save_beside.news(d.case).attempts_left == 0
        d.signal(cc.SaveAttempted(case_id="save-2", at=d.now, by="p-csm"))
        assert [one.by_save for one in d.case.invitations] == [False, True]
        d.until(d.now + timedelta(hours=2))
        told = [line.subject for _, action in d.sent if action.recipients == ("p-mgr",) for line in action.lines]
        assert any("more than the policy allows" in subject for subject in told)


def test_who_gave_no_answer_is_not_spoken_to_by_a_save_beside_either():  # CANC-41, TMPL-40
    d = invited(strategic=True)
    assert save_beside.news(d.case).attempts_left == 1
    d.do(c.SkipStep(by="p-csm", step_id="save_answer", reason="a week went by without an answer"))
    assert save_beside.news(d.case).attempts_left == 0
    d.signal(cc.SaveAttempted(case_id="save-9", at=d.now, by="p-csm"))
    assert [one.by_save for one in d.case.invitations] == [False, True]
    assert save_beside.news(d.case).attempts_left == 0


def test_who_answers_late_may_still_come_to_the_talk():  # TMPL-40
    d = invited()
    d.do(c.SkipStep(by="p-csm", step_id="save_answer", reason="a week went by without an answer"))
    answer(d, accepted=True)
    assert save_beside.news(d.case).attempts_left == 1
