"""A part that is down delays nothing but itself, and when it is back each effect takes place once."""

from __future__ import annotations

import asyncio
from collections import Counter

from models.faults import PermanentFault, TransientFault
from tests.company import CSM, MANAGER, NOTICE, SPOKE
from tests.faulty import Faulty
from tests.world import World

DOWN = TransientFault("the service does not answer")


async def test_a_crm_that_is_down_for_six_hours_delays_no_mail_and_no_escalation(
    shaky_world: World, faulty_crm: Faulty
):
    world = shaky_world
    faulty_crm.fault = DOWN
    await world.opened()
    answer = await world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE)
    assert "was sent" in answer["said"]
    assert (await world.step("alert_stakeholders"))["state"] == "done"
    await world.passes(hours=6)
    assert not await world.parts.crm.tasks("acc-0013")
    assert faulty_crm.refused > 1
    assert (await world.happened("sync_tasks_waits"))[0]["text"].startswith("did not go through")
    faulty_crm.fault = None
    await world.passes(hours=7)
    tasks = await world.parts.crm.tasks("acc-0013")
    open_now = {s["id"] for s in (await world.status())["steps"] if s["state"] == "open" and "standup" not in s["id"]}
    assert open_now <= {task.step for task in tasks if task.open}
    assert max(Counter(task.key for task in tasks).values()) == 1


async def test_escalations_climb_while_the_crm_is_down(shaky_world: World, faulty_crm: Faulty):
    world = shaky_world
    await world.opened()
    faulty_crm.fault = DOWN
    await world.tell("complete_step", step_id="inv_tickets", evidence="tickets 4711 and 4712, all about the export")
    await world.passes(days=2, hours=2)
    assert (await world.step("ack_call"))["state"] == "open"
    assert "ack_call" in (await world.status())["overdue"]
    for person in (CSM, MANAGER, "usr-10"):
        assert any("ack_call" in mail.letter.text for mail in await world.mails(f"{person}/send_digest")), person


async def test_a_crm_that_never_comes_back_becomes_a_persons_step(shaky_world: World, faulty_crm: Faulty):
    world = shaky_world
    faulty_crm.fault = DOWN
    await world.opened()
    await world.passes(days=2)
    by_hand = next(step for step in (await world.status())["steps"] if step["id"].startswith("by_hand_"))
    assert (by_hand["state"], by_hand["person"]) == ("open", MANAGER)
    assert "CRM tasks" in by_hand["title"]


async def test_a_lost_answer_is_not_a_second_effect(shaky_world: World, faulty_crm: Faulty, faulty_email: Faulty):
    world = shaky_world
    faulty_crm.lost = faulty_email.lost = 3
    await world.opened()
    await world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE)
    await world.passes(hours=1)
    assert (faulty_crm.lost, faulty_email.lost) == (0, 0)
    assert len(await world.mails("release_message")) == 1
    letters = Counter((mail.letter.to.address, mail.letter.subject, mail.letter.text) for mail in await world.mails())
    assert max(letters.values()) == 1
    assert max(Counter(task.step for task in await world.parts.crm.tasks("acc-0013")).values()) == 1


async def test_an_automatic_step_that_cannot_be_done_becomes_a_persons_step(shaky_world: World, faulty_email: Faulty):
    world = shaky_world
    faulty_email.fault, faulty_email.only = PermanentFault("Refused", "the service refuses it for good"), "notify_team"
    await world.opened()
    await world.passes(hours=1)
    step = await world.step("alert_stakeholders")
    assert (step["state"], step["person"]) == ("open", CSM)
    assert "now for" in (await world.happened("step_manual"))[0]["text"]
    assert any("Alert internal stakeholders" in mail.letter.text for mail in await world.mails(f"{CSM}/send_digest"))
    proof = "told the manager, product, support and sales on 24 Nov, note 4711"
    assert (await world.tell("complete_step", step_id="alert_stakeholders", evidence=proof))["ok"]


async def test_a_release_whose_mail_is_down_is_put_off_and_leaves_once(shaky_world: World, faulty_email: Faulty):
    world = shaky_world
    await world.opened()
    faulty_email.fault = DOWN
    release = asyncio.ensure_future(world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE))
    while not release.done():
        await world.passes(minutes=1)
    answer = await release
    assert "held back for now" in answer["said"]
    faulty_email.fault = None
    await world.passes(hours=1)
    assert await world.effects("release_message") == ["engaged_notice-1/release_message"]
    assert (await world.step("engaged_notice"))["state"] == "done"


async def test_the_book_is_written_whatever_else_is_down(shaky_world: World, faulty_crm: Faulty, faulty_email: Faulty):
    world = shaky_world
    faulty_crm.fault = faulty_email.fault = DOWN
    await world.opened()
    await world.tell("complete_step", step_id="ack_call", evidence=SPOKE)
    await world.passes(minutes=6)  # the tasks of the CRM were tried after the mail, five minutes each
    (case,) = await world.parts.book.cases()
    assert case.stage == "contacted"
    states = {step.status.id: step.status.state for step in await world.parts.book.steps(case.case_id)}
    assert states["ack_call"] == "done"
