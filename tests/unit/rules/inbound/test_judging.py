"""What becomes of what comes in: a request where all is sure, else a question for a person with its reason (CANC-10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.cancellation import RequestChannel, Scope
from models.crm import AccountRecord, Contact
from models.inbound import Arrival, InboxReason, InboxState, Judged
from rules.inbound.judging import judged
from rules.inbound.sorting import (
    arrived,
    arrived_again,
    contact_of,
    dismissed,
    handed_on,
    request_of,
    sorted_to,
    turned_away,
)
from rules.inbound.whose import Known
from rules.refusal import Refused
from tests.unit.rules.inbound.rules import SHIPPED

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
MAIL = Arrival(
    id="mail-1",
    channel=RequestChannel.EMAIL,
    sender="ann@one.example",
    text="Please cancel our subscription as of 31 December 2026.",
    at=NOW - timedelta(days=1),
)
ANN = Contact(id="con-1", account_id="acc-1", name="Ann", email="Ann@one.example", may_cancel=True)
BOB = Contact(id="con-2", account_id="acc-1", name="Bob", email="bob@one.example")
EVE = Contact(id="con-3", account_id="acc-2", name="Eve", email="ann@one.example")
ONE = AccountRecord(id="acc-1", name="One")
OURS = Known(at_address=(ANN,), at_domain=(BOB,))
NAMED = Known(named=ONE, of_named=(ANN, BOB))


def of(known: Known, **changes: Any) -> Judged:
    return judged(MAIL.model_copy(update=changes), known, SHIPPED, NOW)


def test_a_mail_of_a_contact_is_sure() -> None:
    found = of(OURS)
    assert found.reason is None
    assert (found.account_id, found.contact_id, found.may_cancel) == ("acc-1", "con-1", True)
    assert (found.exit_date, found.scope) == (date(2026, 12, 31), Scope.WHOLE)


def test_a_contact_who_may_not_cancel_is_sure_too_since_the_case_asks_somebody_who_may() -> None:
    found = of(Known(at_address=(BOB,)))
    assert (found.reason, found.may_cancel) == (None, False)


@pytest.mark.parametrize(
    ("known", "changes", "reason"),
    [
        (Known(), {}, InboxReason.UNKNOWN_SENDER),
        (Known(), {"sender": ""}, InboxReason.UNKNOWN_SENDER),
        (Known(at_domain=(BOB,)), {}, InboxReason.NOT_A_CONTACT),
        (Known(at_domain=(BOB, EVE)), {}, InboxReason.SEVERAL_ACCOUNTS),
        (Known(at_address=(ANN, EVE)), {}, InboxReason.SEVERAL_ACCOUNTS),
        (Known(at_address=(ANN,)), {"account_id": "acc-9"}, InboxReason.UNKNOWN_ACCOUNT),
        (Known(at_address=(EVE,), named=ONE, of_named=(BOB,)), {"account_id": "acc-1"}, InboxReason.SEVERAL_ACCOUNTS),
        (NAMED, {"account_id": "acc-1", "sender": "x@y.example"}, InboxReason.NOT_A_CONTACT),
        (NAMED, {"account_id": "acc-1", "sender": "x@y.example", "contact": "con-1"}, InboxReason.NOT_A_CONTACT),
        (Known(at_address=(ANN,), left=("acc-1",)), {}, InboxReason.ACCOUNT_LEFT),
        (OURS, {"text": "Thank you for the report."}, InboxReason.NOT_A_CANCELLATION),
        (OURS, {"text": "How do we cancel our subscription?"}, InboxReason.UNCLEAR),
        (OURS, {"subject": "Re: cancel our subscription", "text": "Thursday is fine."}, InboxReason.NOT_A_CANCELLATION),
        (OURS, {"automatic": True}, InboxReason.AUTOMATIC),
        (OURS, {"doubt": "DMARC failed"}, InboxReason.SENDER_DOUBTED),
        (Known(own_team=True), {}, InboxReason.OWN_TEAM),
        (OURS, {"at": NOW - timedelta(days=366)}, InboxReason.STALE),
        (NAMED, {"account_id": "acc-1", "channel": RequestChannel.CSM, "contact": "Ann"}, InboxReason.UNKNOWN_PERSON),
    ],
)
def test_what_is_not_sure_waits_with_its_reason(known: Known, changes: dict[str, Any], reason: InboxReason) -> None:
    found = of(known, **changes)
    assert found.reason is reason
    assert found.why


def test_one_account_of_two_is_meant_where_it_is_named() -> None:
    both = Known(at_address=(ANN, EVE), named=ONE, of_named=(ANN, BOB))
    assert of(both, account_id="acc-1").reason is None


@pytest.mark.parametrize("contact", ["con-1", "ann", "ANN@one.example"])
def test_a_note_names_its_contact_by_id_name_or_address(contact: str) -> None:
    known = NAMED.model_copy(update={"taken_by_known": True})
    note = {"channel": RequestChannel.CSM, "sender": "", "account_id": "acc-1", "contact": contact, "taken_by": "usr-1"}
    assert (of(known, **note).reason, of(known, **note).contact_id) == (None, "con-1")


def test_a_form_says_by_itself_what_it_means() -> None:
    found = of(NAMED, stated=True, text="", account_id="acc-1", exit_date=date(2027, 1, 1), scope=Scope.USERS)
    assert (found.reason, found.exit_date, found.scope) == (None, date(2027, 1, 1), Scope.USERS)


def test_a_moment_to_come_is_that_of_the_arrival() -> None:
    kept = arrived(MAIL.model_copy(update={"at": NOW + timedelta(days=9)}), of(OURS), NOW)
    assert request_of(kept).received_at == NOW


def test_a_stale_one_that_a_person_hands_on_is_received_when_it_was_found() -> None:
    kept = arrived(MAIL, of(OURS, at=NOW - timedelta(days=900)), NOW)
    assert request_of(kept).received_at == NOW


def test_a_sure_one_is_handed_on_under_its_own_id() -> None:  # AMB-38
    kept = arrived(MAIL, of(OURS), NOW)
    asked = request_of(kept)
    assert kept.state is InboxState.ON_ITS_WAY
    assert (asked.request_id, asked.account_id, asked.requested_by, asked.by) == (
        "mail-1",
        "acc-1",
        "con-1",
        "customer",
    )
    assert (asked.reason, asked.detail) == ("", "")  # what they wrote stays with the mail


def test_the_same_again_is_nothing_and_other_words_under_its_id_wait_beside_it() -> None:
    kept = arrived(MAIL, of(OURS), NOW)
    assert arrived_again(kept, MAIL.model_copy(update={"source": "copy.eml", "at": NOW}), NOW) is None
    other = arrived_again(kept, MAIL.model_copy(update={"text": "We stay."}), NOW)
    assert other and other.id.startswith("mail-1.") and other.judged.reason is InboxReason.CHANGED
    assert other.state is InboxState.WAITING


def test_a_refusal_of_the_case_brings_it_before_a_person() -> None:
    kept = turned_away(arrived(MAIL, of(OURS), NOW), "the account was closed")
    assert (kept.state, kept.judged.reason, kept.judged.why) == (
        InboxState.WAITING,
        InboxReason.REFUSED,
        "the account was closed",
    )


def test_a_person_hands_on_once_and_dismisses_only_what_waits() -> None:
    waits = arrived(MAIL, of(Known()), NOW)
    given = sorted_to(waits, "acc-1", ANN, "usr-1", NOW, scope=Scope.PART)
    assert (given.state, request_of(given).by, request_of(given).scope) == (InboxState.ON_ITS_WAY, "usr-1", Scope.PART)
    done = handed_on(given, "a request joined")
    assert sorted_to(done, "acc-1", ANN, "usr-2", NOW) == done
    with pytest.raises(Refused, match="is with the cancellation of acc-1"):
        sorted_to(done, "acc-2", None, "usr-2", NOW)
    with pytest.raises(Refused, match="is on its way to the cancellation of acc-1"):  # it may be there already
        sorted_to(given, "acc-2", None, "usr-2", NOW)
    assert sorted_to(given, "acc-1", None, "usr-2", NOW) == given
    with pytest.raises(Refused, match="cancel withdraw"):
        dismissed(done, "spam", "usr-1", NOW)
    aside = dismissed(waits, "spam", "usr-1", NOW)
    assert dismissed(aside, "again", "usr-2", NOW) == aside
    with pytest.raises(Refused, match="was put aside by usr-1: spam"):
        sorted_to(aside, "acc-1", ANN, "usr-1", NOW)


def test_who_asks_is_whoever_is_named_or_was_found() -> None:
    waits = arrived(MAIL, of(Known()), NOW)
    assert contact_of((ANN, BOB), waits, "con-2") == BOB
    assert contact_of((ANN, BOB), waits, "") == ANN
    assert contact_of((BOB,), waits, "") is None
    with pytest.raises(Refused, match="its contacts are con-2"):
        contact_of((BOB,), waits, "con-1")
