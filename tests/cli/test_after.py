"""What follows a cancellation, from the command line: holds, deletion, the certificate, requests of people, win-back."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.temporal.connect import connect
from models.case import CaseKind
from models.closing import CloseAccount
from parts import open_parts
from settings import Settings
from tests.cli.conftest import CSM, LIKE, MANAGER, SAMPLE, Cli, Instance, eventually
from workflows.contract import workflow_id

Ask = Callable[..., Any]
LOOKED = "CS-88: looked into each store, and found nothing of them"
_TYPES = {CaseKind.RETENTION: "DataRetention", CaseKind.WIN_BACK: "WinBack"}


@pytest.fixture
def left(instance: Instance, account: str, as_json: Ask) -> Callable[[CaseKind], str]:
    """An account that was closed, and what follows of it."""

    async def begin(kind: CaseKind) -> None:
        now = datetime.now(UTC)
        closed = {"account_id": account, "cancellation_case_id": "can-1", "closed_at": now.isoformat()}
        left = {"case_id": "can-1", "account_id": account, "at": now, "closed_on": now.date()}
        async with open_parts(Settings(home=instance.home)) as parts:
            await parts.crm.close_account(CloseAccount(key=f"can-1/{account}/close_account", **left))
        client = await connect(home=instance.home)
        await client.start_workflow(_TYPES[kind], closed, id=workflow_id(kind, account), task_queue="cases")

    def started(kind: CaseKind) -> str:
        asyncio.run(begin(kind))
        command = "retention" if kind is CaseKind.RETENTION else "winback"
        eventually(lambda: bool(as_json(command, "status", account)["plan"]))
        return account

    return started


@pytest.fixture
def manager() -> tuple[str, str]:
    return "--by", MANAGER


@pytest.fixture
def csm() -> tuple[str, str]:
    return "--by", CSM


def day(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}"


def said(cli: Cli, *arguments: str) -> str:
    """The one sentence of a refusal."""
    return " ".join(cli(*arguments, code=3).stderr.split())


def test_data_is_held_deleted_and_its_deletion_proved(
    left: Callable[..., str], cli: Cli, as_json: Ask, manager: tuple[str, str], csm: tuple[str, str], tmp_path: Path
) -> None:  # OFFB-25, OFFB-26, AMB-24
    account = left(CaseKind.RETENTION)
    verified = ("--verified", "called back on the number of the contract")
    cli("retention", "hold", account, *manager, "--reason", "court order 4711", "--until", day(60))
    assert "a legal hold is on (court order 4711)" in said(cli, "retention", "erase", account, *manager, *verified)
    assert "is done by the command 'hold'" in said(
        cli, "retention", "step", account, "review_hold_1", *manager, "--evidence", "we looked at it and it goes on"
    )
    cli("retention", "free", account, *manager, "--reason", "the court is done")
    assert "no certificate was issued" in cli("retention", "certificate", account, "--to", "x.pdf", code=4).stderr
    assert "'erase' is for legal, cs_manager, executive" in said(cli, "retention", "erase", account, *csm, *verified)
    cli("retention", "erase", account, *manager, *verified)
    eventually(lambda: as_json("retention", "status", account)["stage"] == "deleted")
    assert "already" in said(cli, "retention", "hold", account, *manager, "--reason", "court order 4712")
    assert "hand the certificate to whoever asks" in said(cli, "retention", "proof", account, *csm)
    cli("retention", "step", account, "verify_deletion", *manager, "--evidence", LOOKED)
    file = tmp_path / "certificate.pdf"
    eventually(lambda: "certificate" in done(as_json, account))
    number = as_json("retention", "certificate", account, "--to", str(file))["number"]
    assert number.startswith("cert-")
    assert file.read_bytes().startswith(b"%PDF")
    assert "cannot be written" in cli("retention", "certificate", account, "--to", "/nowhere/x.pdf", code=2).stderr


def done(as_json: Ask, account: str) -> set[str]:
    return {step["id"] for step in as_json("retention", "status", account)["steps"] if step["state"] == "done"}


def test_a_person_asks_for_their_own_data(
    left: Callable[..., str], cli: Cli, as_json: Ask, csm: tuple[str, str]
) -> None:  # AMB-26
    account = left(CaseKind.RETENTION)
    asked = ("retention", "personal-request", account, "access", *csm, "--detail", "ticket 88")
    assert "--law is one of GDPR, CCPA" in said(cli, *asked, "--received", day(-1))
    assert "it is not in yet" in said(cli, *asked, "--received", day(2), "--law", "GDPR")
    cli(*asked, "--received", day(-1), "--law", "ccpa")
    steps = {step["id"]: step for step in as_json("retention", "status", account)["steps"]}
    assert {"personal_1_confirm", "personal_1_answer"} <= set(steps)
    assert steps["personal_1_answer"]["person"] == csm[1]
    assert "is not left out" in said(cli, "retention", "skip", account, "personal_1_answer", *csm, "--reason", "no")


def test_an_import_that_brings_a_customer_back_is_heard_by_what_is_kept_of_them(
    left: Callable[..., str], cli: Cli, as_json: Ask, tmp_path: Path
) -> None:  # OFFB-24, OFFB-45
    account = left(CaseKind.RETENTION)
    with (SAMPLE / "accounts.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == LIKE) | {"id": account}

    def imports(since: str) -> None:
        with (tmp_path / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, list(row))
            rows.writeheader()
            rows.writerow(row | {"customer_since": since})
        cli("import", str(tmp_path), code=5)  # the other files are not there; good rows are kept

    imports(row["customer_since"])
    assert as_json("retention", "status", account)["outcome"] is None
    imports(day(0))
    eventually(lambda: as_json("retention", "status", account)["outcome"] == "returned")


def test_the_choice_about_the_data_is_taken_down_after_the_cancellation(
    left: Callable[..., str], cli: Cli, as_json: Ask, csm: tuple[str, str]
) -> None:  # OFFB-23
    account = left(CaseKind.RETENTION)
    answered = " ".join(cli("retention", "data", account, "return", *csm, "--words", "for our auditors").stdout.split())
    assert "the data: return; for our auditors" in answered
    eventually(lambda: "return_delivered" in done(as_json, account))
    cli("retention", "data", account, "delete", *csm)
    steps = {step["id"]: step["state"] for step in as_json("retention", "status", account)["steps"]}
    assert steps["return_received"] == "skipped"


def test_who_left_is_written_to_once_and_is_back(
    left: Callable[..., str], cli: Cli, as_json: Ask, csm: tuple[str, str]
) -> None:  # OFFB-51..54
    account = left(CaseKind.WIN_BACK)
    contact = ("winback", "contact", account, *csm, "--reason", "the import that they named")
    assert "'trigger' comes first" in said(cli, *contact)
    cli("winback", "trigger", account, "we_fixed_it", "--detail", "bulk import is out since May", *csm)
    cli(*contact)
    assert "contact_1 is being written" in said(cli, *contact)
    cli("winback", "skip", account, "contact_1", *csm, "--reason", "they moved house")
    assert "'contact' asks for another one" in said(
        cli, "winback", "reopen", account, "contact_1", *csm, "--reason", "after all"
    )
    cli(*contact)
    eventually(lambda: any(m["step"] == "contact_2" for m in as_json("winback", "status", account)["messages"]))
    draft = " ".join(cli("winback", "message", account, "contact_2-1").stdout.split())
    assert f"starter.py winback release {account} contact_2-1 --by PERSON" in draft
    cli("winback", "step", account, "contact_2", *csm, "--evidence", "email 88213: told them that the import is there")
    cli("winback", "trigger", account, "growth_phase", "--detail", "two plants more", *csm)
    assert "they were written to on" in said(cli, *contact)
    assert as_json("winback", "returned", account, *csm)["stage"] == "closed"
    eventually(lambda: as_json("case", "show", f"win_back:{account}")["outcome"] == "returned")
    assert "returned" in said(cli, *contact)


def test_a_clean_break_is_for_good(left: Callable[..., str], cli: Cli, csm: tuple[str, str]) -> None:  # OFFB-51
    account = left(CaseKind.WIN_BACK)
    cli("winback", "clean-break", account, *csm, "--words", "leave us alone")
    trigger = ("winback", "trigger", account, "growth_phase", "--detail", "two plants more", *csm)
    assert "closed as clean_break" in said(cli, *trigger)


@pytest.mark.parametrize("command", ["retention", "winback"])
def test_an_account_that_has_not_left_is_told_so(account: str, cli: Cli, command: str) -> None:
    assert account in cli(command, "status", account, code=4).stderr
