"""Requests to cancel from the command line: what opens a case, what repeats it, what it is refused for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from models.closing import CloseAccount
from models.crm import AccountRecord, Contact
from parts import open_parts
from settings import Settings
from tests.cli.conftest import CSM, LIKE, MANAGER, SAMPLE, Cli, Instance, eventually

Ask = Callable[..., Any]


def kinds(as_json: Ask, account: str) -> list[str]:
    return [event["kind"] for event in as_json("cancel", "status", account)["timeline"]]


def said(cli: Cli, *arguments: str) -> str:
    return " ".join(cli(*arguments, code=3).stderr.split())


def test_the_first_request_opens_the_case_and_a_correction_keeps_what_was_said(
    account: str, cli: Cli, as_json: Ask
) -> None:
    contact = f"con-{account}"
    request = ("cancel", "request", account, "--channel", "email", "--from", contact)
    assert "opened the case" in as_json(*request, "--received", "2026-11-02T15:00+08:00")["said"]
    first = as_json("cancel", "status", account)["opened_at"]
    assert first.startswith("2026-11-02T07:00")  # the clocks run from when it came in (CANC-20)
    assert "request_again" not in kinds(as_json, account)
    assert "on record since" in as_json(*request)["said"]
    mail = ("cancel", "request", account, "--channel", "email", "--source", "mail-8")
    cli(*mail, "--from", contact)
    refusal = said(cli, *mail)
    assert f"'mail-8' is on record as the request of {contact}, not of nobody who is known" in refusal
    assert "--source" in refusal
    by = ("--by", CSM)
    cli("cancel", "validate", account, "missing_feature", "--detail", "no bulk import", *by)
    cli("cancel", "validate", account, "service", "--detail", "nobody answered", *by)
    history = {event["kind"]: event["text"] for event in as_json("cancel", "status", account)["timeline"]}
    assert history["reason_corrected"] == "was missing_feature: no bulk import; is service: nobody answered"
    cli("cancel", "survey", account, "--answer", "main_reason=price")
    again = as_json("cancel", "survey", account, "--answer", "main_reason=service", "--answer", "tell_when_fixed=yes")
    assert "corrected: main_reason was 'price'" in again["said"]
    leaving = as_json("cancel", "status", account)["leaving"]
    assert (leaving["may_tell"], leaving["churn_reason"]) == (True, "service")
    assert [(one["reason"], one["detail"]) for one in leaving["reasons_before"]] == [
        ("missing_feature", "no bulk import")
    ]
    page = " ".join(cli("cancel", "status", account).stdout.split())
    assert f"policy {leaving['policy']} since {leaving['policy_since'][:10]}" in page
    assert "reason service: nobody answered first reason missing_feature: no bulk import corrected on" in page
    assert "wants to hear when what they named is fixed" in page
    assert "the end date of" in said(cli, "cancel", "preview", account)


def test_a_request_of_an_account_that_left_is_turned_away(instance: Instance, cli: Cli) -> None:  # AMB-38
    account = "acc-9001"

    async def closed() -> None:
        async with open_parts(Settings(home=instance.home)) as parts:
            await parts.crm.put_account(AccountRecord(id=account, name="Left Long Ago"))
            asked = {"key": f"{account}/closed", "case_id": "can-1", "account_id": account, "at": datetime.now(UTC)}
            await parts.crm.close_account(CloseAccount(**asked, closed_on=date(2026, 3, 1)))

    asyncio.run(closed())
    refusal = said(cli, "cancel", "request", account)
    assert refusal.startswith(f"refused (CaseClosed): account {account} is closed since 2026-03-01")
    assert "'retention returned'" in refusal


def test_a_customer_without_a_team_may_cancel_too_and_a_manager_gives_the_case_people(
    instance: Instance, cli: Cli, as_json: Ask, tmp_path: Path
) -> None:  # CANC-1, CANC-19
    alone, later = "acc-9002", "acc-9003"

    async def known() -> None:
        async with open_parts(Settings(home=instance.home)) as parts:
            for account in (alone, later):
                await parts.crm.put_account(AccountRecord(id=account, name="Nobody Looks After"))
                mail = {"email": f"ann@{account}.example", "may_cancel": True, "primary": True}
                await parts.crm.put_contact(Contact(id=f"con-{account}", account_id=account, name="Ann", **mail))

    asyncio.run(known())
    for account in (alone, later):
        cli("cancel", "request", account, "--from", f"con-{account}")

    def stuck() -> dict[str, dict[str, str]]:
        return {one["account_id"]: one for one in as_json("case", "stuck")}

    eventually(lambda: {alone, later} <= set(stuck()))
    found = stuck()[alone]
    assert "nobody has its open steps: " in found["why"]
    assert f"cancel assign {alone} ROLE PERSON --by MANAGER, for csm" in found["what_to_do"]
    assert "'assign' is for" in said(cli, "cancel", "assign", alone, "csm", CSM, "--by", "usr-04")
    cli("cancel", "assign", alone, "csm", CSM, "--by", MANAGER)

    def drafted(account: str) -> list[str]:
        return [message["step"] for message in as_json("cancel", "status", account)["messages"]]

    eventually(lambda: "acknowledgement" in drafted(alone) and alone not in stuck())
    assert drafted(later) == []
    for name, own in (("people", ""), ("accounts", LIKE), ("seats", LIKE)):
        lines = (SAMPLE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        rows = [line.replace(own or line, later if own else line) for line in lines[1:] if line.startswith(own)]
        (tmp_path / f"{name}.csv").write_text("\n".join([lines[0], *rows]), encoding="utf-8")
    cli("import", str(tmp_path))
    eventually(lambda: "acknowledgement" in drafted(later) and later not in stuck())
