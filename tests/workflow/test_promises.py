"""A promise in a running case: it is seen through, its breach is heard, and it outlives the save (SAVE-27..30)."""

from __future__ import annotations

from datetime import timedelta

from tests.company import DELIVERED, ENGINEER, EXECUTIVE, EXPORT, MANAGER, TOLD
from tests.world import World


async def promised(world: World) -> None:
    await world.opened("common_spine")
    due = (await world.clock() + timedelta(days=2)).isoformat()
    await world.tell("make_commitment", **EXPORT, due=due)
    await world.passes(minutes=1)


async def state(world: World) -> str:
    await world.passes(minutes=1)
    (known,) = (await world.status())["commitments"]
    return str(known["state"])


async def test_a_promise_is_owed_by_its_person_and_is_done_told_and_seen(world: World):
    await promised(world)
    step = await world.step("promise_1")
    assert (step["state"], step["person"], await state(world)) == ("open", ENGINEER, "open")
    await world.tell("complete_step", step_id="promise_1", evidence=DELIVERED, by=ENGINEER)
    assert await state(world) == "done"
    await world.tell("communicate_commitment", commitment_id="promise_1", evidence=TOLD)
    assert await state(world) == "communicated"
    await world.tell("confirm_commitment", commitment_id="promise_1", evidence="the ops lead ran it and it works")
    assert await state(world) == "customer_confirmed"


async def test_a_broken_promise_is_heard_by_manager_and_executive_and_is_still_owed_after_the_save(world: World):
    await promised(world)
    await world.passes(days=2, hours=1)
    assert await state(world) == "breached"
    digests = (mail for mail in await world.mails("send_digest") if EXPORT["text"] in mail.letter.text)
    heard = {mail.key.split("/")[-3] for mail in digests}
    assert {MANAGER, EXECUTIVE, ENGINEER} <= heard
    assert len(await world.happened("promise_breached")) == 1
    words = "we have decided not to talk about it any more"
    await world.tell("close", outcome="declined_conversation", notes="they do not answer", evidence=words)
    final = await world.ends()
    assert [(c["id"], c["state"]) for c in final["commitments"]] == [("promise_1", "breached")]
    booked = await world.parts.book.status_of(final["case_id"])
    assert [(c.id, c.owner, c.state) for c in booked.commitments] == [("promise_1", ENGINEER, "breached")]
    assert booked.commitments[0].title == EXPORT["text"]
