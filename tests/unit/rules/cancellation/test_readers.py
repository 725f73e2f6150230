"""Who gets a letter of a cancellation: who asked, who may speak for the account, or somebody else who may (CANC-11)."""

from __future__ import annotations

from models import cancellation_commands as cc
from models.plan import Reader
from rules.cancellation.readers import first_writer, reader
from tests.unit.rules.leaving import ASKED, Leaving, company


def asked_by(contact: str, *may_cancel: str) -> Leaving:
    return Leaving(company(may_cancel=may_cancel), requested_by=contact)


def to(d: Leaving, step_id: str) -> str:
    return reader(d.case, next(step for step in d.case.steps if step.step_id == step_id))


def test_who_asks_and_may_cancel_gets_every_letter():
    d = asked_by("c-2", "c-1", "c-2")
    assert {to(d, step.step_id) for step in d.case.steps if step.step_id != "check_requester"} == {"c-2"}


def test_a_request_of_somebody_who_may_not_cancel_is_answered_to_them_and_asked_about_elsewhere():
    d = asked_by("c-9", "c-1")
    assert [to(d, name) for name in ("receipt", "acknowledgement", "validation")] == ["c-9"] * 3
    assert to(d, "check_requester") == "c-1"


def test_the_data_never_goes_to_somebody_who_may_not_cancel():
    d = asked_by("c-9", "c-1")
    assert [to(d, name) for name in ("export_notice", "export_delivered")] == ["c-1", "c-1"]


def test_who_asks_is_not_asked_whether_the_request_of_theirs_stands():
    assert to(asked_by("c-1", "c-1", "c-3"), "check_requester") == "c-3"
    assert to(asked_by("c-1", "c-1"), "check_requester") == ""


def test_once_somebody_who_may_cancel_joins_they_get_what_the_account_leaves_with():
    d = asked_by("c-9", "c-1", "c-2")
    d.do(cc.RequestCancellation.model_validate(ASKED | {"requested_by": "c-2", "request_id": "mail-2"}))
    assert to(d, "export_delivered") == "c-2"


def test_where_nobody_is_known_the_accounts_own_contact_gets_it():
    d = asked_by("")
    assert {to(d, step.step_id) for step in d.case.steps} == {""}


def test_the_plan_says_which_letters_answer_who_asked():
    d = asked_by("c-9", "c-1")
    answers = {step.template for step in d.case.plan.steps if step.reader is Reader.REQUESTER}
    assert answers == {
        "cancellation_receipt",
        "cancellation_acknowledgement",
        "cancellation_followup",
        "reason_question",
        "date_answer",
    }


def began(d: Leaving, step_id: str) -> str:
    return first_writer(d.case, next(step for step in d.case.steps if step.step_id == step_id))


def test_the_named_coordinator_is_who_sent_the_acknowledgement():  # TMPL-37
    d = asked_by("c-1", "c-1")
    assert began(d, "follow_up") == ""
    d.release("acknowledgement")
    assert began(d, "follow_up") == "p-csm"
    assert began(d, "acknowledgement") == ""


def test_a_letter_of_another_role_or_to_another_reader_is_written_in_nobodys_place():  # TMPL-37
    d = asked_by("c-9", "c-1")
    d.release("acknowledgement")
    assert [began(d, name) for name in ("find_authority", "export_delivered")] == ["", ""]
