"""How a save attempt begins: by plain JSON, from anybody, and never in silence."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError

from settings import Settings
from tests.company import ACCOUNT, CSM, MANAGER, SPOKE
from tests.world import World, soon


async def test_plain_json_opens_a_case_with_a_plan_and_an_owner(world: World):
    await world.opened()
    status = await world.status()
    assert (status["stage"], status["plan"], status["account_id"]) == ("opened", "product_technical@1", ACCOUNT)
    call = await world.step("ack_call")
    assert (call["owner"], call["person"], call["state"]) == ("csm", CSM, "open")
    assert call["due"] == status["next_due"]


async def test_without_a_playbook_the_common_spine_runs(world: World):  # PLAY-10
    await world.open()
    await world.passes(minutes=5)
    assert (await world.status())["plan"] == "common_spine@1"


async def test_a_command_that_comes_before_the_case_is_loaded_waits_for_it(world: World):
    await world.open(playbook="product_technical")
    answer = await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    assert answer["ok"] is True
    assert answer["stage"] == "contacted"
    happened = [(event["kind"], event["step"]) for event in (await world.status())["timeline"]]
    prepared, called = ("page_prepared", "contact_call"), ("step_done", "ack_call")
    assert happened.index(prepared) < happened.index(called)  # DIS-6: preparation before persuasion
    brief = await world.parts.documents.find(f"{(await world.status())['case_id']}/contact_call/prepare_brief")
    assert brief is not None
    assert brief.person == CSM


async def test_an_account_that_nobody_knows_is_refused_and_the_case_closes_as_rejected(world: World):
    await world.open("acc-9999")
    refusal = await world.refused("log_contact", channel="phone", answered=True, summary="they called us")
    assert refusal.type == "UnknownAccount"
    assert "acc-9999" in refusal.sentence
    final = await world.ends()
    assert (final["stage"], final["outcome"]) == ("closed", "rejected")


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        ("save it", "SaveStart takes account_id"),
        (None, "SaveStart takes account_id"),
        ([1, 2], "SaveStart takes account_id"),
        ({"account_id": ACCOUNT}, "opened_by is missing"),
        ({"account_id": ACCOUNT, "opened_by": CSM, "reason": "x", "vip": True}, "vip"),
        ({"account_id": "../etc", "opened_by": CSM, "reason": "x"}, "account_id"),
        (b"\x00\xff\x00", "SaveStart takes"),
        ({"resumed": {"account": 5}}, "resumed is not known here"),
        ({"account_id": "acc-0001", "opened_by": CSM, "reason": "x"}, "save:acc-0001"),
    ],
)
async def test_a_start_that_is_none_fails_once_and_says_what_a_start_takes(world: World, payload: Any, word: str):
    await world.start(payload, f"save:{ACCOUNT}")
    with pytest.raises(WorkflowFailureError) as failure:
        await soon(world.case.result())
    cause = failure.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "BadPayload"
    assert word in cause.message
    assert cause.non_retryable
    assert not await world.effects()


@pytest.mark.parametrize("inputs", [[], [{"account_id": ACCOUNT, "opened_by": CSM, "reason": "x"}, "and more"]])
async def test_a_start_with_no_input_or_with_two_fails_once(world: World, inputs: list[Any]):
    world.case = await soon(
        world.client.start_workflow("SaveAttempt", args=inputs, id=f"save:{ACCOUNT}", task_queue="cases")
    )
    with pytest.raises(WorkflowFailureError) as failure:
        await soon(world.case.result())
    assert isinstance(failure.value.cause, ApplicationError)
    assert failure.value.cause.type == "BadPayload"


async def test_an_unknown_playbook_leaves_the_spine_and_tells_whoever_opened_the_case(world: World):
    await world.opened("no_such_playbook")
    assert (await world.status())["plan"] == "common_spine@1"
    refused = await world.happened("load_plan_refused")
    assert "no_such_playbook" in refused[0]["text"]
    assert refused[0]["by"] == CSM
    told = await world.mails("send_digest")
    assert any("no_such_playbook" in mail.letter.text for mail in told)
    assert {mail.letter.to.name for mail in told} == {"Zoë Van den Berg"}


async def test_a_spine_that_is_broken_keeps_the_case_waiting_and_a_corrected_one_starts_it(
    world: World, settings: Settings
):
    spine = settings.playbooks / "save" / "common_spine.yaml"
    good = await asyncio.to_thread(_spoiled, spine)
    await world.open(playbook="product_technical")
    await world.passes(hours=6)
    history = await world.history()
    tries = sum(event.HasField("activity_task_scheduled_event_attributes") for event in history)
    assert tries < 40, "the case runs hot on a playbook that nobody has corrected"
    assert any("wizard" in mail.letter.text for mail in await world.mails("send_digest"))
    await asyncio.to_thread(shutil.move, good, spine)
    await world.passes(days=1)
    assert (await world.status())["plan"].endswith("@1")


def _spoiled(path: Path) -> Path:
    """Spoil a playbook; gives where the good one is kept."""
    kept = Path(shutil.copy(path, path.with_suffix(".good")))
    path.write_text(path.read_text(encoding="utf-8").replace("owner: csm", "owner: wizard"), encoding="utf-8")
    return kept


async def test_a_second_start_for_the_account_reaches_the_open_case(world: World):
    await world.opened()
    first = (await world.status())["case_id"]
    again = await soon(
        world.client.start_workflow(
            "SaveAttempt",
            {"account_id": ACCOUNT, "opened_by": MANAGER, "reason": "second_thoughts"},
            id=f"save:{ACCOUNT}",
            task_queue="cases",
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
    )
    assert (await again.query("status"))["case_id"] == first


async def test_a_case_that_ran_elsewhere_keeps_its_past_and_no_storm_follows(world: World):
    opened_at = (await world.clock()) - timedelta(days=20)
    done = [
        {"step_id": "ack_call", "by": CSM, "at": (opened_at + timedelta(hours=4)).isoformat(), "evidence": SPOKE},
        {"step_id": "no_such_step", "by": CSM, "at": opened_at.isoformat(), "evidence": "something"},
    ]
    past = {"opened_at": opened_at.isoformat(), "root_cause": "missing_feature", "whys": ["no export"], "done": done}
    await world.opened(past=past)
    status = await world.status()
    assert status["opened_at"] == opened_at.isoformat().replace("+00:00", "Z")
    assert (await world.step("ack_call"))["state"] == "done"
    assert status["overdue"] == []
    assert [event["text"].split()[0] for event in await world.happened("import_not_owed")] == ["no_such_step"]
    told = [mail.letter.text for mail in await world.mails("send_digest")]
    assert len(told) <= 1
    assert not any("verdue" in text for text in told)
