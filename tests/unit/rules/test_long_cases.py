"""A case that runs for long carries the last contacts and facts, and judges as if it carried them all."""

from __future__ import annotations

from typing import Any

import pytest

from models import commands as c
from models.effects import Verb
from rules import notes, talking
from rules.refusal import Refused
from tests.unit.rules.recovering import Recovery
from tests.unit.rules.world import Drive

MANY = 260


def tried(answered: bool = False) -> c.LogContact:
    return c.LogContact(by="p-csm", channel="phone", answered=answered, summary="rang")


def log(d: Drive, times: int) -> None:
    for _ in range(times):
        d.do(tried(), settle=False)


@pytest.mark.parametrize("case", [Drive, Recovery])
def test_a_case_carries_the_last_contacts_and_counts_them_all(case: Any):
    d = case()
    kept = d.case.plan.policy.kept_timeline
    d.do(tried(answered=True), settle=False)
    log(d, MANY)
    assert (len(d.case.contacts), d.case.contacts_made, talking.unanswered(d.case)) == (kept, MANY + 1, MANY)
    assert f"no answer ({MANY} in a row)" in d.case.timeline[-1].text
    d.do(tried(answered=True))
    assert talking.unanswered(d.case) == 0


def test_the_crm_is_told_of_every_contact():  # CONV-21
    d = Drive()
    log(d, MANY)
    d.do(
        c.CloseSave(
            by="p-csm",
            outcome="lost",
            notes="they went elsewhere",
            customer_quotes=("the export came a year too late",),
        )
    )
    assert f"Contacts: {MANY};" in notes.closing(d.case)
    assert [a.verb for _, a in d.sent].count(Verb.ADD_NOTE) == 1


def test_no_contact_is_counted_since_the_last_answer_however_long_ago_that_was():
    d = Drive()
    log(d, MANY)
    assert d.case.no_contact_proposed
    d.do(tried(answered=True))
    with pytest.raises(Refused):
        d.do(c.CloseSave(by="p-mgr", outcome="no_contact", notes="nobody answers"))


def test_a_stage_that_was_earned_by_a_call_stays_when_the_call_is_carried_no_more():
    d = Drive()
    d.do(tried(answered=True))
    assert "contacted" in d.case.reached
    log(d, MANY)
    assert not any(contact.answered for contact in d.case.contacts)
    assert "contacted" in d.case.reached


def test_what_made_a_case_urgent_keeps_it_so_behind_hundreds_of_other_signals():  # RISK-86, AMB-38
    d = Drive()
    d.signal(c.CancellationRequested(case_id="off-1"))
    urgent = d.case.assessment
    for n in range(MANY):
        d.signal(c.RiskSignal(kind="usage_falling", detail=f"{n}"))
    kept = d.case.plan.policy.kept_timeline
    kinds = [fact.kind for fact in d.case.facts]
    assert kinds.count("cancellation_submitted") == 1
    assert len(kinds) <= kept + len(set(kinds))
    assert d.case.facts[-1].detail == f"{MANY - 1}"
    assert d.case.assessment == urgent
