"""What people tell a case: each command of the contract once where it is legal, and each refusal by its type."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.service import RPCError

from tests.company import (
    ACCOUNT,
    ANSWERS,
    CSM,
    DELIVERED,
    DEPUTY,
    ENGINEER,
    EXPORT,
    MANAGER,
    NOTICE,
    SALES,
    SPOKE,
    STRANGER,
    TOLD,
)
from tests.world import World, soon
from workflows.contract import SIGNALS, UPDATES

LOOKED_UP = ("inv_tickets", "inv_analytics", "inv_csm_context", "inv_product", "inv_competitive")


async def ahead(world: World, **delta: float) -> str:
    return (await world.clock() + timedelta(**delta)).isoformat()


async def test_every_command_of_the_contract_is_accepted_where_it_is_legal(world: World):
    await world.opened()
    until = await ahead(world, days=3)
    soon_after, later_on = (await ahead(world, days=30))[:10], (await ahead(world, days=60))[:10]
    story: list[tuple[str, dict[str, Any]]] = [
        ("log_contact", {"channel": "phone", "answered": True, "summary": "the ops lead explained the export"}),
        ("complete_step", {"step_id": "ack_call", "evidence": SPOKE}),
        ("record_root_cause", {"root_cause": "missing_feature", "whys": ["no export", "never built"]}),
        ("tag_statement", {"code": "eval_alternatives", "quote": "we are looking around"}),
        ("triage", {"answers": dict.fromkeys(("can_solve", "still_needed"), "yes"), "probability": "high"}),
        ("release_message", {"message_id": "engaged_notice-1", "edits": NOTICE}),
        ("reschedule_step", {"step_id": "issue_doc", "due": until, "reason": "the logs come on Thursday"}),
        ("reopen_step", {"step_id": "ack_call", "reason": "nobody with authority was named"}),
        ("skip_step", {"step_id": "assign_tsm", "reason": "the fix is small", "by": MANAGER}),
        ("add_step", {"step_id": "visit", "title": "Visit the ops team", "owner": "csm", "due": until, "reason": "x"}),
        ("make_commitment", EXPORT | {"due": until}),
        ("fulfil_commitment", {"commitment_id": "promise_1", "evidence": DELIVERED}),
        ("communicate_commitment", {"commitment_id": "promise_1", "evidence": TOLD}),
        ("confirm_commitment", {"commitment_id": "promise_1", "evidence": "the ops lead ran it and it works"}),
        ("make_commitment", EXPORT | {"due": until, "text": "A call each day"}),
        ("withdraw_commitment", {"commitment_id": "promise_2", "reason": "that was another customer"}),
        *(("complete_step", {"step_id": step, "by": MANAGER, "evidence": ANSWERS[step]}) for step in LOOKED_UP),
        ("propose_offer", {"offer": "interim_manual_service", "details": {"until_date": soon_after}}),
        ("withdraw_offer", {"offer_id": "offer_1", "reason": "two months were meant"}),
        ("propose_offer", {"offer": "interim_manual_service", "details": {"until_date": later_on}}),
        ("decide_approval", {"approval_id": "approval_2", "decision": "approved", "by": MANAGER}),
        ("answer_offer", {"offer_id": "offer_2", "answer": "declined", "evidence": "email 4712: no need"}),
        ("assign", {"role": "sales", "person": "usr-15", "by": MANAGER}),
        ("hold", {"until": until, "reason": "their office is closed"}),
        ("resume", {}),
        ("adopt_plan", {"by": MANAGER}),
        (
            "close",
            {"outcome": "lost", "notes": "they signed with somebody else", "customer_quotes": ["it came too late"]},
        ),
    ]
    assert {name for name, _ in story} == set(UPDATES)
    for name, payload in story:
        answer = await world.tell(name, **payload)
        assert answer["ok"] is True, name
        assert answer["said"], name
    final = await world.ends()
    assert (final["outcome"], final["root_cause"]) == ("lost", "missing_feature")
    told = {event["kind"] for event in final["timeline"]}
    assert {"contact", "root_cause", "statement", "triage", "message_sent", "rescheduled", "step_reopened"} <= told
    assert {"step_skipped", "step_added", "assigned", "held", "resumed", "plan_adopted", "closed"} <= told


async def test_each_refusal_has_its_type_and_says_what_would_be_accepted(world: World):
    await world.opened()
    past, far = await ahead(world, days=-1), await ahead(world, days=200)
    later = await ahead(world, days=2)
    refused: list[tuple[str, dict[str, Any], str, str]] = [
        ("complete_step", {"step_id": "ack_cal", "evidence": SPOKE}, "UnknownStep", "ack_call"),
        ("complete_step", {"step_id": "ack_call", "evidence": "done"}, "EvidenceMissing", "call 4711"),
        ("complete_step", {"step_id": "product_brief", "evidence": "brief D-7"}, "EvidenceMissing", "pain_and_impact"),
        ("complete_step", {"step_id": "fix_timeline", "evidence": SPOKE, "by": SALES}, "NotAllowed", "engineering"),
        ("complete_step", {"step_id": "ack_call", "evidence": SPOKE, "by": STRANGER}, "UnknownPerson", ACCOUNT),
        ("record_root_cause", {"root_cause": "bad_luck", "whys": ["x"]}, "UnknownRootCause", "missing_feature"),
        ("record_root_cause", {"root_cause": "product_bug", "whys": ["x"], "by": SALES}, "NotAllowed", "csm"),
        ("tag_statement", {"code": "we_love_you"}, "UnknownStatement", "eval_alternatives"),
        ("release_message", {"message_id": "ack_call-9"}, "UnknownMessage", "ack_call-1"),
        ("release_message", {"message_id": "ack_call-1"}, "MessageNotReady", "personal_word"),
        ("reschedule_step", {"step_id": "issue_doc", "due": past, "reason": "x"}, "IllegalMove", "after"),
        ("reschedule_step", {"step_id": "engaged_notice", "due": later, "reason": "x"}, "ConsentMissing", "consent"),
        ("reopen_step", {"step_id": "ack_call", "reason": "x"}, "IllegalMove", "done or skipped"),
        ("skip_step", {"step_id": "ack_call", "reason": "x"}, "IllegalMove", "skipped"),
        ("add_step", {"step_id": "ack_call", "title": "Again", "owner": "csm", "due": later, "reason": "x"},
         "IllegalMove", "another id"),
        ("add_step", {"step_id": "visit", "title": "Visit", "owner": "wizard", "due": later, "reason": "x"},
         "UnknownRole", "cs_manager"),
        ("make_commitment", EXPORT | {"due": past}, "IllegalMove", "after"),
        ("make_commitment", EXPORT | {"due": later, "owner": STRANGER}, "UnknownPerson", "team"),
        ("make_commitment", EXPORT | {"due": later, "kind": "roadmap"}, "EvidenceMissing", "product or engineering"),
        ("fulfil_commitment", {"commitment_id": "promise_1", "evidence": DELIVERED}, "UnknownCommitment", "promise_1"),
        ("assign", {"role": "wizard", "person": DEPUTY, "by": MANAGER}, "UnknownRole", "csm"),
        ("assign", {"role": "csm", "person": "usr-99", "by": MANAGER}, "UnknownPerson", "usr-99"),
        ("assign", {"role": "csm", "person": DEPUTY}, "NotAllowed", "cs_manager"),
        ("hold", {"until": far, "reason": "x"}, "IllegalMove", "hold ends"),
        ("resume", {}, "IllegalMove", "not on hold"),
        ("adopt_plan", {"playbook": "no_such", "by": MANAGER}, "UnknownPlaybook", "product_technical"),
        ("close", {"outcome": "won", "notes": "x"}, "UnknownOutcome", "saved_full"),
        ("close", {"outcome": "saved_full", "notes": "x"}, "RootCauseMissing", "record_root_cause"),
        ("close", {"outcome": "no_contact", "notes": "x"}, "IllegalMove", "unanswered"),
        ("close", {"outcome": "let_go", "notes": "x", "customer_quotes": ["it is not needed"]}, "NotAllowed", "triage"),
        ("close", {"outcome": "declined_conversation", "notes": "x"}, "EvidenceMissing", "own words"),
    ]  # fmt: skip
    before = await world.status()
    for name, payload, kind, word in refused:
        refusal = await world.refused(name, **payload)
        assert (name, refusal.type) == (name, kind), refusal.sentence
        assert word in refusal.sentence, (name, refusal.sentence)
    after = await world.status()
    assert [(s["id"], s["state"], s["due"]) for s in after["steps"]] == [
        (s["id"], s["state"], s["due"]) for s in before["steps"]
    ]
    assert (after["stage"], after["outcome"], after["plan"]) == (before["stage"], None, before["plan"])


@pytest.mark.parametrize("command", sorted(UPDATES))
def test_every_command_is_in_the_contract_with_who_gives_it(command: str):
    assert "by" in UPDATES[command].model_fields
    assert command not in SIGNALS


async def test_a_payload_of_the_wrong_shape_never_enters_the_history(world: World):
    await world.opened()
    for payload in (
        {"step_id": "ack_call"},
        {"step_id": 5, "by": CSM, "evidence": {}, "x": 1},
        "ack_call",
        [1],
        b"\0\xff",
    ):
        refusal = await world.refused("complete_step", payload)
        assert refusal.type == "BadPayload"
        assert "JSON" in refusal.sentence or "CompleteStep takes by, step_id" in refusal.sentence
    events = await world.history()
    assert not any(event.HasField("workflow_execution_update_accepted_event_attributes") for event in events)


async def test_a_command_without_any_payload_is_refused_by_shape(world: World):
    await world.opened()
    with pytest.raises(Exception) as failure:
        await soon(world.case.execute_update("resume"))
    assert getattr(failure.value.__cause__, "type", "") == "BadPayload"


async def test_a_command_that_does_not_exist_is_refused_and_the_case_lives(world: World):
    await world.opened()
    with pytest.raises(Exception) as failure:
        await soon(world.case.execute_update("save_the_day", {"by": CSM}))
    assert "save_the_day" in str(failure.value.__cause__)
    assert (await world.tell("complete_step", step_id="ack_call", evidence=SPOKE))["ok"]


async def test_the_same_update_id_twice_is_one_command(world: World):
    await world.opened()
    contact = {"channel": "phone", "answered": True, "summary": "they called back"}
    first = await world.tell("log_contact", update_id="click-1", **contact)
    again = await world.tell("log_contact", update_id="click-1", **contact)
    assert first == again
    assert len(await world.happened("contact")) == 1


async def test_two_people_completing_one_step_at_once_is_one_completion_and_one_refusal(world: World):
    await world.opened()
    both = await asyncio.gather(
        world.tell("complete_step", step_id="ack_call", evidence=SPOKE),
        world.tell("complete_step", step_id="ack_call", evidence=SPOKE, by=MANAGER),
        return_exceptions=True,
    )
    refused = [answer for answer in both if isinstance(answer, Exception)]
    assert len(refused) == 1
    assert getattr(refused[0].__cause__, "type", "") == "IllegalMove"
    done = await world.happened("step_done")
    assert [event["step"] for event in done if event["step"] == "ack_call"] == ["ack_call"]


async def test_two_people_on_different_steps_at_once_both_get_through(world: World):
    await world.opened()
    note = "the ops lead named exports twice in the March review"
    await asyncio.gather(
        world.tell("complete_step", step_id="inv_csm_context", evidence=note),
        world.tell("complete_step", step_id="feasibility", evidence=note, by=ENGINEER),
        world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE),
        world.tell("assign", role="sales", person="usr-15", by=MANAGER),
    )
    states = {step["id"]: step["state"] for step in (await world.status())["steps"]}
    assert [states[name] for name in ("inv_csm_context", "feasibility", "engaged_notice")] == ["done"] * 3


async def test_weak_evidence_is_reopened_and_owed_again(world: World):
    await world.opened()
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await world.tell("reopen_step", step_id="ack_call", reason="no stakeholder was named", by=MANAGER)
    call = await world.step("ack_call")
    assert (call["state"], call["evidence"], call["person"]) == ("open", None, CSM)
    assert SPOKE in (await world.happened("step_reopened"))[0]["text"]


async def test_a_promise_moves_with_consent_and_is_recorded_as_moved(world: World):
    await world.opened()
    due = await ahead(world, days=4)
    await world.tell(
        "reschedule_step",
        step_id="engaged_notice",
        due=due,
        reason="they are away",
        consent="agreed by email on Monday",
    )
    assert datetime.fromisoformat((await world.step("engaged_notice"))["due"]) == datetime.fromisoformat(due)
    assert (await world.happened("promise_moved"))[0]["step"] == "engaged_notice"


async def test_five_calls_that_nobody_answers_propose_no_contact_and_then_it_is_legal(world: World):
    await world.opened()
    for n in range(5):
        await world.tell("log_contact", channel="phone", answered=False, summary=f"call {n}: no answer")
    assert (await world.status())["proposals"] == ["no_contact"]
    await world.passes(minutes=5)
    assert any("no_contact" in mail.letter.text for mail in await world.mails(f"{MANAGER}/send_digest"))
    assert (await world.tell("close", outcome="no_contact", notes="five calls, no answer"))["stage"] == "closed"


async def test_a_customer_who_wants_email_only_is_not_forced_into_a_call(world: World):  # DIS-7
    await world.opened()
    wish = {"channel": "email", "answered": True, "summary": "please write, do not call", "prefers_email": True}
    await world.tell("log_contact", **wish)
    mail = "email to the ops lead: named the engineer who is responsible and asked for the logs"
    assert (await world.tell("complete_step", step_id="ack_call", evidence=mail))["ok"]


async def test_status_of_a_case_that_never_was_is_an_error_of_the_server(world: World):
    with pytest.raises(RPCError):
        await world.status()
