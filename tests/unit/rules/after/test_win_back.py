"""Who left is remembered, and written to at most once a year, with a reason of their own (OFFB-50..55, TMPL-52)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import after_commands as ac
from models import commands as c
from models.calendar import Offset
from models.case import RefusalType
from models.effects import Verb
from models.step import StepState
from models.win_back import TriggerKind, WinBackOutcome
from rules.cancellation import letters
from rules.win_back import outreach
from tests.unit.rules import world
from tests.unit.rules.after.former import START, Remembering

FIXED = ac.RecordTrigger(by="p-csm", kind=TriggerKind.WE_FIXED_IT, detail="bulk import is out since May")
GROWTH = ac.RecordTrigger(by="p-csm", kind=TriggerKind.GROWTH_PHASE, detail="they opened two plants")
WRITE = ac.ContactAgain(by="p-csm", reason="the bulk import that they named")


def written() -> Remembering:
    """They were written to on day 30."""
    d = Remembering()
    d.after(days=30)
    d.do(FIXED)
    d.do(WRITE)
    d.release("contact_1")
    return d


def test_the_reminders_come_on_the_days_of_the_policy():  # OFFB-50, DIS-21
    d = Remembering()
    assert [d.day("reminder_1"), d.day("reminder_2")] == [181, 365]
    assert "reminder" not in {step.step_id for step in d.case.steps}


@pytest.mark.parametrize(("reminders", "ids"), [(("P4M",), ["reminder_1"]), ((), [])])
def test_a_policy_with_other_reminders_is_followed(reminders: tuple[str, ...], ids: list[str], monkeypatch):
    load, shipped = world.plan, world.plan("win_back")
    policies = tuple(
        one.model_copy(
            update={
                "win_back": one.win_back.model_copy(
                    update={"reminders": tuple(Offset.model_validate(each) for each in reminders)}
                )
            }
        )
        for one in shipped.policy.leaving
    )
    own = shipped.model_copy(update={"policy": shipped.policy.model_copy(update={"leaving": policies})})
    monkeypatch.setattr(world, "plan", lambda name: own if name == "win_back" else load(name))
    d = Remembering()
    assert [step.step_id for step in d.case.steps if step.step_id.startswith("reminder")] == ids


def test_how_they_are_remembered_is_noted_in_the_crm_once():  # OFFB-50
    d = Remembering()
    (tagged,) = [action for _, action in d.sent if action.verb is Verb.TAG_ACCOUNT]
    assert outreach.tagging(d.case, tagged).tag == "remember"
    assert d.case.step("check_in/1").state is StepState.SKIPPED


def test_a_reference_is_asked_once_a_year_how_they_are():  # OFFB-55
    d = Remembering(memory="reference")
    (tagged,) = [action for _, action in d.sent if action.verb is Verb.TAG_ACCOUNT]
    assert outreach.tagging(d.case, tagged).tag == "reference"
    d.after(days=364)
    d.done("check_in/1")
    d.do(FIXED)
    assert d.refused(WRITE).kind is RefusalType.ATTEMPT_LIMIT
    d.after(days=800)
    assert [s.id for s in d.case.steps if s.step_id == "check_in"] == ["check_in/1", "check_in/2", "check_in/3"]


def test_a_reminder_is_for_people_inside_and_writes_nothing_to_the_customer():  # DIS-21
    d = Remembering()
    d.after(days=200)
    assert d.state("reminder_1") is StepState.OPEN
    assert d.times(Verb.DRAFT_MESSAGE) == 0


def test_the_letter_tells_what_they_named_only_where_somebody_noted_it():  # TMPL-52
    d = written()
    assert letters.facts(d.case, d.case.step("contact_1")) is None
    d = Remembering()
    d.do(FIXED)
    d.do(WRITE.model_copy(update={"named": "no  bulk import"}))
    facts = letters.facts(d.case, d.case.step("contact_1"))
    assert facts is not None
    assert facts.named == "no bulk import"


def test_a_contact_needs_something_that_happened():  # OFFB-54
    assert Remembering().refused(WRITE).kind is RefusalType.EVIDENCE_MISSING


def test_a_letter_is_drafted_for_a_reason_and_goes_out_when_a_person_releases_it():  # TMPL-52
    d = written()
    assert d.state("contact_1") is StepState.DONE
    assert d.case.outreaches[0].sent_at == START + timedelta(days=30)
    assert d.case.triggers[0].used_by == 1


def test_a_second_contact_within_the_year_is_refused_and_names_the_day():  # OFFB-54
    d = written()
    d.after(days=200)
    d.do(GROWTH)
    refused = d.refused(WRITE)
    assert refused.kind is RefusalType.ATTEMPT_LIMIT
    assert f"{START + timedelta(days=30 + 365):%Y-%m-%d}" in refused.sentence


def test_the_year_counts_from_the_sending_and_not_from_the_wish():  # OFFB-54
    d = Remembering()
    d.do(FIXED)
    d.do(WRITE)
    d.after(days=20)
    d.release("contact_1")
    d.after(days=370)
    d.do(GROWTH)
    assert d.refused(WRITE).kind is RefusalType.ATTEMPT_LIMIT
    d.after(days=386)
    d.do(WRITE)


def test_a_letter_that_was_never_sent_uses_up_neither_the_year_nor_its_trigger():  # OFFB-54
    d = Remembering()
    d.do(FIXED)
    d.do(WRITE)
    d.skip("contact_1")
    d.do(WRITE)
    d.release("contact_2")
    assert [reach.sent_at is not None for reach in d.case.outreaches] == [False, True]


def test_one_letter_is_written_at_a_time():  # OFFB-54
    d = Remembering()
    d.do(FIXED)
    d.do(GROWTH)
    d.do(WRITE)
    refused = d.refused(WRITE)
    assert refused.kind is RefusalType.ILLEGAL_MOVE
    assert "contact_1" in refused.sentence


def test_a_trigger_is_good_for_one_letter():  # OFFB-54: with a concrete change each time
    d = written()
    d.after(days=400)
    refused = d.refused(WRITE)
    assert refused.kind is RefusalType.EVIDENCE_MISSING
    d.do(GROWTH)
    d.do(WRITE)
    assert [trigger.used_by for trigger in d.case.triggers] == [1, 2]


def test_what_was_written_is_not_written_again_by_opening_its_step():
    d = written()
    assert d.refused(c.ReopenStep(by="p-csm", step_id="contact_1", reason="a typo")).kind is RefusalType.ILLEGAL_MOVE


def test_a_letter_that_a_person_sent_themselves_counts_as_well():  # OFFB-54
    d = Remembering()
    d.do(FIXED)
    d.do(WRITE)
    d.done("contact_1")
    d.do(GROWTH)
    assert d.refused(WRITE).kind is RefusalType.ATTEMPT_LIMIT


def test_a_clean_break_ends_it_and_a_draft_is_never_sent():  # OFFB-51
    d = Remembering()
    d.do(FIXED)
    d.do(WRITE)
    d.do(ac.LeaveInPeace(by="p-csm", words="leave us alone"))
    assert d.case.outcome is WinBackOutcome.CLEAN_BREAK
    assert [message.state for message in d.case.messages] == ["dropped"]
    assert d.refused(WRITE).kind is RefusalType.CASE_CLOSED


def test_who_is_back_needs_no_memory_and_the_retention_hears_of_it():
    d = Remembering()
    d.do(ac.CustomerReturned(by="p-csm", detail="signed again"))
    assert d.case.outcome is WinBackOutcome.RETURNED
    assert [action.subject for _, action in d.sent if action.verb is Verb.TELL_CASE] == ["retention"]


def test_who_came_back_by_the_other_case_is_not_told_of_it_in_return():
    d = Remembering()
    d.signal(ac.CameBack(case_id="ret-1", detail="signed again"))
    assert d.case.outcome is WinBackOutcome.RETURNED
    assert d.times(Verb.TELL_CASE) == 0


def test_after_the_last_look_they_are_left_in_peace():  # METR-6
    d = Remembering()
    d.after(days=200)
    d.skip("reminder_1")
    d.after(days=400)
    d.skip("reminder_2")
    d.after(days=1100)
    d.done("last_look")
    assert d.case.outcome is WinBackOutcome.ENDED


TOLD = ac.TellFixed(by="p-csm", named="no bulk import", since=START.date())


def test_who_wanted_to_hear_of_a_fix_is_told_by_a_letter_that_a_person_releases():  # OFFB-37
    d = Remembering(may_tell=True)
    d.after(days=30)
    d.do(FIXED)
    d.do(TOLD)
    assert d.case.spec("contact_1").template == "fixed_what_you_named"
    facts = letters.facts(d.case, d.case.step("contact_1"))
    assert (facts.named, facts.since) == ("no bulk import", START.date())
    assert d.happened("outreach_sent") == []
    d.release("contact_1")
    assert d.happened("outreach_sent") == [
        f"contact 1 went out: what they named is fixed since {START:%Y-%m-%d}: no bulk import"
    ]
    assert d.refused(WRITE).kind is RefusalType.ATTEMPT_LIMIT
    assert d.case.triggers[0].used_by == 1


@pytest.mark.parametrize("said", [None, False])
def test_who_did_not_say_yes_is_not_told(said: bool | None):  # OFFB-37, OFFB-52
    d = Remembering(may_tell=said)
    refused = d.refused(TOLD)
    assert refused.kind is RefusalType.CONSENT_MISSING
    assert "note it with 'set_opt_in'" in refused.sentence
    d.do(ac.SetOptIn(by="p-csm", may_tell=True, words="do write when the import is out"))
    d.do(TOLD)
    assert d.state("contact_1") is StepState.OPEN


def test_who_takes_their_yes_back_is_not_told():  # OFFB-37
    d = Remembering(may_tell=True)
    d.do(ac.SetOptIn(by="p-csm", may_tell=False, words="please stop"))
    assert d.refused(TOLD).kind is RefusalType.CONSENT_MISSING


def test_a_clean_break_ends_every_telling():  # OFFB-51
    d = Remembering(may_tell=True)
    d.do(ac.LeaveInPeace(by="p-csm", words="leave us alone"))
    assert d.refused(TOLD).kind is RefusalType.CASE_CLOSED


def test_a_fix_that_lies_ahead_is_not_told_of():  # OFFB-37
    d = Remembering(may_tell=True)
    ahead = TOLD.model_copy(update={"since": START.date() + timedelta(days=9)})
    assert d.refused(ahead).kind is RefusalType.ILLEGAL_MOVE


def test_a_letter_that_is_left_out_was_never_told_and_gives_way_to_another():  # OFFB-37
    d = Remembering(may_tell=True)
    d.do(TOLD)
    assert d.refused(TOLD).kind is RefusalType.ILLEGAL_MOVE
    d.skip("contact_1")
    assert d.happened("outreach_left") == ["contact 1 was left out"]
    d.do(TOLD)
    d.skip("contact_2")
    assert d.happened("outreach_left") == ["contact 1 was left out", "contact 2 was left out"]


# after the erasure of their data


def erased() -> Remembering:
    d = Remembering()
    d.after(days=91)
    d.signal(ac.DataErased(case_id="ret-1", erased_at=d.now))
    return d


def test_after_the_erasure_a_contact_is_a_persons_own_and_says_why():  # OFFB-54, GDPR 5(1)(c)
    d = erased()
    d.do(FIXED)
    d.do(WRITE)
    spec = d.case.spec("contact_1")
    assert (spec.template, d.times(Verb.DRAFT_MESSAGE)) == (None, 0)
    assert "address was erased on 2027-02-15" in spec.title
    d.done("contact_1")
    assert d.case.outreaches[0].sent_at == d.now
    d.do(GROWTH)
    assert d.refused(WRITE).kind is RefusalType.ATTEMPT_LIMIT


def test_a_letter_that_was_unsent_at_the_erasure_is_withdrawn_and_its_owner_hears_of_it():
    d = Remembering()
    d.do(FIXED)
    d.do(WRITE)
    d.signal(ac.DataErased(case_id="ret-1", erased_at=d.now))
    assert d.state("contact_1") is StepState.SKIPPED
    assert d.case.triggers[0].used_by == 0
    assert [to for _, to, word, step in d.told() if word == "failed"] == ["p-csm"]
    d.do(WRITE)
    assert d.case.spec("contact_2").template is None
