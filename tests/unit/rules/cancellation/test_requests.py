"""Requests to cancel: whoever asks, however they ask, the account has one case (CANC-10, AMB-38)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models import cancellation_commands as cc
from models.case import Case, RefusalType
from models.effects import Action, Outcome, OutcomeKind, Verb
from rules.cancellation.letters import facts
from rules.cancellation.readers import reader
from rules.refusal import Refused
from tests.unit.rules.leaving import ASKED, START, Leaving, company


def request(**changes: object) -> cc.RequestCancellation:
    return cc.RequestCancellation.model_validate(ASKED | changes)


def test_a_receipt_goes_out_at_once_and_the_letter_of_a_person_is_drafted():  # CANC-10, CANC-21
    d = Leaving()
    assert d.state("receipt") == "done"
    assert d.state("acknowledgement") == "open"
    assert [m.step for m in d.case.messages if m.state == "drafted"] == ["acknowledgement", "validation"]


def test_clocks_run_from_the_moment_at_which_the_request_came_in():  # CANC-20
    d = Leaving(received_at=START - timedelta(hours=5))
    step = d.case.step("acknowledgement")
    assert step and step.due == START + timedelta(hours=19)


def test_the_request_that_opens_the_case_is_answered_as_such_and_not_as_a_second_one():
    for source in ("mail-1", ""):
        d = Leaving(request_id=source)
        d.do(request(request_id=source))
        assert d.happened("request_taken") == ["a request by email from c-1 opened the case"]
        assert d.happened("request_again") == []


def test_one_mail_is_of_one_person():
    d = Leaving()
    with pytest.raises(Refused) as refused:
        d.do(request(requested_by="c-2"))
    assert refused.value.kind is RefusalType.BAD_PAYLOAD
    assert "'mail-1' is on record as the request of c-1, not of c-2" in refused.value.sentence
    d.do(request(requested_by="c-2", request_id="mail-2"))
    assert [one.requested_by for one in d.case.requests] == ["c-1", "c-2"]


def test_whom_the_account_does_not_list_is_written_to_by_nobody_and_a_person_asks_who_may_cancel():  # CANC-11
    d = Leaving(company(contacts=("c-1", "c-2")), requested_by="con-of-another-company")
    d.do(request(requested_by="con-of-another-company"))
    taken = "a request by email from somebody whom the account does not list opened the case"
    assert d.happened("request_taken") == [taken]
    assert d.state("check_requester") == "open"
    assert {reader(d.case, step) for step in d.case.steps} == {"c-1"}
    d.do(request(requested_by="con-of-another-company", request_id=""))
    assert len(d.case.requests) == 1
    d.do(request(requested_by="c-2", request_id="mail-2"))
    assert [one.requested_by for one in d.case.requests] == ["", "c-2"]


def test_a_second_reason_corrects_the_first_and_both_are_kept():  # CANC-23
    d = Leaving()
    d.validate("missing_feature", detail="no bulk import")
    d.validate("service", detail="nobody answered")
    assert (d.case.churn_reason, d.case.reason_detail) == ("service", "nobody answered")
    (before,) = d.case.reasons_before
    assert (before.reason, before.detail) == ("missing_feature", "no bulk import")
    assert d.happened("reason_corrected") == ["was missing_feature: no bulk import; is service: nobody answered"]


def test_the_words_for_one_reason_are_not_taken_for_those_of_another():  # CANC-23
    d = Leaving()
    d.validate("missing_feature", detail="no bulk import")
    d.validate("service")
    assert (d.case.churn_reason, d.case.reason_detail) == ("service", "")
    assert d.happened("reason_corrected") == ["was missing_feature: no bulk import; is service"]
    d.validate("service")
    assert len(d.case.reasons_before) == 1


def test_an_account_that_has_left_is_turned_away_with_the_day_and_what_to_do():  # AMB-38
    d = Leaving(company(churned_on=date(2026, 3, 1)))
    assert d.case.outcome == "rejected"
    with pytest.raises(Refused) as refused:
        d.do(request())
    assert refused.value.kind is RefusalType.CASE_CLOSED
    assert "is closed since 2026-03-01" in refused.value.sentence
    assert "'customer_returned'" in refused.value.sentence


def test_the_same_request_twice_is_one_request():
    d = Leaving()
    d.do(request())
    d.do(request())
    assert len(d.case.requests) == 1
    assert "on record since" in d.happened("request_again")[0]


def test_who_goes_back_to_what_they_asked_for_first_is_heard_also_without_an_id():  # CANC-45, AMB-38
    d = validated()
    part, whole = request(request_id="", scope="part"), request(request_id="")
    d.do(part)
    assert (d.state("confirm_end"), d.state("change_scope")) == ("skipped", "open")
    d.do(whole)
    assert (d.state("confirm_end"), d.state("change_scope")) == ("open", "skipped")
    d.do(part)
    assert (d.state("confirm_end"), d.state("change_scope")) == ("skipped", "open")
    d.do(part)
    assert [one.scope for one in d.case.requests] == ["whole", "part", "whole", "part"]
    assert len(d.happened("request_again")) == 1


def test_after_the_confirmation_the_last_word_is_on_record_and_changes_nothing_by_itself():  # CANC-45
    d = validated()
    d.confirm()
    d.do(request(request_id="", scope="part"))
    d.do(request(request_id=""))
    assert [one.scope for one in d.case.requests] == ["whole", "part", "whole"]
    assert len(d.happened("scopes_differ")) == 1
    assert d.case.end_date is not None


def test_a_request_that_another_contact_overruled_is_a_new_word_and_one_that_a_stranger_contradicts_is_not():
    d = Leaving(company(may_cancel=("c-1", "c-2")))
    d.do(request(requested_by="c-9", request_id="", scope="part"))
    d.do(request(request_id=""))
    assert len(d.case.requests) == 2
    d.do(request(requested_by="c-2", request_id="", scope="part"))
    d.do(request(request_id=""))
    assert [one.scope for one in d.case.requests] == ["whole", "part", "part", "whole"]
    assert d.case.scope == "whole"


def test_what_a_person_settled_is_not_overruled_by_a_repetition_of_the_first_request():  # CANC-45, AMB-38
    d = Leaving(request_id="")
    d.release("acknowledgement")
    d.validate("missing_feature", scope="part")
    d.do(request(request_id=""))
    d.do(request(request_id=""))
    assert (d.case.scope, len(d.case.requests)) == ("part", 1)
    assert len(d.happened("request_again")) == 1
    assert (d.state("confirm_end"), d.state("change_scope")) == ("skipped", "open")


def test_the_same_wish_after_it_was_taken_back_is_no_repetition():  # CANC-45
    d = Leaving(request_id="")
    d.confirmed()
    d.do(cc.Withdraw(by="customer", confirmed_by_customer=True))
    with pytest.raises(Refused) as refused:
        d.do(request(request_id=""))
    assert "taken back" in refused.value.sentence


def test_two_channels_at_once_are_one_case():
    d = Leaving()
    d.do(request(channel="portal", request_id="form-7", requested_exit_date="2027-01-31"))
    assert [one.channel for one in d.case.requests] == ["email", "portal"]
    assert d.case.asked_end_date == date(2027, 1, 31)
    assert d.times(d.sent[0][1].verb) == 1


def test_two_different_end_dates_are_put_before_a_person():
    d = Leaving(requested_exit_date="2027-01-31")
    d.do(request(request_id="form-7", requested_exit_date="2027-02-28"))
    assert d.case.asked_end_date == date(2027, 1, 31)
    assert "2027-02-28" in d.happened("dates_differ")[0]


def test_a_request_of_another_account_is_refused():
    d = Leaving()
    with pytest.raises(Refused) as refused:
        d.do(request(account_id="acc-2"))
    assert refused.value.kind is RefusalType.BAD_PAYLOAD


def test_a_request_of_somebody_who_may_not_cancel_is_kept_and_a_person_asks():
    d = Leaving(requested_by="c-9")
    assert d.state("check_requester") == "open"
    d.release("acknowledgement")
    d.validate("firm_decision")
    with pytest.raises(Refused) as refused:
        d.confirm()
    assert refused.value.kind is RefusalType.NOT_ALLOWED
    assert "check_requester" in refused.value.sentence


def test_an_authorised_contact_who_joins_settles_who_asked():
    d = Leaving(requested_by="c-9")
    d.do(request(requested_by="c-1", request_id="mail-2"))
    assert d.state("check_requester") == "skipped"


def test_a_person_can_vouch_for_the_request():
    d = Leaving(requested_by="c-9")
    d.done("check_requester")
    d.confirmed()
    assert d.case.end_date is not None


def test_a_misrouted_ticket_closes_as_such():  # CANC-11
    d = Leaving()
    d.validate("misunderstanding", intentional=False)
    assert (d.case.outcome, d.case.closed) == ("misrouted", True)


def test_a_part_of_the_subscription_is_a_change_of_scope_and_no_offboarding():
    d = Leaving(scope="users")
    d.release("acknowledgement")
    d.validate("budget_cut")
    assert d.state("confirm_end") == "skipped"
    with pytest.raises(Refused):
        d.confirm()
    d.done("change_scope")
    assert d.case.outcome == "scope_changed"


def validated(scope: str = "whole") -> Leaving:
    d = Leaving(scope=scope)
    d.release("acknowledgement")
    d.validate("firm_decision")
    return d


def test_a_strangers_request_changes_no_scope_and_the_manager_is_told():  # CANC-45, AMB-38
    d = validated()
    d.do(request(requested_by="c-9", request_id="mail-2", scope="users"))
    assert (d.state("confirm_end"), d.state("change_scope")) == ("open", "skipped")
    assert "whole and users" in d.happened("scopes_differ")[0]
    d.until(d.now + timedelta(hours=2))
    assert any(action.recipients == ("p-mgr",) for _, action in d.sent if action.lines)
    d.confirm()
    assert d.case.end_date is not None


def test_a_strangers_request_before_the_validation_changes_no_scope_either():  # CANC-45
    d = Leaving()
    d.do(request(requested_by="c-9", request_id="mail-2", scope="users"))
    d.release("acknowledgement")
    d.validate("firm_decision")
    assert d.state("confirm_end") == "open"


def test_who_may_cancel_and_now_wants_the_whole_to_end_can_leave():  # CANC-45
    d = validated("users")
    assert (d.state("confirm_end"), d.state("change_scope")) == ("skipped", "open")
    d.do(request(request_id="mail-2"))
    assert (d.state("confirm_end"), d.state("change_scope")) == ("open", "skipped")
    d.confirm()
    assert d.case.end_date is not None


def test_the_scope_goes_there_and_back_and_the_right_step_is_owed_each_time():  # CANC-45
    d = validated()
    d.do(request(request_id="mail-2", scope="users"))
    assert (d.state("confirm_end"), d.state("change_scope")) == ("skipped", "open")
    d.validate("firm_decision", scope="whole")
    assert (d.state("confirm_end"), d.state("change_scope")) == ("open", "skipped")


def test_what_is_confirmed_is_not_made_smaller_by_a_further_request():  # CANC-45
    d = validated()
    d.confirm()
    d.do(request(request_id="mail-2", scope="users"))
    assert d.state("change_scope") == "skipped"
    assert d.happened("scopes_differ")


def test_a_strangers_date_is_not_the_customers():  # AMB-38
    d = Leaving()
    d.do(request(requested_by="c-9", request_id="mail-2", requested_exit_date="2027-01-31"))
    assert d.case.asked_end_date is None
    assert "none and 2027-01-31" in d.happened("dates_differ")[0]


def test_every_request_has_its_own_receipt_with_its_own_time():  # CANC-10, section 312k(4) BGB
    d = Leaving(requested_exit_date="2027-01-31")
    d.until(START + timedelta(hours=3))
    d.do(request(requested_by="c-9", channel="portal", request_id="form-2", scope="users"))
    step = d.case.step("receipt_2")
    assert step and d.state("receipt_2") == "done"
    assert reader(d.case, step) == "c-9"
    told = facts(d.case, step)
    assert told and told.end_date is None
    assert (told.received, told.channel, told.scope) == (START + timedelta(hours=3), "portal", "users")
    assert d.times(Verb.SEND_LETTER) == 2
    d.do(request(channel="portal", request_id="form-3"))
    own = facts(d.case, d.case.step("receipt_3") or step)
    assert own and own.end_date == date(2027, 1, 31)


def test_the_same_request_twice_has_one_receipt():  # CANC-10
    d = Leaving()
    d.do(request())
    d.confirmed()
    assert [s.step_id for s in d.case.steps if s.step_id.startswith("receipt")] == ["receipt"]


def test_a_request_after_the_closure_says_when_the_account_was_closed():
    d = Leaving()
    d.confirmed()
    d.work_through(15.5, skip=("learnings",))
    assert d.case.anchor("closed") and not d.case.closed
    with pytest.raises(Refused) as refused:
        d.do(request(request_id="mail-9"))
    assert refused.value.kind is RefusalType.CASE_CLOSED
    assert "is closed since" in refused.value.sentence


def test_a_request_for_an_unknown_account_closes_as_rejected():
    unknown = Outcome(kind=OutcomeKind.FAILED, error_type="UnknownAccount", reason="no such account", permanent=True)

    def nobody(case: Case, action: Action) -> Outcome:
        return unknown if action.verb is Verb.LOAD_ACCOUNT else company()(case, action)

    assert Leaving(nobody).case.outcome == "rejected"


def test_a_request_is_of_the_time_at_which_it_came_in_and_never_of_a_later_one_than_now():  # CANC-20
    d = Leaving()
    early, late = d.now - timedelta(hours=5), d.now + timedelta(hours=5)
    d.do(request(request_id="mail-8", received_at=early))
    d.do(request(request_id="mail-9", received_at=late))
    assert [one.at for one in d.case.requests[1:]] == [early, d.now]
