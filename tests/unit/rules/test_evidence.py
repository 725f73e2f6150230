"""What proves a step: its form, its contents, its decision; a refusal shows what would (D.4, DIS-7)."""

from __future__ import annotations

import pytest

from models.case import RefusalType
from models.commands import CompleteStep, EvidenceGiven, LogContact, TagStatement
from models.step import StepState
from rules import evidence
from rules.refusal import Refused
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.world import Drive

CALL = "call 4711: spoke with the ops lead, export fails on large files"
EMAIL = "email to the ops lead: they describe how the export fails"


def refusal(given: dict, email_only: bool = False, **fields) -> str:
    case = drive(spec(**fields)).case
    with pytest.raises(Refused) as caught:
        evidence.accept(case, case.plan.steps[0], EvidenceGiven.model_validate(given), email_only=email_only)
    assert caught.value.kind is RefusalType.EVIDENCE_MISSING
    return caught.value.sentence


@pytest.mark.parametrize("text", ["", "   ", "ok", "done", "yes they did"])
def test_thin_evidence_is_refused_with_what_is_enough_and_an_example(text):
    sentence = refusal({"text": text}, evidence={"kind": "call", "what": "the call log"})
    assert sentence.startswith(
        "call_them needs 'evidence' of the kind call (the call log); enough is a text that begins"
    )
    assert "for example 'call 4711:" in sentence


def test_the_example_is_the_steps_own_and_otherwise_about_no_topic():
    own = {"kind": "note", "example": "I checked each line with the contract"}
    assert refusal({"text": "ok"}, evidence=own).endswith("for example 'I checked each line with the contract'")
    assert refusal({"text": "ok"}).endswith("for example 'what was found or done, in a sentence of your own'")


def test_a_kind_that_the_policy_does_not_know_is_proved_by_nothing():
    assert refusal({"text": CALL}, evidence={"kind": "seance"}) == "call_them needs 'evidence' of the kind seance"


@pytest.mark.parametrize("form", [one.name for one in drive(spec()).case.plan.policy.evidence])
def test_each_form_says_in_words_what_is_enough(form):  # D.4
    case = drive(spec()).case
    with pytest.raises(Refused) as caught:
        evidence.check(case, form, "ok", RefusalType.EVIDENCE_MISSING, "it needs one")
    assert caught.value.sentence.startswith("it needs one; enough is a ")
    assert "for example '" in caught.value.sentence


def test_all_that_a_step_asks_for_is_said_at_once():
    decides = {"kind": "note", "decisions": ["partial", "full"]}
    sentence = refusal({"text": "ok"}, evidence=decides, contents=CONTENTS)
    assert sentence.endswith(
        "; under 'items', which also do without it: pain (the pain), urgency (how urgent); and a 'decision': partial, full"
    )
    assert "'items'" not in refusal({"text": "ok"}) and "'decision'" not in refusal({"text": "ok"})


def test_who_wants_email_alone_is_proved_by_one_and_told_so():  # DIS-7
    assert "or an email in its place" in refusal({"text": "ok"}, email_only=True, evidence={"kind": "call"})
    assert "an email" not in refusal({"text": "ok"}, evidence={"kind": "call"})


CONTENTS = [{"id": "pain", "what": "the pain"}, {"id": "urgency", "what": "how urgent"}]


def test_every_required_content_must_be_there():
    sentence = refusal({"text": CALL, "items": {"pain": "the export", "urgency": " "}}, contents=CONTENTS)
    assert sentence == "call_them still lacks, under 'items': urgency (how urgent)"


def test_a_content_that_nobody_asked_for_is_refused_by_name():
    given = {"text": CALL, "items": {"pain": "export", "urgency": "high", "mood": "bad"}}
    assert refusal(given, contents=CONTENTS) == "call_them has no item mood; its items: pain, urgency"


def test_the_contents_alone_may_prove_a_step():
    d = drive(spec(contents=CONTENTS))
    items = {"pain": " the export ", "urgency": "high"}
    d.do(CompleteStep(step_id="call_them", by="p-csm", evidence={"items": items}))
    assert [(i.content, i.text) for i in d.case.step("call_them").evidence.items] == [
        ("pain", "the export"),
        ("urgency", "high"),
    ]


DECIDES = {"kind": "note", "decisions": ["partial", "full"]}


@pytest.mark.parametrize("given", [{}, {"decision": "half"}])
def test_a_decision_is_one_of_the_plans(given):
    text = "they want to keep the core of it"
    assert refusal({"text": text, **given}, evidence=DECIDES) == "call_them needs a 'decision': partial, full"


def test_a_decision_that_nobody_asked_for_is_refused():
    text = "they want to keep the core of it"
    assert refusal({"text": text, "decision": "full"}) == "call_them asks for no decision; leave 'decision' out"


def test_an_email_is_no_call():
    assert "for example 'call 4711:" in refusal({"text": EMAIL}, evidence={"kind": "call"})


@pytest.mark.parametrize(
    "wish",
    [
        LogContact(channel="email", answered=True, summary="just email me", prefers_email=True, by="p-csm"),
        TagStatement(code="email_only", quote="no need for a call", by="p-csm"),
    ],
)
def test_a_customer_who_wants_email_only_is_not_forced_into_a_call(wish):  # DIS-7, RISK-36
    d = drive(spec(evidence={"kind": "call"}))
    d.do(wish)
    assert [fact.kind for fact in d.case.facts] == ["email_only"]
    d.do(CompleteStep(step_id="call_them", by="p-csm", evidence=EMAIL))
    assert d.case.step("call_them").state is StepState.DONE


def test_every_shipped_step_is_proved_by_the_example_of_its_kind():
    d = Drive()
    last = ("week4_validate", "standup/1")  # the first ends the weekly update
    for step in sorted((s for s in d.case.steps if not s.ended), key=lambda s: s.id in last):
        d.done(step.id, by="p-mgr")
    assert {s.id for s in d.case.steps if s.state is not StepState.DONE} == {"standup/2", "weekly_update/2"}


def test_the_given_decision_is_kept():
    d = drive(spec(evidence=DECIDES))
    d.do(note("call_them", decision="full"))
    assert d.case.step("call_them").evidence.decision == "full"
