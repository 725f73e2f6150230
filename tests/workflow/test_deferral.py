"""A deferred decision on a real server: the case ends, and on its date the account is taken up again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adapters.temporal.skipping import fast_forward
from tests.company import ACCOUNT
from tests.workflow.test_recovery import planned
from tests.world import World, soon, world_on


async def test_a_deferred_case_ends_and_a_new_attempt_begins_on_the_decision_date(served: World):  # CONV-23
    await served.open(playbook="product_technical")
    first = await planned(served)
    await served.tell("log_contact", channel="phone", answered=True, summary="they decide after the budget round")
    date = datetime.now(UTC) + timedelta(days=40)
    answer = await served.tell("close", outcome="deferred", notes="budget round first", decision_date=date.isoformat())
    assert "takes the account up again on the decision date" in answer["said"]
    ended = await served.ends()
    assert any(event["kind"] == "decision_awaited" for event in ended["timeline"])

    waiting = f"decision:{ACCOUNT}:{first['case_id']}"
    await soon(fast_forward(served.client, waiting, timedelta(days=41)))
    await soon(served.client.get_workflow_handle(waiting).result())
    again = await planned(world_on(served.client, served.parts))
    assert again["case_id"] != first["case_id"]
    (told,) = [event["text"] for event in again["timeline"] if event["kind"] == "risk_signal"]
    assert told == f"decision_due: deferred until {date:%Y-%m-%d} in save case {first['case_id']}: budget round first"
