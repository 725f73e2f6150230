"""The letters of an account, of whichever of its cases they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.outreach import Outreach, ReachOut
from models.letter import OutboxState
from models.tables import OutboxRow
from parts import open_parts
from settings import Settings
from tests.cli.conftest import CSM, MANAGER, Cli, Instance, OpenSave, eventually

Ask = Callable[..., Any]


def test_an_account_is_shown_the_letters_of_every_case_that_it_has(save: OpenSave, cli: Cli, as_json: Ask) -> None:
    cli("cancel", "request", save.account, "--channel", "email", "--source", "mail-1")

    def kinds() -> set[str]:
        letters = as_json("outbox", "list", "--case", save.account)
        return {letter["letter"]["case_id"].partition("-")[0] for letter in letters}

    eventually(lambda: len(kinds()) > 1)
    case_id = as_json("outbox", "list", "--case", f"cancellation:{save.account}")[0]["letter"]["case_id"]
    shown = cli("outbox", "list", "--case", save.account).stdout
    assert f"case {case_id}" in shown
    letters = as_json("outbox", "list", "--case", case_id)
    assert {letter["letter"]["case_id"] for letter in letters} == {case_id}
    assert "no letter matches" in cli("outbox", "list", "--case", case_id, "--state", "failed").stdout
    signed = {letter["letter"]["sender"]["name"] for letter in as_json("outbox", "list", "--case", save.account)}
    assert signed == {"Tanglin Cloud"}


def test_a_person_says_what_became_of_a_letter_that_may_have_left(
    save: OpenSave, instance: Instance, cli: Cli, as_json: Ask
) -> None:
    sent = ("outbox", "list", "--state", "sent", "--case", save.account)
    eventually(lambda: bool(as_json(*sent)))
    key = as_json(*sent)[0]["key"]
    settled = ("outbox", "settle", key, "--arrived", "--by", MANAGER)
    assert "is unsure" in as_json(*settled, code=4)["error"]["sentence"]  # it was sent
    asyncio.run(_unsure(instance, key))
    assert as_json("outbox", "list", "--state", "unsure")[0]["key"] == key
    assert as_json(*settled)["state"] == "sent"
    asyncio.run(_unsure(instance, key))
    assert "may leave again" in cli("outbox", "settle", key, "--lost", "--by", MANAGER).stdout
    asyncio.run(_unsure(instance, key))
    cli(*settled)


async def _unsure(instance: Instance, key: str) -> None:
    """As the mail server's lost answer leaves it."""
    async with open_parts(Settings(home=instance.home)) as parts, parts.database.writing() as session:
        (await session.get_one(OutboxRow, key)).state = OutboxState.UNSURE


@pytest.fixture
def written_to(instance: Instance, account: str) -> str:
    """An account that never had a case, to which a letter of outreach went; gives under what id."""
    return asyncio.run(_reached(instance.home, account))


async def _reached(home: Path, account: str) -> str:
    key = f"outreach-{account}.no_login.20260301T020000"
    asked = ReachOut(key=key, account_id=account, lead=CSM, why="no login", due=None, at=datetime.now(UTC))
    async with open_parts(Settings(home=home)) as parts:
        await Outreach(parts.letters, parts.email, parts.crm).write(asked)
    return key


def test_an_account_without_a_case_is_shown_what_was_written_to_it(
    written_to: str, account: str, as_json: Ask
) -> None:  # RISK-88
    for named in (account, written_to):
        (letter,) = as_json("outbox", "list", "--case", named)
        assert letter["letter"]["case_id"] == written_to


def test_an_account_to_which_nothing_was_written_has_no_letter_and_an_unknown_one_is_refused(
    account: str, cli: Cli
) -> None:
    assert "no letter matches" in cli("outbox", "list", "--case", account).stdout
    assert "neither a case nor an account" in cli("outbox", "list", "--case", "acc-9999", code=4).output
