"""A customer who was saved is looked after from the command line: seen, worked, moved in time, and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli, OpenSave, eventually
from tests.cli.test_a_csms_path import CALL

Ask = Callable[..., Any]
TOUCHED = "meeting 4 with the ops lead: exports work again, they wait for the beta"


def test_a_recovery_is_seen_worked_moved_reported_and_ended(
    save: OpenSave, as_json: Ask, cli: Cli, tmp_path: Path
) -> None:  # POST-6, POST-12
    account, by = save.account, ("--by", save.csm)
    as_json("save", "step", account, "contact_call", *by, "--evidence", CALL)
    as_json("save", "cause", account, "missing_feature", *by, "--why", "no export")
    ahead = as_json("fast-forward", account, "5d")[0]["now"]
    as_json("save", "close", account, "saved_full", *by, "--notes", "stays", "--evidence", "signed renewal R-88 of May")
    eventually(lambda: any(e["kind"] == "recovery" for e in as_json("case", "list") if e["account_id"] == account))
    eventually(lambda: bool(as_json("recovery", "status", account)["plan"]))
    assert "not judged yet" in cli("recovery", "status", account).stdout
    moved = as_json("fast-forward", f"recovery:{account}", "8d")  # the save may still be telling the CRM of its end
    clock = {each["workflow_id"]: each["now"] for each in moved}[f"recovery:{account}"]
    assert datetime.fromisoformat(clock) >= datetime.fromisoformat(ahead) + timedelta(days=8)
    late = cli("save", "promise", "done", account, "promise_1", *by, "--evidence", "release 4.2", code=3).stderr
    assert f"'recovery step {account} promise_1 --by" in late.replace("\n", " ")
    assert "save open" not in late
    done = as_json("recovery", "step", account, "touchpoint/1", *by, "--evidence", TOUCHED)
    assert done["stage"] == "recovering"
    assert any(e["kind"] == "opened" for e in as_json("case", "history", f"recovery:{account}"))
    assert as_json("case", "show", f"recovery:{account}")["kind"] == "recovery"
    assert as_json("case", "show", account)["outcome"] == "saved_full"
    week = as_json("recovery", "report", account)["page"]  # POST-10
    assert week["kind"] == "meeting"
    assert week["title"].endswith(": Weekly review of the account's health, usage and tickets")
    as_json("fast-forward", f"recovery:{account}", "20d")
    eventually(lambda: "value_report/1" in prepared(as_json("case", "history", f"recovery:{account}")))
    found = as_json("recovery", "report", account, "value_report/1")
    assert found["page"]["kind"] == "value_report"
    assert found["chart"]["text"].startswith("<svg")
    out = tmp_path / "report.md"
    cli("recovery", "report", account, "value_report", "--out", str(out))
    assert "(report.svg)" in out.read_text(encoding="utf-8")
    assert (tmp_path / "report.svg").read_text(encoding="utf-8") == found["chart"]["text"]
    unknown = cli("recovery", "report", account, "qbr_90", code=4).stderr
    assert "value_report/1" in unknown.partition("there are pages for: ")[2].replace("\n", " ")
    draft = as_json("recovery", "message", account, "value_report-1")
    assert {"personal_word", "reading"} <= {part["name"] for part in draft["missing"]}
    refused = as_json("recovery", "close", account, "verified", *by, "--notes", "fine", code=3)
    assert refused["error"]["type"] == "IllegalMove"
    beside = cli("save", "open", account, *by, "--reason", "nps_low").stdout
    assert f"beside it runs the recovery of {account} since" in beside
    assert f"recovery signal {account}" in beside
    lines = {e["kind"]: e["text"] for e in as_json("save", "status", account)["timeline"]}
    assert as_json("recovery", "status", account)["case_id"] in lines["beside_recovery"]


def prepared(history: list[dict[str, Any]]) -> set[str]:
    """The steps whose page is ready."""
    return {event["step"] for event in history if event["kind"] == "page_prepared"}


def test_an_account_without_a_recovery_is_told_how_one_begins(account: str, cli: Cli) -> None:
    said = cli("recovery", "status", account, code=4).stderr
    assert f"account {account} has no recovery; a save of {account} that ends well starts one" in said
