"""A CSM takes a save from its opening to its outcome with nothing but the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cli.conftest import DUE, Cli, OpenSave, eventually, investigated

Ask = Callable[..., Any]
CALL = "call 4711: spoke with the ops lead for 20 minutes; exports time out"


def states(status: Any) -> dict[str, str]:
    return {step["id"]: step["state"] for step in status["steps"]}


def test_a_save_goes_from_its_opening_to_its_outcome(save: OpenSave, as_json: Ask) -> None:
    by = ("--by", save.csm)
    done = as_json("save", "step", save.account, "contact_call", *by, "--evidence", CALL)
    assert done["stage"] == "contacted"
    cause = as_json("save", "cause", save.account, "missing_feature", *by, "--why", "no export", "--why", "no API")
    assert cause["stage"] == "diagnosed"
    signed = ("--notes", "stays", "--evidence", "signed renewal R-88 of 2026-11-30")
    assert as_json("save", "close", save.account, "saved_full", *by, *signed)["stage"] == "closed"
    eventually(lambda: bool(as_json("save", "status", save.account)["outcome"]))
    status = as_json("save", "status", save.account)
    assert (status["outcome"], states(status)["contact_call"]) == ("saved_full", "done")
    eventually(lambda: save.account in {entry["account_id"] for entry in as_json("case", "list", "--closed")})


def test_a_status_shows_the_plan_with_names_beside_ids(save: OpenSave, cli: Cli) -> None:
    shown = cli("save", "status", save.account).stdout
    assert "product_technical@1" in shown
    assert f"({save.csm})" in shown
    assert "contact_call" in shown
    assert "next wake-up" in shown


def test_opening_twice_reaches_the_open_case(save: OpenSave, as_json: Ask) -> None:
    again = as_json("save", "open", save.account, "--by", save.csm, "--reason", "missing_feature")
    assert again["opened"] is False


def test_a_command_given_twice_with_one_id_counts_once(save: OpenSave, as_json: Ask) -> None:
    call = ("save", "contact", save.account, "phone", "--no-answer", "--summary", "rang out", "--by", save.csm)
    first, second = as_json(*call, "--id", "once"), as_json(*call, "--id", "once")
    logged = [event for event in as_json("save", "status", save.account)["timeline"] if event["kind"] == "contact"]
    assert first == second
    assert len(logged) == 1


def test_a_draft_shows_what_is_still_to_be_written_and_leaves_once_it_is(
    save: OpenSave, cli: Cli, as_json: Ask
) -> None:
    eventually(lambda: "engaged_notice-1" in {m["id"] for m in as_json("save", "status", save.account)["messages"]})
    draft = as_json("save", "message", save.account, "engaged_notice-1")
    assert {part["name"] for part in draft["missing"]} == {"personal_word", "next_steps"}
    cli("save", "release", save.account, "engaged_notice-1", "--by", save.csm, code=3)
    edits = {
        "personal_word": "On Monday you told me how the night shift retypes 40 orders by hand.",
        "next_steps": "Our engineer Jun sends you a first export by 2026-12-04; I call you on 7 December 2026.",
    }
    written = [each for name, text in edits.items() for each in ("--edit", f"{name}={text}")]
    cli("save", "release", save.account, "engaged_notice-1", "--by", save.csm, *written)
    sent = [each for each in as_json("outbox", "list", "--case", save.account) if each["letter"]["kind"] == "customer"]
    assert [each["state"] for each in sent] == ["sent"]
    assert "night shift" in cli("outbox", "show", sent[0]["key"]).stdout


def test_the_work_between_is_done_from_the_command_line(save: OpenSave, cli: Cli, as_json: Ask) -> None:
    by = ("--by", save.csm)
    why = ("--reason", "asked by the customer")
    title = ("--title", "Send the report", "--owner", "csm", "--due", "2099-12-04")
    cli("save", "add-step", save.account, "send_report", *title, *by, *why)
    cli("save", "reschedule", save.account, "send_report", "--due", "2099-12-05T09:00+08:00", *by, *why)
    cli("save", "skip", save.account, "send_report", *by, *why)
    cli("save", "reopen", save.account, "send_report", *by, *why)
    cli("save", "triage", save.account, "--can-solve", "yes", "--economics", "no", *by)
    cli("save", "statement", save.account, "budget_cut", "--quote", "cut by half", *by)
    heard = cli("save", "signal", save.account, "usage_falling", "--detail", "logins halved").stdout
    assert "has the signal usage_falling: logins halved" in heard
    cli("save", "hold", save.account, "--until", "2027-01-04", *by, *why)
    cli("save", "resume", save.account, *by)
    cli("save", "adopt", save.account, "--by", "usr-07", "--playbook", "budget_economic")
    kinds = {event["kind"] for event in as_json("save", "status", save.account)["timeline"]}
    expected = {"step_added", "step_skipped", "step_reopened", "triage", "statement", "risk_signal", "held", "resumed"}
    assert expected <= kinds
    assert as_json("save", "status", save.account)["plan"] == "budget_economic@1"


def test_a_promise_is_made_and_seen_through_from_the_command_line(save: OpenSave, cli: Cli, as_json: Ask) -> None:
    by = ("--by", save.csm)
    made = ("Export of large files", "--owner", save.csm, "--due", DUE, "--source", "call", *by)
    assert "nothing was promised" in cli("save", "promise", "list", save.account).stdout
    cli("save", "promise", "make", save.account, *made)
    cli("save", "promise", "make", save.account, *made, "--roadmap", code=3)
    cli("save", "promise", "told", save.account, "promise_1", *by, "--evidence", "email 88213: sent it", code=3)
    cli("save", "promise", "done", save.account, "promise_9", *by, "--evidence", "release 4.2 of 24 Nov", code=3)
    cli("save", "promise", "done", save.account, "promise_1", *by, "--evidence", "release 4.2 of 24 Nov: it runs")
    assert [each["state"] for each in as_json("save", "promise", "list", save.account)] == ["done"]
    cli("save", "promise", "told", save.account, "promise_1", *by, "--evidence", "email 88213: told them it runs")
    cli("save", "promise", "seen", save.account, "promise_1", *by, "--evidence", "the ops lead ran it and it works")
    assert "customer confirmed" in cli("save", "promise", "list", save.account).stdout


def test_an_offer_goes_from_its_proposal_to_its_receipt_on_the_command_line(
    save: OpenSave, cli: Cli, as_json: Ask
) -> None:
    by = ("--by", save.csm)
    bridge = ("bridge_discount", "--pct", "10", "--lasts", "P6M", "--tied-to", "reference", *by)
    assert "nothing was offered" in cli("save", "offer", "list", save.account).stdout
    cli("save", "offer", "propose", save.account, *bridge, code=3)
    cli("save", "step", save.account, "contact_call", *by, "--evidence", CALL)
    cli("save", "cause", save.account, "budget_cut", *by, "--why", "a hiring freeze")
    assert "inv_whys" in cli("save", "offer", "propose", save.account, *bridge, code=3).stderr
    investigated(cli, save, "usr-07")
    cli("save", "offer", "propose", save.account, "bridge_discount", "--lasts", "long", *by, code=2)
    cli("save", "offer", "propose", save.account, "phase_in_40_20", "--step", "1-3:40", *by, code=2)
    said = as_json("save", "offer", "propose", save.account, *bridge)["said"]
    assert "of your budget of this quarter" in said
    cli("save", "offer", "answer", save.account, "offer_1", "accepted", *by, "--evidence", "by email", code=3)
    cli("save", "offer", "decide", save.account, "approval_1", "approved", *by, code=3)
    listed = cli("save", "offer", "list", save.account).stdout
    assert "approval_1" in listed and "only testing your limits" in listed  # SAVE-41
    eventually(
        lambda: (
            as_json("save", "offer", "budget", *by)["left"]["minor"]
            < as_json("save", "offer", "budget", *by)["whole"]["minor"]
        )
    )
    assert " left of USD 15,000" in cli("save", "offer", "budget", *by).stdout
    cli("save", "offer", "decide", save.account, "approval_1", "approved", "--by", "usr-07")
    cli("save", "offer", "decide", save.account, "approval_1", "refused", "--by", "usr-07", "--reason", "no", code=3)
    cli("save", "offer", "answer", save.account, "offer_1", "accepted", *by, "--evidence", "email 4711: they take it")
    eventually(lambda: as_json("save", "offer", "list", save.account)["offers"][0]["state"] == "applied")
    (offer,) = as_json("save", "offer", "list", save.account)["offers"]
    assert offer["receipt"].startswith("concession-")
    assert "blended 5 %" in cli("save", "offer", "list", save.account).stdout


def test_a_triggered_playbook_shows_what_became_of_it(save: OpenSave, as_json: Ask) -> None:
    why = ("--by", save.csm, "--reason", "their budget was cut")
    became = as_json("save", "trigger", save.account, "budget_economic", *why)["became"]
    assert "plan_adopted" in {event["kind"] for event in became}
    refused = as_json("save", "trigger", save.account, "wishful_thinking", *why, code=3)
    assert "wishful_thinking" in refused["error"]["sentence"]


def test_time_passes_for_a_case_and_what_is_late_stands_on_top(save: OpenSave, cli: Cli, as_json: Ask) -> None:
    cli("fast-forward", save.account, "3d")
    status = as_json("save", "status", save.account)
    assert "contact_call" in status["overdue"]
    eventually(lambda: save.account in {e["account_id"] for e in as_json("case", "list", "--overdue")})
    rows = [line for line in cli("save", "status", save.account).stdout.splitlines() if " overdue" in line]
    assert rows
    assert "told" in {event["kind"] for event in as_json("case", "history", save.account)}
