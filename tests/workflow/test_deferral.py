"""A customer who decides later is not forgotten: on their day the save opens again, once, by itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError, CancelledError

from activities.siblings import SiblingActivities
from adapters.temporal.skipping import fast_forward
from models.case import CaseKind
from models.starts import DeferralStart
from models.work import StartCase
from tests.company import ACCOUNT, CSM, ENGINEER, EXPORT, SPOKE
from tests.world import World, soon, world_on
from workflows.contract import WorkflowType, deferral_id, save_id


async def deferred(world: World, days: int, *, promised_within: int = 0) -> dict[str, Any]:
    """A save that the customer puts off by so many days, and what the closing answered.

    ``promised_within``: they were promised their export in so many days.
    """
    await world.open(playbook="product_technical")
    if promised_within:
        await world.tell("make_commitment", **EXPORT, due=await ahead(world, promised_within))
    await world.tell("log_contact", channel="phone", answered=True, summary="they decide after their budget round")
    day = await ahead(world, days)
    answer = await world.tell("close", outcome="deferred", notes="they decide then", decision_date=day)
    await world.ends()
    return answer


async def ahead(world: World, days: int) -> str:
    """The moment so many days from now, as a command names it."""
    return (await world.clock() + timedelta(days=days)).isoformat()


async def test_on_the_day_of_the_decision_the_save_opens_again(served: World):  # CONV-23
    answer = await deferred(served, days=40)
    assert "takes the account up again on the decision date" in answer["said"]
    former = (await served.parts.book.cases())[0]
    waiting = world_on(served.client, served.parts, CaseKind.DEFERRAL)
    begun = (await waiting.status())["opened_at"]
    assert (await waiting.status())["stage"] == "waiting"
    await waiting.passes(days=39)
    assert (await waiting.status())["opened_at"] == begun
    assert len(await served.parts.book.cases()) == 1
    await fast_forward(served.client, deferral_id(ACCOUNT), timedelta(days=2))
    assert (await waiting.ends())["stage"] == "decided"
    opened = (await served.status())["opened_at"]
    assert opened > (await served.clock() + timedelta(days=38)).isoformat()  # its clock, which is moved up to it
    await fast_forward(served.client, save_id(ACCOUNT), timedelta(days=40, minutes=10))
    again = await opened_again(served)
    assert not again["overdue"]
    assert again["case_id"] != former.case_id
    assert any(former.case_id in event["text"] for event in again["timeline"])
    known = "\n".join(event["text"] for event in again["timeline"] if event["kind"] == "known_before")
    assert "they decide after their budget round" in known
    assert again["plan"].startswith("product_technical@")


async def test_what_was_promised_is_owed_by_the_save_that_opens_again(served: World):  # SAVE-29, CONV-23
    await deferred(served, days=40, promised_within=60)
    await fast_forward(served.client, deferral_id(ACCOUNT), timedelta(days=41))
    await fast_forward(served.client, save_id(ACCOUNT), timedelta(days=41))
    again = await opened_again(served)
    assert [(one["id"], one["state"], one["owner"]) for one in again["commitments"]] == [
        ("promise_1", "open", ENGINEER)
    ]
    assert (await served.step("promise_1"))["state"] == "open"


async def test_a_save_that_is_opened_by_hand_before_the_day_owes_what_was_promised(served: World):  # SAVE-29, CONV-23
    await deferred(served, days=40, promised_within=60)
    waiting = served.client.get_workflow_handle(deferral_id(ACCOUNT))
    assert [one["id"] for one in (await soon(waiting.query("parked")))["commitments"]] == ["promise_1"]
    await served.open(playbook="product_technical")
    assert (await promised(served))[0]["owner"] == ENGINEER
    assert (await served.step("promise_1"))["state"] == "open"
    assert "they decide after their budget round" in "; ".join(
        one["text"] for one in await served.happened("known_before")
    )
    await emptied(waiting)
    await served.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await served.tell("record_root_cause", root_cause="missing_feature", whys=["the export is missing"])
    await served.tell("close", outcome="saved_full", evidence="renewal R-2291 signed on Monday", notes="they stay")
    assert [one["id"] for one in (await served.ends())["commitments"]] == ["promise_1"]
    with pytest.raises(WorkflowFailureError):
        await soon(waiting.result())
    recovery = world_on(served.client, served.parts, CaseKind.RECOVERY)
    assert [one["id"] for one in (await promised(recovery))] == ["promise_1"]


async def promised(world: World) -> list[dict[str, Any]]:
    """What the open case owes the customer, as soon as it owes anything."""
    for _ in range(100):
        if owed := (await soon(world.status()))["commitments"]:
            return owed
        await asyncio.sleep(0.2)
    raise AssertionError("nothing is owed")


async def emptied(waiting: WorkflowHandle[Any, Any]) -> None:
    """Wait until the deferral has handed over what it carried."""
    for _ in range(100):
        if await soon(waiting.query("parked")) is None:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("the deferral carries it still")


async def opened_again(world: World) -> dict[str, Any]:
    """The status of the save that is open now, once it has its plan."""
    for _ in range(100):
        status = await world.status()
        if status["plan"] and not status["outcome"]:
            return status
        await asyncio.sleep(0.2)
    raise AssertionError("no save was opened again")


async def test_the_day_that_was_named_last_counts(served: World):
    await deferred(served, days=40)
    await deferred(served, days=90)
    handle = served.client.get_workflow_handle(deferral_id(ACCOUNT))
    status: dict[str, Any] = await soon(handle.query("status"))
    near = await served.parts.book.cases()
    assert len(near) == 2
    assert status["next_due"] is not None
    waiting = world_on(served.client, served.parts, CaseKind.DEFERRAL)
    await waiting.passes(days=60)
    assert (await waiting.status())["stage"] == "waiting"


async def test_a_later_deferral_carries_on_what_the_earlier_one_still_carries(served: World):  # SAVE-29
    now = datetime.now(UTC)
    due = (now + timedelta(days=60)).isoformat()
    first = _parking("case-1", now, commitments=[{**OWED, "title": "the export", "due": due}])
    second = _parking("case-2", now, commitments=[{**OWED, "title": "a call a week", "due": due}])
    siblings = SiblingActivities(served.client)
    await siblings.start_case(first)
    for _ in range(2):  # the second time after a crash
        await siblings.start_case(second)
    found = await soon(served.client.get_workflow_handle(deferral_id(ACCOUNT)).query("parked"))
    assert found["case_id"] == "case-2"
    assert [(one["id"], one["title"]) for one in found["commitments"]] == [
        ("promise_1", "a call a week"),
        ("promise_2", "the export"),
    ]


OWED = {"id": "promise_1", "owner": ENGINEER}


def _parking(case_id: str, now: datetime, **carried: Any) -> StartCase:
    at = {"account_id": ACCOUNT, "save_case_id": case_id, "opened_by": CSM, "decides_at": now + timedelta(days=40)}
    return StartCase(
        key=f"{case_id}/deferral/start_case",
        case_id=case_id,
        account_id=ACCOUNT,
        workflow_type=WorkflowType.DEFERRAL,
        workflow_id=deferral_id(ACCOUNT),
        summary="wait",
        deferral=DeferralStart.model_validate(at | carried),
    )


async def test_a_deferral_that_is_none_fails_at_once_by_type(served: World):
    handle = await served.client.start_workflow(
        "Deferral", {"account_id": ACCOUNT, "opened_by": CSM}, id=deferral_id(ACCOUNT), task_queue="cases"
    )
    with pytest.raises(WorkflowFailureError) as failure:
        await soon(handle.result())
    assert isinstance(failure.value.cause, ApplicationError)
    assert failure.value.cause.type == "BadPayload"


async def test_a_deferral_that_is_cancelled_ends_at_once_and_opens_nothing(served: World):  # CONV-23
    await deferred(served, days=40)
    waiting = world_on(served.client, served.parts, CaseKind.DEFERRAL)
    assert (await waiting.status())["stage"] == "waiting"
    await soon(waiting.case.cancel())
    with pytest.raises(WorkflowFailureError) as failure:
        await soon(waiting.case.result())
    assert isinstance(failure.value.cause, CancelledError)
    assert len(await served.parts.book.cases()) == 1


async def test_an_account_that_is_won_by_a_later_attempt_is_not_asked_on_the_day_that_it_named(served: World):
    # CONV-23
    await deferred(served, days=40)
    waiting = served.client.get_workflow_handle(deferral_id(ACCOUNT))
    await served.open(playbook="product_technical")
    await served.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await served.tell("record_root_cause", root_cause="missing_feature", whys=["the export is missing"])
    assert (await soon(waiting.describe())).status is WorkflowExecutionStatus.RUNNING
    await served.tell("close", outcome="saved_full", evidence="renewal R-2291 signed on Monday", notes="they stay")
    save = await served.ends()
    assert [event["kind"] for event in save["timeline"]].count("deferral_ended") == 1
    with pytest.raises(WorkflowFailureError):
        await soon(waiting.result())
    assert (await soon(waiting.describe())).status is WorkflowExecutionStatus.CANCELED
    begun = await soon(world_on(served.client, served.parts, CaseKind.RECOVERY).status())
    assert begun["kind"] == "recovery"


async def test_a_later_attempt_that_loses_the_account_twice_ends_nothing_that_is_not_there(served: World):
    await deferred(served, days=40)
    for _ in range(2):
        await served.open(playbook="product_technical")
        await served.tell(
            "close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"]
        )
        save = await served.ends()
    assert "deferral_ended" not in [event["kind"] for event in save["timeline"]]
