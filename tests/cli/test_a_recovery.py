"""A customer who was saved is looked after from the command line: seen, worked, moved in time, and ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cli.conftest import Cli, OpenSave, eventually
from tests.cli.test_a_csms_path import CALL

Ask = Callable[..., Any]
TOUCHED = "meeting 4 with the ops lead: exports work again, they wait for the beta"


def test_a_recovery_is_seen_worked_moved_and_ended(save: OpenSave, as_json: Ask, cli: Cli) -> None:  # POST-6, POST-12
    account, by = save.account, ("--by", save.csm)
    as_json("save", "step", account, "contact_call", *by, "--evidence", CALL)
    as_json("save", "cause", account, "missing_feature", *by, "--why", "no export")
    as_json("save", "close", account, "saved_full", *by, "--notes", "stays", "--evidence", "signed renewal R-88 of May")
    eventually(lambda: any(e["kind"] == "recovery" for e in as_json("case", "list") if e["account_id"] == account))
    eventually(lambda: bool(as_json("recovery", "status", account)["plan"]))
    assert "not judged yet" in cli("recovery", "status", account).stdout
    assert as_json("fast-forward", f"recovery:{account}", "8d")[0]["workflow_id"] == f"recovery:{account}"
    done = as_json("recovery", "step", account, "touchpoint/1", *by, "--evidence", TOUCHED)
    assert done["stage"] == "recovering"
    assert any(e["kind"] == "opened" for e in as_json("case", "history", f"recovery:{account}"))
    assert as_json("case", "show", f"recovery:{account}")["kind"] == "recovery"
    assert as_json("case", "show", account)["outcome"] == "saved_full"
    refused = as_json("recovery", "close", account, "verified", *by, "--notes", "fine", code=3)
    assert refused["error"]["type"] == "IllegalMove"


def test_an_account_without_a_recovery_is_told_how_one_begins(account: str, cli: Cli) -> None:
    said = cli("recovery", "status", account, code=4).stderr
    assert f"account {account} has no recovery; a save of {account} that ends well starts one" in said
