"""Messages to the customer leave when a person releases them, once, and never while the kill switch is on."""

from __future__ import annotations

import asyncio

from models.letter import OutboxState
from tests.company import CSM, LETTER, MANAGER, NOTICE
from tests.world import World


async def test_a_draft_waits_for_a_person_and_leaves_once_signed_by_whoever_releases_it(world: World):
    await world.opened()
    drafts = {message["id"]: message["state"] for message in (await world.status())["messages"]}
    assert drafts == {"ack_call-1": "drafted", "engaged_notice-1": "drafted", "weekly_update/1-1": "drafted"} or (
        drafts["ack_call-1"] == drafts["engaged_notice-1"] == "drafted"
    )
    assert not await world.mails("release_message")
    answer = await world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE)
    assert "was sent" in answer["said"]
    (mail,) = await world.mails("release_message")
    assert mail.letter.sender.name == "Zoë Van den Berg"
    assert NOTICE["personal_word"] in mail.letter.text
    step = await world.step("engaged_notice")
    assert (step["state"], mail.receipt in step["evidence"]["text"]) == ("done", True)
    again = await world.refused("release_message", message_id="engaged_notice-1", edits=NOTICE)
    assert again.type == "IllegalMove"
    assert len(await world.mails("release_message")) == 1


async def test_a_call_is_not_proved_by_its_letter(world: World):
    await world.opened()
    await world.tell("release_message", message_id="ack_call-1", edits=LETTER)
    assert (await world.step("ack_call"))["state"] == "open"


async def test_a_refused_release_is_answered_and_can_be_given_again(world: World):  # OFFB-58
    await world.opened()
    refusal = await world.refused("release_message", message_id="ack_call-1", edits={"issue": LETTER["issue"]})
    assert refusal.type == "MessageNotReady"
    assert "personal_word" in refusal.sentence
    assert not await world.mails("release_message")
    assert (await world.tell("release_message", message_id="ack_call-1", edits=LETTER))["ok"]
    assert len(await world.mails("release_message")) == 1


async def test_two_releases_of_one_message_at_once_are_one_mail(world: World):
    await world.opened()
    both = await asyncio.gather(
        world.tell("release_message", message_id="ack_call-1", edits=LETTER),
        world.tell("release_message", message_id="ack_call-1", edits=LETTER, by=MANAGER),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Exception) for answer in both) == 1
    assert len(await world.mails("release_message")) == 1


async def test_the_kill_switch_holds_a_released_message_and_retry_now_sends_it_once(world: World):
    await world.opened()
    await world.parts.outbox.pause("usr-10", "a wrong price is in the templates")
    answer = await world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE)
    assert "held back for now" in answer["said"]
    assert "paused" in answer["said"]
    assert (await world.step("engaged_notice"))["state"] == "open"
    assert {mail.state for mail in await world.mails("release_message")} == {OutboxState.HELD}
    twice = await world.refused("release_message", message_id="engaged_notice-1", edits=NOTICE)
    assert twice.type == "IllegalMove"
    await world.parts.outbox.resume("usr-10")
    await world.signal("retry_now", {"by": CSM})
    await world.passes(minutes=1)
    assert {mail.state for mail in await world.mails("release_message")} == {OutboxState.SENT}
    assert (await world.step("engaged_notice"))["state"] == "done"
    assert await world.effects("release_message") == ["engaged_notice-1/release_message"]


async def test_while_nothing_may_leave_everything_queues_and_then_leaves_once(world: World):
    await world.parts.outbox.pause("usr-10", "holiday freeze")
    await world.opened()
    await world.signal("trigger_playbook", {"playbook": "wishful", "by": CSM, "reason": "worth a notice"})
    await world.passes(hours=2)
    assert {mail.state for mail in await world.mails()} == {OutboxState.HELD}
    assert not await world.effects("send_digest")
    await world.parts.outbox.resume("usr-10")
    await world.passes(hours=3)  # nobody signals retry_now: the next look comes by itself
    assert OutboxState.HELD not in {mail.state for mail in await world.mails()}
    sent = await world.effects("send_digest")
    assert sent
    assert len(sent) == len(set(sent))
    assert (await world.step("alert_stakeholders"))["state"] == "done"


async def test_a_held_message_is_moot_once_the_case_is_closed(world: World):
    await world.opened()
    await world.parts.outbox.pause("usr-10", "freeze")
    await world.tell("release_message", message_id="engaged_notice-1", edits=NOTICE)
    await world.tell("close", outcome="lost", notes="they went elsewhere", customer_quotes=["it came a year too late"])
    await world.parts.outbox.resume("usr-10")
    assert (await world.ends())["outcome"] == "lost"
    assert not await world.effects("release_message")
