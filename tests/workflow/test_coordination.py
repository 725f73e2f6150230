"""What cases share and what is measured for them, on a real server: incidents, service levels."""

from __future__ import annotations

from datetime import timedelta

from models.facts import Origin, Ticket
from tests.company import ACCOUNT, MANAGER
from tests.world import World

PROGRESS = {"incident_id": "exp-1", "title": "Export of large files", "by": "usr-12", "text": "the fix is in test"}


async def test_progress_on_a_shared_incident_is_heard_once_and_stands_in_the_weekly_update(world: World) -> None:
    await world.opened()
    for number in (1, 1):
        await world.signal("incident_progressed", PROGRESS | {"number": number, "estimate": "2099-12-04T00:00:00Z"})
    await world.passes(minutes=5)
    case_id = (await world.status())["case_id"]
    waiting = await world.parts.letters.preview(case_id, "weekly_update-1")
    assert "Export of large files: the fix is in test (2099-12-04)" in waiting.text
    await world.passes(days=7, hours=1)
    assert [line["text"] for line in await world.happened("incident")] == [
        "exp-1, progress 1: Export of large files: the fix is in test (2099-12-04)"
    ]
    assert [(one["id"], one["number"]) for one in (await world.status())["incidents"]] == [("exp-1", 1)]
    draft = await world.parts.letters.preview(case_id, "weekly_update-2")
    assert "Export of large files: the fix is in test (2099-12-04)" in draft.text


async def test_a_written_service_level_is_measured_from_the_tickets_of_its_week(world: World) -> None:  # PLAY-65
    await world.opened("service_relationship", reason="service_failure")
    levels = {"monthly_review": "monthly with the manager", "quarterly_review": "every quarter with the VP"}
    levels |= {"support_response": "4 h, was 24 h", "csm_response": "2 h, was a day", "annual_planning": "each January"}
    proof = {"text": "document D-77: the service levels as they were sent", "items": levels}
    await world.tell("complete_step", step_id="written_sla", by=MANAGER, evidence=proof)
    now = await world.clock()
    for name, hours in (("tic-in-time", 3), ("tic-late", 5)):
        opened = now + timedelta(days=1)
        answered = opened + timedelta(hours=hours)
        await world.parts.facts.put_tickets(
            [Ticket(id=name, account_id=ACCOUNT, opened_at=opened, answered_at=answered, subject="Export")],
            Origin(source="csv:tickets.csv", received_at=now),
        )
    await world.passes(days=7, hours=1)
    step = await world.step("sla_tracking/1")
    assert step["state"] == "done"
    assert step["evidence"]["text"].startswith("50 % (1 of 2) answered within PT4H from ")
    assert step["evidence"]["text"].endswith("target 100 %; late: tic-late")
    assert len(await world.happened("service_level_missed")) == 1
    told = [letter for letter in await world.mails("send_digest") if "service level missed" in letter.letter.text]
    assert len(told) == 1
