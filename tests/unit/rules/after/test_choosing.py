"""A policy of leaving was renamed or removed: a named person chooses the one that the data is deleted by (AMB-24)."""

from __future__ import annotations

from models import after_commands as ac
from models import commands as c
from models.case import RefusalType
from models.effects import Verb
from tests.unit.rules.after.former import HOLD, LOOKED, START, Keeping

CHOSEN = ac.ChoosePolicy(by="p-mgr", policy="eu_data_act", reason="it replaced the former one")


def lost() -> Keeping:
    return Keeping(policy="none_of_ours")


def test_a_named_person_is_asked_and_reminded_until_they_have_chosen():  # OFFB-24
    d = lost()
    step = d.case.step("choose_policy_1")
    assert (d.case.outcome, step.state, step.person) == (None, "open", "p-mgr")
    assert "none_of_ours" in d.case.spec("choose_policy_1").title
    d.after(days=10)
    assert {"warn", "overdue", "escalate"} <= {word for _, _, word, at in d.told() if at == "choose_policy_1"}
    d.after(days=300)
    assert (d.times(Verb.ERASE_DATA), d.case.outcome) == (0, None)


def test_the_choice_dates_everything_from_the_closure():
    d = lost()
    d.after(days=3)
    d.do(CHOSEN)
    assert (d.state("choose_policy_1"), d.case.policy) == ("done", "eu_data_act")
    assert [d.day("last_fetch"), d.day("erase_data")] == [22, 29]
    d.after(days=35)
    d.done("verify_deletion", LOOKED)
    assert d.state("certificate") == "done"


def test_a_choice_that_comes_after_the_day_deletes_at_once():
    d = lost()
    d.after(days=100)
    d.do(CHOSEN)
    assert d.times(Verb.ERASE_DATA) == 1


def test_what_is_no_policy_is_refused_with_the_names_of_those_that_are():
    d = lost()
    refused = d.refused(CHOSEN.model_copy(update={"policy": "wishful"}))
    assert refused.kind is RefusalType.BAD_PAYLOAD
    assert "eu_data_act" in refused.sentence
    assert d.case.policy == "none_of_ours"


def test_a_policy_that_holds_is_not_chosen_anew():
    d = Keeping()
    assert d.refused(CHOSEN).kind is RefusalType.ILLEGAL_MOVE


def test_the_choice_is_neither_left_out_nor_opened_again():
    d = lost()
    for command in (
        c.SkipStep(by="p-mgr", step_id="choose_policy_1", reason="later"),
        c.CompleteStep(by="p-mgr", step_id="choose_policy_1", evidence="default"),
    ):
        assert "choose_policy" in d.refused(command).sentence
    d.do(CHOSEN)
    again = c.ReopenStep(by="p-mgr", step_id="choose_policy_1", reason="another one")
    assert d.refused(again).kind is RefusalType.ILLEGAL_MOVE


def test_what_needs_a_policy_says_that_one_is_to_be_chosen_first():
    d = lost()
    assert "'choose_policy' comes first" in d.refused(HOLD).sentence
    asked = ac.PersonalRequest(by="p-csm", kind="access", law="GDPR", received_at=START, detail="ticket 88")
    assert "'choose_policy' comes first" in d.refused(asked).sentence


def test_a_customer_who_is_back_ends_the_question():
    d = lost()
    d.do(ac.CustomerReturned(by="p-csm"))
    assert d.case.outcome == "returned"
