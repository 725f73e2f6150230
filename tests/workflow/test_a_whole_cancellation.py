"""What a whole cancellation by the standard plan costs, and that an account that returns can leave again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bench.histories import cost_of
from cli.leavers import Leavers
from cli.players import Manner, Story
from models.account import Money
from models.billing import OpenSubscription
from parts import Parts
from tests import playing
from tests.company import ACCOUNT
from tests.leavers import asks
from tests.world import skipping_world

MOST_EVENTS = 800


def team() -> Leavers:
    return Leavers(Story(manner=Manner.DILIGENT, seed=7))


@pytest.mark.parametrize(
    ("arr_minor", "most_activities"),
    [pytest.param(800_000, 60, id="of_no_high_value"), pytest.param(3_560_000, 63, id="of_high_value")],
)  # one of high value is looked at by a manager besides
async def test_a_standard_cancellation_keeps_within_its_budget(parts: Parts, arr_minor: int, most_activities: int):
    account = await parts.crm.account(ACCOUNT)
    await parts.crm.put_account(account.model_copy(update={"arr": Money(minor=arr_minor), "reference": False}))
    async with skipping_world(parts) as world:
        await asks(world)
        status = await playing.leaving(world, team(), days=45)
        assert status.outcome == "left"
        await world.ends()
        cost = cost_of(await world.history())
    assert cost.events <= MOST_EVENTS, cost.by_event
    assert cost.activities <= most_activities, cost.by_activity


async def test_an_account_that_returns_and_cancels_again_gets_an_invoice_of_its_own(parts: Parts):
    async with skipping_world(parts) as world:
        for time in ("first", "second"):
            await asks(world, request_id=f"mail-{time}")
            assert (await playing.leaving(world, team(), days=45)).outcome == "left"
            await world.ends()
            today = (await world.clock()).date()
            invoices = (await world.parts.billing.read_back(ACCOUNT, today)).invoices
            assert sum(one.kind == "final" for one in invoices) == ("first", "second").index(time) + 1
            await _returns(parts, await world.clock())


async def _returns(parts: Parts, now: datetime) -> None:
    """The customer is back: known as one again, with a new subscription."""
    account = await parts.crm.account(ACCOUNT)
    await parts.crm.put_account(account.model_copy(update={"churned_on": None, "churn_reason": "", "moved_to": ""}))
    began = now.astimezone(UTC).date()
    opening = OpenSubscription(
        key=f"return/{began}",
        account_id=ACCOUNT,
        price=Money(minor=4_800_000, currency=account.arr.currency),
        started=began,
        paid_through=began + timedelta(days=365),
    )
    await parts.billing.open_subscription(opening)
