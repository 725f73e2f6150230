"""The customer's no is respected: no offer after it, no second of a declined kind, one renewal question."""

from __future__ import annotations

from models import commands as c
from models.case import RefusalType
from tests.unit.rules import test_save_commands
from tests.unit.rules.offered import answered, decided, diagnosed, proposal, said
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import Drive

NO = c.TagStatement(code="firm_no", quote="please stop, we are leaving", by="p-csm")


def asking() -> c.LogSaveContact:
    return c.LogSaveContact(channel="phone", answered=True, summary="went well", by="p-csm", asked_renewal=True)


def planned() -> Drive:
    d = test_save_commands.diagnosed()
    d.done("draft_plan")
    return d


def test_nothing_is_offered_after_a_firm_no():  # CONV-20, CANC-44
    d = diagnosed()
    d.do(NO)
    r = refused(d, proposal())
    assert (r.kind, "please stop, we are leaving" in r.sentence) == (RefusalType.OFFER_BLOCKED, True)


def test_a_kind_of_offer_that_was_declined_is_not_offered_again():  # DIS-24
    d = diagnosed()
    said(d, proposal())
    decided(d)
    said(d, answered(answer="declined"))
    r = refused(d, proposal())
    assert (r.kind, "offer_1: email 4711" in r.sentence) == (RefusalType.OFFER_BLOCKED, True)


def test_the_renewal_question_is_asked_once():  # DIS-24
    d = planned()
    d.do(asking())
    assert [event.kind for event in d.case.timeline].count("renewal_asked") == 1
    r = refused(d, asking())
    assert (r.kind, r.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        "the renewal question ('asked_renewal') is asked once: it was asked on 2026-11-16",
    )


def test_the_renewal_question_waits_for_the_plan_and_never_follows_a_no():  # DIS-24
    assert "after the plan was agreed" in refused(test_save_commands.diagnosed(), asking()).sentence
    d = planned()
    d.do(NO)
    assert refused(d, asking()).sentence.endswith("the customer said no")
