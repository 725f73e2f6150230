"""The letters of an account, of whichever of its cases they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cli.conftest import Cli, OpenSave, eventually

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
