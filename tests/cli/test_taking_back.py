"""A double click counts once, and what was entered by mistake is taken back, from the command line (SAVE-29, SAVE-37)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cli.conftest import DUE, MANAGER, Cli, OpenSave, investigated
from tests.cli.test_a_csms_path import CALL

Ask = Callable[..., Any]
PROMISE = ("--owner", "usr-12", "--due", DUE, "--source", "call")


def test_a_promise_that_is_made_twice_is_one_and_is_taken_back(save: OpenSave, as_json: Ask, cli: Cli) -> None:
    by = ("--by", save.csm)
    for _ in range(2):
        cli("save", "promise", "make", save.account, "Export of large files", *PROMISE, *by)
    assert [one["id"] for one in as_json("save", "promise", "list", save.account)] == ["promise_1"]
    said = cli(
        "save", "promise", "withdraw", save.account, "promise_1", *by, "--why", "said to another customer"
    ).stdout
    assert "said to another customer" in said
    assert [one["state"] for one in as_json("save", "promise", "list", save.account)] == ["withdrawn"]
    cli("save", "promise", "withdraw", save.account, "promise_1", *by, "--why", "again", code=3)


def test_an_offer_that_is_proposed_twice_is_one_and_is_taken_back(save: OpenSave, as_json: Ask, cli: Cli) -> None:
    by = ("--by", save.csm)
    cli("save", "step", save.account, "contact_call", *by, "--evidence", CALL)
    cli("save", "cause", save.account, "missing_feature", *by, "--why", "no export")
    investigated(cli, save, MANAGER)
    for _ in range(2):
        cli(
            "save", "offer", "propose", save.account, "interim_manual_service", "--detail", "until_date=2027-12-01", *by
        )
    assert [one["id"] for one in as_json("save", "offer", "list", save.account)["offers"]] == ["offer_1"]
    cli("save", "offer", "withdraw", save.account, "offer_1", "--by", MANAGER, "--why", "they can do it by themselves")
    found = as_json("save", "offer", "list", save.account)
    assert ([one["state"] for one in found["offers"]], [one["state"] for one in found["approvals"]]) == (
        ["withdrawn"],
        ["lapsed"],
    )
