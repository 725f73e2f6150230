"""The data is erased while letters of the cancellation are unsent: what goes first, what is withdrawn, how the case ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import after_commands as ac
from models import cancellation_commands as cc
from models import commands as c
from models.case import RefusalType
from models.effects import Outcome, OutcomeKind, Verb
from rules import follow_through, status
from rules.cancellation import erased, following
from rules.refusal import Refused
from tests.unit.rules.leaving import ASKED, Leaving, company

UNSENT = ("final_message",)


def left_with_a_letter() -> Leaving:
    """Everything was done but the last message, which nobody has released."""
    d = Leaving()
    d.confirmed()
    d.work_through(40, skip=UNSENT)
    assert d.case.outcome is None
    return d


def erasing(d: Leaving) -> None:
    d.signal(ac.DataErased(case_id="ret-1", erased_at=d.now))


def test_a_letter_that_nobody_can_get_any_more_is_withdrawn_and_the_case_ends():  # OFFB-25, GDPR 17
    d = left_with_a_letter()
    erasing(d)
    step = d.case.step("final_message")
    assert (d.case.outcome, step.state) == ("left", "skipped")
    assert f"erased on {d.now:%Y-%m-%d}" in step.reason
    assert {message.state for message in d.case.messages if message.step == "final_message"} == {"dropped"}
    assert follow_through.is_settled(d.case)


def test_what_the_crm_has_not_heard_of_other_steps_outlives_a_withdrawn_letter():  # OFFB-25
    def no_crm(case, action):
        down = Outcome(kind=OutcomeKind.FAILED, reason="the CRM is down")
        return down if action.verb is Verb.SYNC_TASKS else company()(case, action)

    d = Leaving()
    d.confirmed()
    d.work_through(14.6)
    d.world = no_crm
    while not (told := [r.action for r in d.case.retries if "final_message" in r.action.steps]):
        d.until(d.now + timedelta(minutes=30))
    assert set(told[0].steps) > {"final_message"}
    erasing(d)
    assert told[0] in [retry.action for retry in d.case.retries]


def test_the_memory_that_begins_afterwards_knows_that_there_is_no_address():
    d = left_with_a_letter()
    erasing(d)
    assert following.win_back(d.case, d.now).erased_at == d.now


def test_what_a_person_does_inside_is_still_owed_after_the_erasure():
    d = Leaving()
    d.confirmed()
    d.work_through(40, skip=(*UNSENT, "learnings"))
    erasing(d)
    assert d.case.outcome is None
    d.done("learnings")
    assert d.case.outcome == "left"


def test_a_withdrawn_letter_is_not_opened_again():
    d = Leaving()
    d.confirmed()
    d.work_through(40, skip=(*UNSENT, "learnings"))
    erasing(d)
    with pytest.raises(Refused) as caught:
        d.do(c.ReopenStep(step_id="final_message", by="p-csm", reason="they wrote"))
    assert caught.value.kind is RefusalType.ILLEGAL_MOVE
    assert "erased" in caught.value.sentence


def test_the_erasure_waits_for_what_the_customer_must_have_and_for_nothing_else():  # OFFB-22, OFFB-9
    d = Leaving()
    d.confirmed()
    assert erased.owed_before(d.case) == ()  # the account is not closed
    d.work_through(14.6, skip=UNSENT)
    assert d.state("close_account") == "done"
    assert erased.owed_before(d.case) == ("delta_export", "delta_delivered", "closure_confirmation")
    d.work_through(3, skip=UNSENT)
    assert erased.owed_before(d.case) == ()
    assert d.state("final_message") == "open"


def test_a_closure_letter_that_the_system_could_not_send_is_still_waited_for():
    def no_mail(case, action):
        held = "closure_confirmation" in action.steps and action.verb == "send_letter"
        lost = Outcome(kind=OutcomeKind.FAILED, permanent=True, reason="no such address")
        return lost if held else company()(case, action)

    d = Leaving(no_mail)
    d.confirmed()
    d.work_through(20, skip=(*UNSENT, "closure_confirmation"))
    assert erased.owed_before(d.case) == ("closure_confirmation",)


def test_hearing_it_twice_changes_nothing():
    d = Leaving()
    d.confirmed()
    d.work_through(40, skip=(*UNSENT, "learnings"))
    erasing(d)
    before = d.case
    d.signal(ac.DataErased(case_id="ret-1", erased_at=d.now + timedelta(days=1)))
    assert d.case.erased_at == before.erased_at
    assert d.happened("data_erased") == d.happened("data_erased")[:1]


WORDS = "Toko Fiktif closes down"


def with_words() -> Leaving:
    """A closed account whose cancellation is open for the learnings, and quotes the customer all over."""
    d = Leaving(reason=WORDS, detail=WORDS)
    d.release("acknowledgement")
    d.validate("company_closing", detail=WORDS, unusual=WORDS)
    d.confirm()
    due = d.now + timedelta(days=1)
    d.do(c.AddStep(step_id="call_dewi", title=WORDS, owner="csm", by="p-csm", due=due, reason=WORDS))
    d.done("call_dewi", WORDS)
    d.work_through(40, skip=(*UNSENT, "learnings", "call_dewi"))
    return d


def test_an_open_case_has_no_word_of_theirs_after_the_erasure():  # OFFB-25, GDPR 17
    d = with_words()
    before = d.case.model_copy(update={"plan": None})
    assert WORDS in before.model_dump_json()
    erasing(d)
    case = d.case.model_copy(update={"plan": None})
    assert case.outcome is None
    assert WORDS not in case.model_dump_json()
    assert WORDS not in status.of(d.case, d.now).model_dump_json()
    assert (case.churn_reason, case.end_date) == (before.churn_reason, before.end_date)


def test_the_book_is_told_anew_of_every_step_that_lost_its_words():  # OFFB-25
    d = with_words()
    known = d.case.booked_revision
    erasing(d)
    step = d.case.step("call_dewi")
    assert step.evidence.text == "-"
    assert step.revision > known


def test_what_is_written_after_the_erasure_goes_with_the_next_one():  # OFFB-25
    d = with_words()
    erasing(d)
    d.do(c.AddStep(step_id="note", title=WORDS, owner="csm", by="p-csm", due=d.now + timedelta(days=1), reason=WORDS))
    d.do(c.SkipStep(step_id="note", by="p-csm", reason=WORDS))
    erasing(d)
    assert WORDS not in d.case.model_copy(update={"plan": None}).model_dump_json()


def test_the_request_that_is_on_record_is_known_also_without_its_sender():  # CANC-10
    d = with_words()
    erasing(d)
    d.do(cc.RequestCancellation.model_validate(ASKED | {"reason": WORDS}))
    assert len(d.case.requests) == 1


def test_a_cancellation_that_is_not_closed_yet_hears_nothing_of_an_older_erasure():
    d = Leaving()
    d.confirmed()
    erasing(d)
    assert d.case.erased_at is None
    assert not d.happened("data_erased")
