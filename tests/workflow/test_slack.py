"""A case whose team is in Slack: told there, decided and completed there, each by whoever may, and once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from rich.console import Console

from cli.desk import Desk
from models.webhooks import ReceivedState
from parts import open_parts
from settings import Settings
from settings.chat import ChatPart
from tests.company import CSM, MANAGER, SPOKE, moved_in
from tests.slack_house import SECRET, TOKEN, SlackHouse, signed, slack_house
from tests.workflow.test_offers import BRIDGE, diagnosed
from tests.world import World
from web import working
from web.app import build_app
from web.house import House

HERS, HIS, A_GUEST = "U04", "U08", "U99"


@pytest.fixture
def slack() -> Iterator[SlackHouse]:
    with slack_house() as opened:
        opened.joins(A_GUEST, "guest@elsewhere.example")
        yield opened


@pytest.fixture
async def settings(founded: Path, tmp_path: Path, slack: SlackHouse) -> Settings:
    """The sample company, of which the CSM of the story and her manager are in Slack."""
    own = moved_in(founded, tmp_path / "home")
    async with open_parts(own) as parts:
        for user, person in ((HERS, CSM), (HIS, MANAGER)):
            slack.joins(user, (await parts.directory.card(person)).email)
    secrets = {"slack_token": SecretStr(TOKEN), "slack_signing_secret": SecretStr(SECRET), "slack_url": slack.url}
    return own.model_copy(update=secrets | {"chat": ChatPart.SLACK})


@pytest.fixture
def caching() -> dict[str, Any]:
    """The usual cache: where digests go makes no difference to a replay."""
    return {}


class Clicks:
    """What Slack sends to the web program, and what becomes of it."""

    def __init__(self, house: House, client: httpx2.AsyncClient) -> None:
        self.house, self.client = house, client

    async def come(self, body: bytes, at: datetime | None = None, secret: str = SECRET) -> httpx2.Response:
        """Slack sends it, and everything that is due is worked."""
        headers = signed(body, at or datetime.now(UTC), secret)
        answer = await self.client.post("/webhooks/slack", content=body, headers=headers)
        while await working.round_of(self.house):
            pass
        return answer


@pytest.fixture
async def clicks(world: World, settings: Settings) -> AsyncIterator[Clicks]:
    async with AsyncExitStack() as stack:
        desk = Desk(settings, stack, Console(quiet=True))
        desk._parts, desk._client = world.parts, world.client
        house = House(settings, desk)
        transport = httpx2.ASGITransport(build_app(house))
        yield Clicks(
            house, await stack.enter_async_context(httpx2.AsyncClient(transport=transport, base_url="http://w"))
        )


async def test_a_manager_approves_by_a_button_and_the_proposer_cannot(world: World, slack: SlackHouse, clicks: Clicks):
    await diagnosed(world)
    await world.tell("propose_offer", **BRIDGE)
    await world.passes(minutes=5)
    asked = next(one for one in slack.digests(HIS) if "approve" in str(one["blocks"]))

    answer = await clicks.come(
        slack.pressed(HERS, asked, "approve", "approval_1")
    )  # a forged place, were it hers to press
    assert (answer.status_code, answer.content) == (200, b"")
    assert "does not decide on it; cs_manager does" in slack.replies()[-1]
    await clicks.come(slack.pressed(HIS, asked, "approve", "approval_1"))
    (approval,) = (await world.status())["approvals"]
    assert (approval["state"], approval["decided_by"]) == ("approved", MANAGER)
    await clicks.come(slack.pressed(HIS, asked, "approve", "approval_1"))
    assert "that decision stands" in slack.replies()[-1]
    assert len(await world.happened("offer_approved")) == 1


async def test_a_refusal_is_decided_with_its_reason_from_a_form(world: World, slack: SlackHouse, clicks: Clicks):
    await diagnosed(world)
    await world.tell("propose_offer", **BRIDGE)
    await world.passes(minutes=5)
    asked = next(one for one in slack.digests(HIS) if "approve" in str(one["blocks"]))
    await clicks.come(slack.pressed(HIS, asked, "refuse", "approval_1"))
    assert [one["state"] for one in (await world.status())["approvals"]] == ["pending"]
    await clicks.come(slack.filled(HIS, evidence="no discount before the export is repaired"))
    (approval,) = (await world.status())["approvals"]
    assert (approval["state"], approval["reason"]) == ("refused", "no discount before the export is repaired")


async def test_a_step_is_completed_with_its_evidence_by_a_form(world: World, slack: SlackHouse, clicks: Clicks):
    await world.opened()
    await world.passes(days=1)
    asked = next(one for one in slack.digests(HERS) if "ack_call" in str(one["blocks"]))
    answer = await clicks.come(slack.pressed(HERS, asked, "complete", "ack_call"))
    assert (answer.status_code, answer.content, len(slack.forms)) == (200, b"", 1)
    assert ((await world.step("ack_call"))["state"], slack.replies()) == ("open", [])

    await clicks.come(slack.filled(HERS, evidence="done"))
    assert slack.replies()[-1].startswith("ack_call needs 'evidence' of the kind")
    await clicks.come(slack.pressed(HERS, asked, "complete", "ack_call"))
    sent = slack.filled(HERS, evidence=SPOKE)
    await clicks.come(sent)
    await clicks.come(sent)
    step = await world.step("ack_call")
    assert (step["state"], step["evidence"]["text"]) == ("done", SPOKE)
    assert [line["by"] for line in await world.happened("step_done") if line["step"] == "ack_call"] == [CSM]
    kept = await world.parts.received.entries((), 10)
    assert {one.state for one in kept} == {ReceivedState.DONE}


async def test_who_is_not_of_the_team_changes_nothing_and_is_told_so(world: World, slack: SlackHouse, clicks: Clicks):
    await world.opened()
    await world.passes(days=1)
    asked = next(one for one in slack.digests(HERS) if "ack_call" in str(one["blocks"]))
    await clicks.come(slack.pressed(A_GUEST, asked, "complete", "ack_call"))
    await clicks.come(slack.filled(A_GUEST, evidence=SPOKE))
    assert (await world.step("ack_call"))["state"] == "open"
    assert "nobody of the team directory has the mail address of your Slack profile" in slack.replies()[-1]


async def test_what_slack_did_not_sign_is_refused_and_opens_nothing(world: World, slack: SlackHouse, clicks: Clicks):
    await world.opened()
    await world.passes(days=1)
    asked = next(one for one in slack.digests(HERS) if "ack_call" in str(one["blocks"]))
    body = slack.pressed(HERS, asked, "complete", "ack_call")
    now = datetime.now(UTC)
    assert (await clicks.come(body, secret="another")).status_code == 401
    assert (await clicks.come(body, at=now - timedelta(minutes=6))).status_code == 401
    assert (await clicks.come(body, at=now + timedelta(minutes=6))).status_code == 401
    for nonsense in (
        b"",
        b"payload=",
        b"payload={",
        b"payload=7",
        b"payload=[]",
        b"payload=%7B%22type%22:%22block_actions%22%7D",
    ):
        assert (await clicks.come(nonsense)).status_code == 400
    for forged in ("v0=ü", "v0=", "v1"):
        headers = {
            "x-slack-request-timestamp": str(int(now.timestamp())),
            "x-slack-signature": forged.encode("latin-1"),
        }
        assert (await clicks.client.post("/webhooks/slack", content=b"\xff", headers=headers)).status_code == 401
    headers = {"x-slack-request-timestamp": "soon", "x-slack-signature": "v0=ab"}
    assert (await clicks.client.post("/webhooks/slack", content=body, headers=headers)).status_code == 401
    assert slack.forms == []
    assert (await clicks.come(b"payload=%7B%22type%22%3A%22shortcut%22%7D")).status_code == 200


async def test_a_slack_that_hangs_holds_no_answer_and_no_decision_back(world: World, slack: SlackHouse, clicks: Clicks):
    await diagnosed(world)
    await world.tell("propose_offer", **BRIDGE)
    await world.passes(minutes=5)
    asked = next(one for one in slack.digests(HIS) if "approve" in str(one["blocks"]))
    body = slack.pressed(HIS, asked, "approve", "approval_1")
    answer = await asyncio.wait_for(
        clicks.client.post("/webhooks/slack", content=body, headers=signed(body, datetime.now(UTC))), 3
    )
    assert answer.status_code == 200
    slack.instead.extend([None, slack.loses()])  # who it is, and then what came of it
    while await working.round_of(clicks.house):
        pass
    assert [one["state"] for one in (await world.status())["approvals"]] == ["approved"]
    assert {one.state for one in await world.parts.received.entries((), 10)} == {ReceivedState.DONE}
