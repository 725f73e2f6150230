"""People ask for their own data while the account leaves: the clock of their law starts at once (AMB-26)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import after_commands as ac
from models import cancellation_commands as cc
from models import commands as c
from models.case import RefusalType
from rules.cancellation import following
from rules.refusal import Refused
from tests.unit.rules.after.former import Keeping
from tests.unit.rules.leaving import START, Leaving

ACCESS = ac.PersonalRequest(by="p-csm", kind="access", law="CCPA", received_at=START, detail="by mail, ticket 88")


def asked() -> Leaving:
    d = Leaving()
    d.do(ACCESS)
    return d


def test_the_clock_starts_while_the_cancellation_runs():  # AMB-26, CCPA 7021
    d = asked()
    answer = d.case.step("personal_1_answer")
    assert answer and answer.due == START + timedelta(days=45)
    assert d.state("personal_1_confirm") == "open"
    with pytest.raises(Refused):
        d.do(c.SkipStep(by="p-mgr", step_id="personal_1_answer", reason="no"))
    with pytest.raises(Refused) as refused:
        d.do(
            c.RescheduleStep(by="p-csm", step_id="personal_1_confirm", due=answer.due, reason="later", consent="mail 3")
        )
    assert refused.value.kind is RefusalType.NOT_ALLOWED


def test_what_is_not_answered_at_the_closure_goes_along_to_the_retention():  # AMB-26
    d = asked()
    d.done("personal_1_confirm")
    d.do(ACCESS.model_copy(update={"law": "GDPR"}))
    answers = ("personal_1_answer", "personal_2_answer")
    owed = {step.step_id: step.due for step in d.case.steps if step.step_id in answers}
    d.confirmed()
    d.work_through(16, skip=(*answers, "learnings"))
    assert d.case.anchor("closed")
    assert [d.state(name) for name in answers] == ["skipped", "skipped"]
    start = following.retention(d.case, d.now)
    kept = Keeping(personal_requests=start.personal_requests)
    there = {s.step_id: s.due for s in kept.case.steps if s.step_id.startswith("personal_")}
    assert there == owed
    with pytest.raises(Refused) as refused:
        d.do(ACCESS)
    assert "retention" in refused.value.sentence


def test_a_customer_who_stays_does_not_stop_the_clock_of_a_person():  # AMB-26
    d = asked()
    d.do(cc.Withdraw(confirmed_by_customer=True))
    d.work_through(3, skip=("personal_1_answer",))
    assert d.state("personal_1_answer") == "open"
    assert not d.case.closed
    d.done("personal_1_answer")
    assert d.case.outcome == "saved"


def test_a_misrouted_ticket_does_not_stop_it_either():  # AMB-26
    d = asked()
    d.validate("misunderstanding", intentional=False)
    assert not d.case.closed
    d.done("personal_1_confirm")
    d.done("personal_1_answer")
    assert d.case.outcome == "misrouted"
