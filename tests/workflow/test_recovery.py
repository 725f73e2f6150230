"""A won save goes on as a recovery by itself, and a relapse as a save: on the real server, clock by clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.temporal.skipping import fast_forward
from models.case import CaseKind
from models.facts import Origin, UsageDay
from tests.company import ACCOUNT, CSM, EXPORT, SPOKE
from tests.world import World, soon, world_on
from workflows.contract import recovery_id, save_id

ROOT_CAUSE = {"root_cause": "missing_feature", "whys": ["the export is missing"]}
TOUCHED = "meeting 2026-11-24 with the ops lead: the export works, they ask for the beta date"
SIGNED = {"outcome": "saved_full", "evidence": "renewal R-2291 signed on Monday", "notes": "they stay"}


def recovery_of(world: World) -> World:
    """The same instance, seen through the recovery of the account."""
    return world_on(world.client, world.parts, CaseKind.RECOVERY)


async def won(world: World) -> dict[str, Any]:
    """A save that ends well, and its final status."""
    await world.open(playbook="product_technical")
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await world.tell("record_root_cause", **ROOT_CAUSE)
    await world.tell("close", **SIGNED)
    return await world.ends()


async def test_a_won_save_starts_exactly_one_recovery_and_a_relapse_opens_a_new_save(served: World):
    save = await won(served)
    recovery = recovery_of(served)
    described = await soon(recovery.case.describe())
    begun = await planned(recovery)
    assert (begun["kind"], begun["stage"], begun["plan"]) == ("recovery", "recovering", "recovery@1")
    assert save["case_id"] in begun["timeline"][0]["text"]
    assert [event["kind"] for event in save["timeline"]].count("recovery_started") == 1
    await recovery.passes(days=8)
    assert (await recovery.step("touchpoint/1"))["overdue"]
    assert (await recovery.tell("complete_step", step_id="touchpoint/1", evidence=TOUCHED))["ok"]
    assert (await soon(recovery.case.describe())).run_id == described.run_id

    await recovery.signal("risk_signal", {"kind": "usage_falling", "detail": "logins halved"})
    ended = await recovery.ends()
    assert (ended["outcome"], ended["overdue"]) == ("relapsed", [])
    again = world_on(served.client, served.parts)
    relapse = await planned(again)
    assert relapse["case_id"] != save["case_id"]
    assert [e["text"] for e in relapse["timeline"] if e["kind"] == "risk_signal"] == [
        f"usage_falling: relapse in recovery case {begun['case_id']}: logins halved"
    ]
    entries = await served.parts.book.cases()
    assert sorted((entry.kind, entry.outcome) for entry in entries if entry.closed_at) == [
        ("recovery", "relapsed"),
        ("save", "saved_full"),
    ]


async def test_a_recovery_begins_on_the_clock_of_its_save_so_that_a_broken_promise_stays_broken(served: World):
    await served.open(playbook="product_technical")  # POST-7, SAVE-34
    due = (await served.clock() + timedelta(days=2)).isoformat()
    await served.tell("make_commitment", text="Bulk export", owner=CSM, due=due, source="call")
    await served.passes(days=12)
    await served.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await served.tell("record_root_cause", **ROOT_CAUSE)
    await served.tell("close", **SIGNED)
    save = await served.ends()
    closed = next(event["at"] for event in save["timeline"] if event["kind"] == "closed")
    recovery = recovery_of(served)
    begun = await planned(recovery)
    assert begun["opened_at"] == closed
    assert begun["as_of"] >= closed
    assert [(one["id"], one["state"]) for one in begun["commitments"]] == [("promise_1", "breached")]
    assert (await recovery.step("promise_1"))["overdue"]

    await recovery.signal("risk_signal", {"kind": "nonsense_kind", "by": "usr-99"})  # POST-12
    await recovery.signal("risk_signal", {"kind": "usage_falling"})
    ended = await recovery.ends()
    assert ended["outcome"] == "relapsed"
    (no,) = [event["text"] for event in ended["timeline"] if event["kind"] == "signal_refused"]
    assert "'nonsense_kind' is no kind of risk signal; there are " in no
    again = await planned(world_on(served.client, served.parts))
    assert again["opened_at"] >= closed
    assert [(one["id"], one["state"]) for one in again["commitments"]] == [("promise_1", "breached")]


async def planned(world: World) -> dict[str, Any]:
    """The status of a case once it has its plan."""
    for _ in range(300):
        status = await world.status()
        if any(event["kind"] == "step_opened" for event in status["timeline"]):
            return status
        await asyncio.sleep(0.1)
    raise AssertionError("the case never had its plan")


async def test_a_relapse_reaches_the_save_that_is_open_already(served: World):
    await served.open(playbook="product_technical")
    opened = await planned(served)
    due = (await served.clock() + timedelta(days=12)).isoformat()
    owed = {"id": "promise_1", "title": "Bulk export", "owner": CSM, "due": due}
    start = {
        "account_id": ACCOUNT,
        "save_case_id": "save-before",
        "saved_at": opened["opened_at"],
        "commitments": [owed],
    }
    await soon(served.client.start_workflow("SaveRecovery", start, id=recovery_id(ACCOUNT), task_queue="cases"))
    recovery = recovery_of(served)
    await planned(recovery)
    await recovery.signal("risk_signal", {"kind": "usage_falling", "by": CSM})
    assert (await recovery.ends())["outcome"] == "relapsed"
    same = await planned(world_on(served.client, served.parts))
    assert same["case_id"] == opened["case_id"]
    assert len([e for e in same["timeline"] if e["kind"] == "risk_signal"]) == 1
    assert [(one["id"], one["title"]) for one in same["commitments"]] == [("promise_1", "Bulk export")]  # SAVE-29
    assert save_id(ACCOUNT) == served.case.id


async def test_a_month_after_the_save_a_report_is_reviewed_and_sent_and_the_check_in_knows_every_promise(served: World):
    # POST-1, POST-6
    await served.open(playbook="product_technical")
    await served.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await served.tell("record_root_cause", **ROOT_CAUSE)
    due = (await served.clock() + timedelta(days=12)).isoformat()
    await served.tell("make_commitment", **EXPORT, due=due)
    await served.tell("close", **SIGNED)
    await served.ends()
    recovery = recovery_of(served)
    begun = await planned(recovery)
    saved = await recovery.clock()
    days = (saved.date() + timedelta(days=n) for n in range(28))
    used = [UsageDay(account_id=ACCOUNT, day=day, logins=25) for day in days]
    await served.parts.usage.put(used, Origin(source="csv:usage.csv", received_at=saved))
    for _ in range(4):
        await soon(fast_forward(served.client, recovery.case.id, timedelta(days=7)))
    key = f"{begun['case_id']}/value_report/prepare_page/1"
    page = await served.parts.documents.find(key)
    assert page is not None
    assert await served.parts.documents.find(page.chart_key) is not None
    mine = {
        "personal_word": "You showed me the close on Tuesday.",
        "reading": "Your close no longer waits for exports.",
    }
    assert (await recovery.tell("release_message", message_id="value_report-1", edits=mine))["ok"]
    assert (await recovery.step("value_report/1"))["state"] == "done"
    (mail,) = [mail for mail in await served.mails("release_message") if "value_report-1" in mail.key]
    assert "logins: 675 in all" in mail.letter.text or "logins: 650 in all" in mail.letter.text
    await soon(fast_forward(served.client, recovery.case.id, timedelta(days=1)))
    check_in = await served.parts.documents.find(f"{begun['case_id']}/check_in_30/prepare_page/1")
    assert check_in is not None
    assert f"{EXPORT['text']}" in check_in.text
    assert "LATE, still owed" in check_in.text


async def test_what_was_agreed_at_the_save_wakes_the_csm_in_the_recovery(served: World):  # CONV-23, DIS-23
    begun_at = (datetime.now(UTC) - timedelta(days=10)).isoformat()
    await served.open(playbook="product_technical", past={"opened_at": begun_at})
    await served.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await served.tell("record_root_cause", **ROOT_CAUSE)
    again = (await served.clock() + timedelta(days=6)).isoformat()
    answer = await served.tell("close", **SIGNED, follow_up=again)
    assert "follow_up is a step of the recovery" in answer["said"]
    await served.ends()
    recovery = recovery_of(served)
    begun = await planned(recovery)
    owed = {step["id"]: step for step in begun["steps"]}
    assert owed["day30_followup"]["due"] < owed["check_in_30"]["due"]
    await recovery.passes(days=6)
    assert (await recovery.step("follow_up"))["state"] == "open"
    await recovery.passes(days=13)
    drafts = [message["step"] for message in (await recovery.status())["messages"]]
    assert "day30_followup" in drafts
    said = "call 4712: the export works, they see the value"
    assert (await recovery.tell("complete_step", step_id="day30_followup", evidence=said))["ok"]


async def test_a_recovery_under_another_id_or_without_its_fields_is_refused(served: World):
    for payload, name in (({"account_id": ACCOUNT}, recovery_id(ACCOUNT)), ({}, "recovery:x")):
        handle = await soon(served.client.start_workflow("SaveRecovery", payload, id=name, task_queue="cases"))
        with pytest.raises(Exception, match="Workflow execution failed"):
            await soon(handle.result())


async def test_a_year_in_which_nobody_does_anything_stays_in_short_histories(served: World):
    start = {"account_id": ACCOUNT, "save_case_id": "save-1", "saved_at": datetime.now(UTC).isoformat()}
    await soon(served.client.start_workflow("SaveRecovery", start, id=recovery_id(ACCOUNT), task_queue="cases"))
    recovery = recovery_of(served)
    await planned(recovery)
    lengths: dict[str, int] = {}
    for _ in range(25):
        await soon(fast_forward(served.client, recovery.case.id, timedelta(days=15)))
        history = await soon(recovery.case.fetch_history())
        lengths[history.events[0].workflow_execution_started_event_attributes.original_execution_run_id] = len(
            history.events
        )
    assert len(lengths) > 1
    assert max(lengths.values()) < 2_000
    status = await recovery.status()
    assert "end_of_monitoring" in status["overdue"]
    missed = [step["state"] for step in status["steps"] if step["id"].startswith("touchpoint/")]
    assert missed == ["failed"] * 11 + ["open"]
