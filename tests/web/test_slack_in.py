"""Slack's buttons as they come in: answered at once, kept once, and worked when somebody answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from rich.console import Console

from cli import cases
from cli.desk import Desk
from models.book import BookBatch, CaseEntry
from models.cancellation_commands import DecideLeaving
from models.case import CaseKind
from models.chat import Answerable, Labels, Question
from models.commands import Answered, Command
from models.letter import Letter, Mailbox
from models.offer_commands import Decision
from models.webhooks import ReceivedState
from settings.chat import ChatPart
from tests.company import ACCOUNT, MANAGER, moved_in
from tests.slack_house import SECRET, TOKEN, SlackHouse, signed, slack_house
from tests.wsgi import says
from web import working
from web.app import build_app
from web.house import House

HIS, CASE, KEY = "U08", "can-1", "can-1/digest/1"
AT = datetime(2026, 11, 24, tzinfo=UTC)
LABELS = Labels(**dict.fromkeys(Labels.model_fields, "word"))
ASKED = Answerable(questions=(Question(step="legal_review", title="Look at it", decides=True),), labels=LABELS)


@pytest.fixture
def slack() -> Iterator[SlackHouse]:
    with slack_house() as opened:
        yield opened


@pytest.fixture
async def house(
    founded: Path, tmp_path: Path, slack: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """A web program without a Temporal; a manager has a digest of a cancellation in Slack."""
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))
    secrets = {"slack_token": SecretStr(TOKEN), "slack_signing_secret": SecretStr(SECRET), "slack_url": slack.url}
    settings = moved_in(founded, tmp_path / "home").model_copy(update=secrets | {"chat": ChatPart.SLACK})
    async with AsyncExitStack() as stack:
        house = House(settings, Desk(settings, stack, Console(quiet=True)))
        parts = await house.desk.parts()
        address = (await parts.directory.card(MANAGER)).email
        slack.joins(HIS, address)
        entry = {"case_id": CASE, "workflow_id": f"cancellation:{ACCOUNT}", "kind": CaseKind.CANCELLATION}
        row = CaseEntry(**entry, account_id=ACCOUNT, stage="approval", opened_at=AT, as_of=AT, revision=1)
        await parts.book.write(BookBatch(key="b-1", case=row))
        mail = {"to": Mailbox(address=address), "sender": Mailbox(address="care@house.example"), "case_id": CASE}
        await parts.email.send(Letter(**mail, subject="Legal review", text="Look at it.", chat=ASKED), KEY)
        yield house


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(build_app(house)), base_url="http://web") as opened:
        yield opened


async def come(client: httpx2.AsyncClient, body: bytes) -> httpx2.Response:
    return await client.post("/webhooks/slack", content=body, headers=signed(body, datetime.now(UTC)))


async def worked(house: House) -> list[tuple[ReceivedState, str]]:
    while await working.round_of(house):
        pass
    return [(one.state, one.said) for one in await (await house.desk.parts()).received.entries((), 9)]


async def test_a_hundred_of_the_same_click_are_one(house: House, client: httpx2.AsyncClient, slack: SlackHouse) -> None:
    body = slack.pressed(HIS, slack.digests(HIS)[0], "approve", "legal_review")
    for _ in range(2):
        answers = await asyncio.gather(*(come(client, body) for _ in range(50)))
        assert {(one.status_code, one.content) for one in answers} == {(200, b"")}
    assert len(await (await house.desk.parts()).received.entries((), 9)) == 1


async def test_without_a_temporal_a_decision_waits_and_is_given_once_there_is_one(
    house: House, client: httpx2.AsyncClient, slack: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await come(client, slack.pressed(HIS, slack.digests(HIS)[0], "approve", "legal_review"))
    ((state, said),) = await worked(house)
    assert (state, slack.replies()) == (ReceivedState.WAITING, [])
    assert "Temporal" in said
    given: list[Any] = []

    async def answer(_: Desk, account: str, command: Command, known_as: str, kind: CaseKind) -> Answered:
        given.extend((account, command, kind))
        return Answered(said="legal_review approved", stage="approval")

    monkeypatch.setattr(cases, "answer", answer)
    house.now = lambda: datetime(2100, 1, 1, tzinfo=UTC)
    assert await worked(house) == [(ReceivedState.DONE, "legal_review approved")]
    wanted = DecideLeaving(approval_id="legal_review", decision=Decision.APPROVED, by=MANAGER)
    assert given == [ACCOUNT, wanted, CaseKind.CANCELLATION]
    assert slack.replies() == ["legal_review approved"]


async def test_a_slack_that_says_nothing_of_who_it_is_is_asked_again(
    house: House, client: httpx2.AsyncClient, slack: SlackHouse
) -> None:
    body = slack.pressed(HIS, slack.digests(HIS)[0], "approve", "legal_review")
    await come(client, body)
    slack.instead.append(says("503 Service Unavailable"))
    ((state, said),) = await worked(house)
    assert (state, "Slack broke down" in said) == (ReceivedState.WAITING, True)


async def test_a_message_that_is_not_known_any_more_says_so_and_changes_nothing(
    house: House, client: httpx2.AsyncClient, slack: SlackHouse
) -> None:
    message = slack.digests(HIS)[0]
    old = {**message, "blocks": [_elsewhere(block) for block in message["blocks"]]}
    await come(client, slack.pressed(HIS, old, "approve", "legal_review"))
    ((state, _),) = await worked(house)
    assert state is ReceivedState.DONE
    await come(client, slack.pressed(HIS, old, "refuse", "legal_review"))
    assert slack.forms == []
    assert all("not known any more" in said for said in slack.replies())
    assert len(slack.replies()) == 2


def _elsewhere(block: dict[str, Any]) -> dict[str, Any]:
    buttons = [one | {"value": one["value"].replace(KEY, "gone")} for one in block.get("elements", ())]
    return block | {"elements": buttons}
