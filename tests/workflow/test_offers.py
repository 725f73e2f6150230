"""An offer in a running case, with the real ledger: proposed, approved, accepted, applied once, and over on its day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from parts import Parts
from tests.company import ACCOUNT, CSM, EXECUTIVE, MANAGER, SALES, SPOKE
from tests.faulty import Faulty
from tests.world import World, server, skipping_world, working, world_on

BRIDGE: dict[str, Any] = {"offer": "bridge_discount", "pct": 20, "lasts": "P1M", "tied_to": "reference"}
THEIR_WORD = "email 4711: they take the bridge"


async def diagnosed(world: World) -> None:
    await world.opened("budget_economic")
    await world.tell("complete_step", step_id="contact_call", evidence=SPOKE)
    await world.tell("record_root_cause", root_cause="budget_cut", whys=["a hiring freeze"])
    await world.investigated()


async def offer(world: World, n: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = (await world.status())["offers"][n]
    return found


@pytest.fixture
async def lasting(parts: Parts) -> AsyncIterator[World]:
    """A world for whole months, in which no task replays the whole history."""
    async with skipping_world(parts) as opened:
        yield opened


async def test_an_accepted_offer_is_applied_once_and_the_standard_price_comes_back(lasting: World):
    world = lasting
    await world.opened("budget_economic")
    refusal = await world.refused("propose_offer", **BRIDGE)
    assert refusal.type == "RootCauseMissing"
    await world.tell("complete_step", step_id="contact_call", evidence=SPOKE)
    await world.tell("record_root_cause", root_cause="budget_cut", whys=["a hiring freeze"])
    refusal = await world.refused("propose_offer", **BRIDGE)
    assert (refusal.type, "inv_whys, inv_budget_cycle" in refusal.sentence) == ("InvestigationOpen", True)  # PLAY-3
    await world.investigated()
    said = (await world.tell("propose_offer", **BRIDGE))["said"]
    assert "of your budget of this quarter USD 15,000.00 are left" in said
    assert (await world.step("approval_1"))["person"] == MANAGER
    assert (await world.refused("answer_offer", offer_id="offer_1", answer="accepted", evidence="yes")).type == (
        "ApprovalMissing"
    )
    assert (
        await world.refused("decide_approval", approval_id="approval_1", decision="approved")
    ).type == "SelfApproved"
    await world.tell("decide_approval", approval_id="approval_1", decision="approved", by=MANAGER)
    await world.tell("answer_offer", offer_id="offer_1", answer="accepted", evidence=THEIR_WORD)
    await world.passes(minutes=1)

    known = await offer(world)
    assert (known["state"], known["receipt"][:11]) == ("applied", "concession-")
    assert await world.effects("apply_concession") == ["offer_1/apply_concession"]
    today = (await world.clock()).date()
    (discount,) = (await world.parts.billing.read_back(ACCOUNT, today)).discounts
    assert (discount.pct, (discount.ends - discount.starts).days in range(28, 32)) == (20, True)
    assert (await world.refused("propose_offer", **BRIDGE)).type == "InCooldown"

    await world.passes(days=32)
    assert (await offer(world))["state"] == "ended"
    step = await world.step("offer_1_return")
    assert (step["state"], step["overdue"]) == ("open", True)
    assert len(await world.happened("offer_ended")) == 1
    assert await world.effects("apply_concession") == ["offer_1/apply_concession"]
    assert (await world.parts.billing.read_back(ACCOUNT, discount.ends)).discounts == (discount,)


async def test_of_two_decisions_at_once_the_first_stands_and_an_offer_in_force_goes_to_the_recovery(world: World):
    await diagnosed(world)
    await world.tell("propose_offer", **BRIDGE)
    decide = {"approval_id": "approval_1", "decision": "approved"}
    both = await asyncio.gather(
        world.tell("decide_approval", **decide, by=MANAGER),
        world.tell("decide_approval", **decide, by=EXECUTIVE),
        return_exceptions=True,
    )
    assert [isinstance(one, dict) for one in both].count(True) == 1
    assert (await world.refused("decide_approval", **decide, by=EXECUTIVE)).type == "AlreadyDecided"
    await world.tell("answer_offer", offer_id="offer_1", answer="accepted", evidence=THEIR_WORD)
    await world.tell("close", outcome="saved_full", notes="they stay", evidence="renewal R-2291 signed on Monday")
    final = await world.ends()
    assert [(one["id"], one["state"]) for one in final["offers"]] == [("offer_1", "applied")]
    booked = await world.parts.book.status_of(final["case_id"])
    assert [(one.id, one.state, one.proposed_by) for one in booked.offers] == [("offer_1", "applied", CSM)]
    recovery = world.client.get_workflow_handle(f"recovery:{ACCOUNT}")
    for _ in range(50):
        seen = await recovery.query("status")
        if seen["offers"]:
            break
        await asyncio.sleep(0.1)
    assert [(one["id"], one["carried_from"]) for one in seen["offers"]] == [("offer_1", final["case_id"])]
    (step,) = [step for step in seen["steps"] if step["id"] == "offer_1_return"]
    assert step["state"] == "waiting"
    assert await world.effects("apply_concession") == ["offer_1/apply_concession"]


async def test_answers_that_are_lost_and_a_worker_that_is_replaced_apply_it_once(parts: Parts):
    billing = Faulty(parts.billing, "apply_concession")
    shaky: Any = replace(parts, billing=billing)  # type: ignore[arg-type]
    async with server() as client:
        world = world_on(client, shaky)
        async with working(client, shaky):
            await diagnosed(world)
            await world.tell("propose_offer", **BRIDGE)
            await world.tell("decide_approval", approval_id="approval_1", decision="approved", by=MANAGER)
            billing.fault = ConnectionError("billing is out of reach")
            await world.tell("answer_offer", offer_id="offer_1", answer="accepted", evidence=THEIR_WORD)
        billing.fault, billing.lost = None, 1
        async with working(client, shaky):
            for _ in range(200):
                if (await offer(world))["state"] == "applied":
                    break
                await asyncio.sleep(0.2)
            known = await offer(world)
    assert (known["state"], billing.lost) == ("applied", 0)
    assert await world.effects("apply_concession") == ["offer_1/apply_concession"]
    state = await parts.billing.read_back(ACCOUNT, datetime.fromisoformat(known["ends_at"]).date())
    assert len(state.discounts) == 1


async def test_a_letter_that_offers_something_waits_for_its_offer_to_be_approved(world: World):
    await diagnosed(world)  # SAVE-37, SAVE-44, PLAY-74
    talked = {"text": SPOKE, "decision": "phase_in"}
    await world.tell("complete_step", step_id="structure_talk", by=SALES, evidence=talked)
    await world.passes(minutes=5)
    refusal = await world.refused("release_message", message_id="phase_in-1", by=SALES)
    assert (refusal.type, "of the kind phase_in" in refusal.sentence) == ("ApprovalMissing", True)
    await world.tell("propose_offer", offer="phase_in_40_20", tied_to="demonstrated_recovery", reason="cash is out")
    await world.tell("decide_approval", approval_id="approval_1", decision="approved", by=EXECUTIVE)
    ready = await world.refused("release_message", message_id="phase_in-1", by=SALES)
    assert ready.type == "MessageNotReady"  # what is missing now are its own words
    assert (await world.refused("complete_step", step_id="phase_in", by=SALES, evidence={"text": "x"})).type == (
        "EvidenceMissing"
    )


async def test_an_approved_offer_is_made_in_a_letter_that_a_person_releases(world: World):  # SAVE-37, TMPL-2
    await diagnosed(world)
    await world.tell("propose_offer", **BRIDGE)
    assert await world.effects("draft_message") != []
    before = await world.effects("draft_message")
    await world.tell("decide_approval", approval_id="approval_1", decision="approved", by=MANAGER)
    await world.passes(minutes=1)
    assert set(await world.effects("draft_message")) - set(before) == {"offer_1_letter-1/draft_message"}
    written = {
        "personal_word": "You told me on Monday that every seat is weighed now.",
        "problem": "Seats for the people you cannot hire this year.",
    }
    await world.tell("release_message", message_id="offer_1_letter-1", edits=written)
    await world.passes(minutes=1)
    (sent,) = [one for one in (await world.status())["messages"] if one["id"] == "offer_1_letter-1"]
    assert sent["state"] == "sent"
    await world.tell("answer_offer", offer_id="offer_1", answer="accepted", evidence=THEIR_WORD)
    assert (await world.step("offer_1_letter"))["state"] in ("done", "skipped")
