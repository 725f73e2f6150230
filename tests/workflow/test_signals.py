"""Facts that nobody waits for: whatever they hold, the case is unharmed, and nothing is lost in silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from tests.company import CSM, MANAGER, SPOKE, STRANGER
from tests.world import World, soon
from workflows.contract import SIGNALS

GARBAGE: list[Any] = [
    b"\x00\xff\x00 not json",
    RawValue(Payload(metadata={"encoding": b"binary/encrypted"}, data=b"\x01\x02")),
    RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"{broken")),
    RawValue(Payload()),
    "save them",
    17,
    None,
    [],
    {},
    {"playbook": 5, "by": [], "reason": {}},
    {"playbook": "product_technical", "by": CSM, "reason": "x", "extra": "y" * 2000},
]


@pytest.mark.parametrize("name", sorted(SIGNALS))
async def test_garbage_in_a_signal_never_hurts_the_case_and_is_on_the_timeline(world: World, name: str):
    await world.opened()
    for payload in GARBAGE:
        await world.signal(name, payload)
    await soon(world.case.signal(name))
    await soon(world.case.signal(name, args=[{"by": CSM}, "and", "more"]))
    await world.passes(minutes=5)
    refused = await world.happened("signal_refused")
    assert len(refused) >= len(GARBAGE)
    assert all(event["text"].startswith(f"{name}: ") for event in refused)
    assert (await world.tell("complete_step", step_id="ack_call", evidence=SPOKE))["stage"] == "contacted"
    manager = [mail.letter.text for mail in await world.mails(f"{MANAGER}/send_digest")]
    assert any(name in text for text in manager), "a refused signal without a sender is told to the manager"


async def test_an_unknown_signal_never_hurts_the_case(world: World):
    await world.opened()
    await world.signal("do_magic", {"by": CSM})
    assert (await world.tell("complete_step", step_id="ack_call", evidence=SPOKE))["ok"]


async def test_an_unknown_playbook_is_answered_by_a_notice_to_whoever_asked(world: World):
    await world.opened()
    await world.signal("trigger_playbook", {"playbook": "wishful", "by": CSM, "reason": "asked to leave"})
    await world.passes(minutes=5)
    assert (await world.status())["plan"] == "product_technical@1"
    assert "wishful" in (await world.happened("load_plan_refused"))[0]["text"]
    assert any("wishful" in mail.letter.text for mail in await world.mails(f"{CSM}/send_digest"))


async def test_a_stranger_cannot_switch_the_playbook_and_the_manager_hears_of_it(world: World):
    await world.opened()
    await world.signal("trigger_playbook", {"playbook": "budget_economic", "by": STRANGER, "reason": "x"})
    await world.passes(minutes=5)
    assert (await world.status())["plan"] == "product_technical@1"
    refused = (await world.happened("signal_refused"))[0]
    assert (refused["by"], STRANGER in refused["text"]) == (STRANGER, True)
    assert any(STRANGER in mail.letter.text for mail in await world.mails(f"{MANAGER}/send_digest"))


async def test_a_playbook_can_be_triggered_before_the_case_is_loaded(world: World):
    await world.open()
    await world.signal("trigger_playbook", {"playbook": "product_technical", "by": CSM, "reason": "asked to leave"})
    await world.passes(minutes=5)
    assert (await world.status())["plan"] == "product_technical@1"
    assert (await world.step("ack_call"))["state"] == "open"


async def test_a_playbook_can_be_triggered_on_a_running_case(world: World):
    await world.opened("common_spine")
    await world.tell("complete_step", step_id="contact_call", evidence=SPOKE)
    await world.signal("trigger_playbook", {"playbook": "product_technical", "by": CSM, "reason": "asked to leave"})
    await world.passes(minutes=5)
    assert (await world.status())["plan"] == "product_technical@1"
    assert (await world.step("contact_call"))["state"] == "done"
    again = {"playbook": "product_technical", "by": CSM, "reason": "to be sure"}
    await world.signal("trigger_playbook", again)
    assert "runs already" in (await world.happened("playbook_runs"))[0]["text"]


async def test_a_risk_signal_feeds_the_open_case_and_a_wish_to_cancel_makes_it_urgent(world: World):  # AMB-38
    await world.opened(reason="usage_falling")
    before = (await world.step("ack_call"))["due"]
    await world.signal("risk_signal", {"kind": "usage_falling", "detail": "active users down by half"})
    await world.signal("cancellation_requested", {"case_id": "c-1"})
    await world.passes(minutes=1)
    assert [event["text"].split(":")[0] for event in await world.happened("risk_signal")] == [
        "usage_falling",
        "cancellation_submitted",
    ]
    assert (await world.step("ack_call"))["due"] <= before


async def test_work_goes_to_the_deputy_on_the_signal_that_its_owner_is_away(world: World):
    await world.opened()
    now = await world.clock()
    await world.goes_away(CSM, now + timedelta(hours=1), now + timedelta(days=20))
    await world.passes(hours=2)
    assert (await world.step("ack_call"))["person"] == "usr-06"
    assert any(event["step"] == "ack_call" for event in await world.happened("rerouted"))
    assert await world.mails("usr-06/send_digest")
    await world.parts.directory.deactivate("usr-06")
    await world.signal("team_changed", {"person": "usr-06"})
    await world.passes(minutes=5)
    assert (await world.step("ack_call"))["person"] == MANAGER
