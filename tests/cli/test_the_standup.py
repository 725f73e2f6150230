"""The stand-up of a team from the command line: one digest, one confirmation for all its cases (SAVE-23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import MANAGER, Cli, Instance, OpenSave, eventually

Ask = Callable[..., Any]
NOTES = "all there; engineering waits for a large file of the customer"


@pytest.fixture(scope="module")
def instance(own_instance: Instance) -> Instance:
    """A confirmation is given for every open case that there is."""
    return own_instance


def step_state(as_json: Ask, account: str) -> str:
    steps = as_json("save", "status", account)["steps"]
    return next(step["state"] for step in steps if step["id"] == "standup/1")


def booked(as_json: Ask, account: str) -> bool:
    """Whether the book has the steps of the case, not only that there is one."""
    return any(line["account_id"] == account for line in as_json("team", "standup")["lines"])


def test_the_digest_names_what_is_owed_per_case_and_owner(as_json: Ask, cli: Cli, save: OpenSave) -> None:
    eventually(lambda: booked(as_json, save.account))
    lines = [line for line in as_json("team", "standup")["lines"] if line["account_id"] == save.account]
    assert {line["section"] for line in lines} <= {"late", "today", "blocked", "promised"}
    assert {line["role"] for line in lines if line["section"] == "blocked"} >= {"product_manager"}
    shown = cli("team", "standup", "--team", save.csm).stdout
    assert save.account in shown
    assert "waits for product_manager" in shown


def test_one_confirmation_completes_the_step_of_every_case_and_twice_does_no_harm(as_json: Ask, save: OpenSave) -> None:
    eventually(lambda: booked(as_json, save.account))
    confirm = ("team", "standup", "--confirm", "--by", MANAGER, "--notes", NOTES)
    done = {case["account_id"]: case for case in as_json(*confirm)["cases"]}
    assert done[save.account]["done"] is True
    assert step_state(as_json, save.account) == "done"
    again = {case["account_id"]: case for case in as_json(*confirm)["cases"]}
    assert again.get(save.account, {"done": True})["done"] is True
    steps = as_json("save", "status", save.account)["steps"]
    assert [step["id"] for step in steps if step["id"].startswith("standup") and step["state"] == "done"] == [
        "standup/1"
    ]


def test_a_confirmation_that_proves_nothing_is_refused_case_by_case(as_json: Ask, cli: Cli, save: OpenSave) -> None:
    eventually(lambda: booked(as_json, save.account))
    weak = as_json("team", "standup", "--team", save.csm, "--confirm", "--by", save.csm, "--notes", "ok", code=3)
    said = {case["account_id"]: case["said"] for case in weak["cases"] if not case["done"]}
    assert "EvidenceMissing" in said[save.account]
    assert step_state(as_json, save.account) == "open"
    cli("team", "standup", "--confirm", "--by", save.csm, code=2)
    cli("team", "standup", "--team", "usr-99", code=4)
