"""What cannot be is answered by one clear sentence, a type, and an exit code for scripts."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.temporal.address import ServerAddress
from tests.cli.conftest import CSM, MANAGER, SAMPLE, Cli, Instance, OpenSave, environment, eventually, run

Ask = Callable[..., Any]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("step", "ACCOUNT", "tea_break", "--by", "CSM", "--evidence", "x"), "UnknownStep"),
        (("step", "ACCOUNT", "contact_call", "--by", "CSM", "--evidence", "ok"), "EvidenceMissing"),
        (("cause", "ACCOUNT", "bad_luck", "--why", "who knows", "--by", "CSM"), "UnknownRootCause"),
        (("close", "ACCOUNT", "won", "--by", "CSM", "--notes", "n"), "UnknownOutcome"),
        (("close", "ACCOUNT", "saved_full", "--by", "CSM", "--notes", "n", "--evidence", "signed"), "RootCauseMissing"),
        (("assign", "ACCOUNT", "csm", "usr-03", "--by", "CSM"), "NotAllowed"),
        (("assign", "ACCOUNT", "barista", "usr-03", "--by", MANAGER), "UnknownRole"),
        (("release", "ACCOUNT", "no-such-message", "--by", "CSM"), "UnknownMessage"),
        (("statement", "ACCOUNT", "mumble", "--by", "CSM"), "UnknownStatement"),
        (("signal", "ACCOUNT", "nonsense_kind", "--by", "CSM"), "UnknownSignal"),
        (("signal", "ACCOUNT", "usage_falling", "--by", "usr-99"), "UnknownPerson"),
        (
            ("close", "ACCOUNT", "saved_partial", "--by", "CSM", "--notes", "n", "--accepted-offer", "offer_9"),
            "UnknownOffer",
        ),
        (("skip", "ACCOUNT", "contact_call", "--by", "CSM", "--reason", "busy"), "IllegalMove"),
        (("adopt", "ACCOUNT", "--by", MANAGER, "--playbook", "wishful"), "UnknownPlaybook"),
    ],
)
def test_a_rule_that_says_no_is_named(refusing: OpenSave, cli: Cli, arguments: tuple[str, ...], kind: str) -> None:
    named = [{"ACCOUNT": refusing.account, "CSM": refusing.csm}.get(each, each) for each in arguments]
    result = cli("save", *named, code=3)
    assert result.stderr.startswith(f"refused ({kind}): ")
    assert result.stdout == ""
    error = json.loads(cli("save", *named, "--json", code=3).stdout)["error"]
    assert (error["type"], error["exit_code"]) == (kind, 3)


@pytest.mark.parametrize(
    "arguments",
    [
        ("step", "ACCOUNT", "contact_call", "--by", "usr-99", "--evidence", "call 1: spoke"),
        ("resume", "ACCOUNT", "--by", "usr-99"),
        ("trigger", "ACCOUNT", "budget_economic", "--by", "usr-99", "--reason", "r"),
        ("assign", "ACCOUNT", "csm", "usr-99", "--by", MANAGER),
    ],
)
def test_somebody_whom_the_directory_does_not_know_is_not_found(
    refusing: OpenSave, cli: Cli, arguments: tuple[str, ...]
) -> None:
    named = [{"ACCOUNT": refusing.account}.get(each, each) for each in arguments]
    said = cli("save", *named, code=4).stderr
    assert said.startswith("refused (UnknownPerson): nobody in the team directory has the id 'usr-99'")


def test_somebody_of_the_house_who_is_not_on_the_team_is_refused(refusing: OpenSave, cli: Cli) -> None:
    said = cli("save", "resume", refusing.account, "--by", "usr-02", code=3).stderr
    assert "'usr-02' is not on the team of account" in said


def test_a_text_without_an_end_is_told_by_its_length_alone(refusing: OpenSave, cli: Cli) -> None:
    promise = ("save", "promise", "make", refusing.account, "y" * 20_000, "--owner", refusing.csm)
    said = cli(*promise, "--due", "2099-12-04", "--by", refusing.csm, "--source", "call", code=2).stderr
    assert said.startswith("text is too long: 20000 characters, at most ")
    assert "yyy" not in said


@pytest.fixture(scope="module")
def refusing(instance: Instance) -> OpenSave:
    start = ("--by", "usr-01", "--reason", "missing_feature", "--playbook", "product_technical")
    assert run(instance.home, "save", "open", "acc-0017", *start).exit_code == 0
    return OpenSave("acc-0017", "usr-01")


def test_a_closed_case_says_how_and_when_it_ended(save: OpenSave, cli: Cli, as_json: Ask) -> None:
    cli(
        "save",
        "close",
        save.account,
        "lost",
        "--by",
        save.csm,
        "--notes",
        "went elsewhere",
        "--without-quotes",
        "nobody of theirs answered in three weeks",
    )
    eventually(lambda: bool(as_json("save", "status", save.account)["outcome"]))
    for command in (
        ("step", save.account, "contact_call", "--by", save.csm, "--evidence", "x"),
        ("signal", save.account, "usage_falling"),
        ("trigger", save.account, "budget_economic", "--by", save.csm, "--reason", "again"),
    ):
        said = cli("save", *command, code=3).stderr
        assert said.startswith("refused (CaseClosed): ")
        assert "closed as lost since" in said
    again = cli(
        "save", "close", save.account, "no_contact", "--by", save.csm, "--notes", "that was wrong", code=3
    ).stderr
    assert again.startswith("refused (CaseClosed): ")
    assert "open a new" in again and f"save correct {save.account}" in again


def test_an_account_that_nobody_knows_opens_no_case(cli: Cli) -> None:
    said = cli("save", "open", "acc-9999", "--by", "usr-01", "--reason", "missing_feature", code=4).stderr
    assert said.startswith("refused (UnknownAccount): no account has the id 'acc-9999'")


def test_who_has_left_opens_no_save_and_is_told_who_could(cli: Cli) -> None:
    said = cli("save", "open", "acc-0016", "--by", "usr-05", "--reason", "nps_low", code=3).stderr
    assert said.startswith("refused (NotAllowed): Farouk Haddad")
    assert "(usr-05) has left and opens no save" in said
    assert "Mei-Ling Ong 王美玲 (usr-03, csm)" in said
    assert "cs_manager" in said
    cli("save", "status", "acc-0016", code=4)


def test_an_account_without_a_case_says_how_to_open_one(cli: Cli) -> None:
    for command in (
        ("status", "acc-0046"),
        ("resume", "acc-0046", "--by", "usr-01"),
        ("signal", "acc-0046", "nps_low"),
    ):
        said = cli("save", *command, code=4).stderr
        assert "refused (UnknownCase)" in said
        assert "save open acc-0046" in said


def test_what_was_written_wrongly_is_a_matter_of_usage(cli: Cli) -> None:
    late = ("save", "reschedule", "acc-0001", "x", "--due", "soon", "--by", "usr-01", "--reason", "r")
    assert "soon" in cli(*late, code=2).stderr
    assert "a while" in cli("fast-forward", "acc-0001", "a while", code=2).stderr
    assert "--by" in cli("save", "open", "acc-0001", code=2).stderr
    assert "acc 0001" in cli("save", "status", "acc 0001", code=4).stderr


def test_without_temporal_one_line_says_what_to_do(instance: Instance) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nowhere = f"127.0.0.1:{probe.getsockname()[1]}"
    result = run(instance.home, "save", "status", "acc-0017", TEMPORAL_ADDRESS=nowhere)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "start one with 'serve'" in result.stderr


def test_without_a_database_one_line_says_what_to_do(tmp_path: Path) -> None:
    result = run(tmp_path, "people")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "python starter.py migrate" in result.stderr
    assert run(tmp_path, "migrate").exit_code == 0
    assert run(tmp_path, "people").exit_code == 0


def test_a_setting_that_is_wrong_is_named(tmp_path: Path) -> None:
    result = run(tmp_path, "people", FOLLOWTHROUGH_EMAIL="pigeon")
    assert result.exit_code == 2
    assert "FOLLOWTHROUGH_EMAIL" in result.stderr


@pytest.mark.parametrize("migrated", [False, True])
def test_a_worker_without_its_ground_gives_one_line(tmp_path: Path, migrated: bool) -> None:
    if migrated:
        run(tmp_path, "migrate")
        ServerAddress(address="127.0.0.1:9", ui="").write(tmp_path)
    env = {name: value for name, value in environment(tmp_path).items() if value} | {"PATH": ""}
    worker = SAMPLE.parent / "worker.py"
    ended = subprocess.run(
        [sys.executable, str(worker)], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert ("No Temporal server answers" if migrated else "python starter.py migrate") in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_no_save_is_opened_beside_a_wish_to_cancel_that_nobody_has_judged_yet(
    account: str, cli: Cli, as_json: Ask
) -> None:  # CANC-29
    cli("cancel", "request", account, "--channel", "email", "--from", f"con-{account}")
    open_it = ("save", "open", account, "--by", CSM, "--reason", "missing_feature")
    eventually(lambda: account in {e["account_id"] for e in as_json("case", "list") if e["kind"] == "cancellation"})
    error = as_json(*open_it, code=3)["error"]
    assert error["type"] == "IllegalMove"
    assert error["sentence"].endswith("is decided with 'cancel validate'; that comes first")
