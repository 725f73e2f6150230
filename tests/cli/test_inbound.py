"""Requests to cancel as they arrive, from files to cases: what is sure is handed on once, the rest waits for a person."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import MANAGER, SAMPLE, Cli, run
from tests.company import moved_in

Ask = Callable[..., Any]
FOLDER = str(SAMPLE / "cancellations")
TODAY = ("--today", "2026-11-27")
ASKED = {"acc-0033": 2, "acc-0036": 1, "acc-0039": 1, "acc-0040": 2, "acc-0042": 1, "acc-0045": 1}
WAITING = {
    "mail-06": "not_a_contact",
    "mail-07": "not_a_cancellation",
    "mail-08": "unclear",
    "mail-09": "automatic",
    "mail-10": "unknown_sender",
    "ticket-02": "unknown_account",
    "ticket-03": "unreadable",
}


def requests(as_json: Ask, account: str) -> list[dict[str, Any]]:
    return as_json("cancel", "status", account)["leaving"]["requests"]


def waiting(as_json: Ask) -> dict[str, dict[str, Any]]:
    """What waits, by the beginning of its file's name."""
    return {"-".join(one["arrival"]["source"].split("-")[:2]).split(".")[0]: one for one in as_json("cancel", "inbox")}


def test_a_folder_of_every_form_is_taken_in_once_however_often_it_is_given(as_json: Ask, cli: Cli) -> None:
    """CANC-10, AMB-38: two channels are one case, nothing is lost, and nobody is asked twice."""
    first = as_json("cancel", "ingest", FOLDER, *TODAY, code=5)
    assert [Path(file).name for file in first["left_out"]] == ["README.md"]
    assert {account: len(requests(as_json, account)) for account in ASKED} == ASKED
    assert {name: one["judged"]["reason"] for name, one in waiting(as_json).items()} == WAITING
    again = as_json("cancel", "ingest", FOLDER, *TODAY)
    assert {one["result"] for one in again["taken"]} == {"known"}
    assert {account: len(requests(as_json, account)) for account in ASKED} == ASKED
    assert len(as_json("cancel", "inbox", "--all")) == len(first["taken"])
    _sorts(as_json, cli)


def _sorts(as_json: Ask, cli: Cli) -> None:
    stranger, meeting = waiting(as_json)["mail-06"]["arrival"]["id"], waiting(as_json)["mail-07"]["arrival"]["id"]
    to_case = ("cancel", "sort", stranger, "--account", "acc-0040", "--by", MANAGER)
    assert as_json(*to_case)["state"] == "handed_on"
    assert as_json(*to_case)["state"] == "handed_on"
    last = requests(as_json, "acc-0040")
    assert [(one["id"], one["authorised"], one["taken_by"]) for one in last[2:]] == [(stranger, False, MANAGER)]
    assert (
        "is with the cancellation of acc-0040"
        in cli("cancel", "sort", stranger, "--account", "acc-0042", "--by", MANAGER, code=3).stderr
    )
    aside = ("cancel", "sort", meeting, "--dismiss", "--why", "it is about a meeting", "--by", MANAGER)
    assert as_json(*aside)["state"] == "dismissed"
    assert as_json(*aside)["sorted_why"] == "it is about a meeting"
    assert not {"mail-06", "mail-07"} & set(waiting(as_json))
    assert "Half the crew is out" in cli("cancel", "inbox", meeting).stdout


def test_the_customers_words_reach_no_case(as_json: Ask) -> None:
    as_json("cancel", "ingest", f"{FOLDER}/mail-04-en-letter-attached.eml", *TODAY)
    (asked,) = requests(as_json, "acc-0042")
    assert asked["no_sales_contact"] and asked["exit_date"] is None
    assert asked["detail"] == "several ends are named: 2027-03-31, 2027-06-30; ask which is meant"


def test_a_mail_with_the_id_of_another_and_other_words_is_kept_beside_it(founded: Path, tmp_path: Path) -> None:
    home = moved_in(founded, tmp_path / "home").home

    def taken(file: str) -> list[dict[str, Any]]:
        result = run(home, "cancel", "ingest", file, *TODAY, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)["taken"]

    taken(f"{FOLDER}/mail-08-ms-only-asks.eml")
    text = (SAMPLE / "cancellations/mail-08-ms-only-asks.eml").read_text(encoding="utf-8")
    again = tmp_path / "again.eml"
    again.write_text(text.replace("Sekiranya kami", "Kami"), encoding="utf-8")
    assert [one["kept"]["judged"]["reason"] for one in taken(str(again))] == ["changed"]
    assert {one["result"] for one in taken(str(again))} == {"known"}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("ingest", "nowhere.eml"), 4, "there is no file or folder nowhere.eml"),
        (("inbox", "mail-99"), 4, "nothing that came in has the id 'mail-99'"),
        (("sort", "mail-99", "--account", "acc-0040", "--by", MANAGER), 4, "nothing that came in has the id"),
        (("sort", "mail-99", "--account", "acc-0040", "--by", "usr-99"), 4, "usr-99"),
        (("sort", "mail-99", "--by", MANAGER), 2, "give either --account ID, or --dismiss with --why"),
        (("sort", "mail-99", "--dismiss", "--why", "x" * 2001, "--by", MANAGER), 2, "give 2000 at most"),
        (("sort", "mail-99", "--dismiss", "--by", MANAGER), 2, "give either --account ID, or --dismiss with --why"),
    ],
)
def test_what_cannot_be_is_refused(cli: Cli, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    assert sentence in cli("cancel", *arguments, code=code).stderr


def test_without_a_server_everything_is_kept_and_tried_again_the_next_time(founded: Path, tmp_path: Path) -> None:
    moved_in(founded, tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nowhere = f"127.0.0.1:{probe.getsockname()[1]}"
    for waits in ("7 waiting for a person", "7 known already"):
        result = run(tmp_path, "cancel", "ingest", FOLDER, *TODAY, TEMPORAL_ADDRESS=nowhere)
        assert result.exit_code == 1, result.output
        assert waits in result.stdout and "8 not handed on yet" in result.stdout
    assert run(tmp_path, "cancel", "inbox").stdout.count("is on its way") == 8
