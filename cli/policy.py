"""``policy``: check the policies, and see what an account may count on when it leaves."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from adapters.clock import utc_now
from adapters.playbooks.check import check as check_folder
from adapters.playbooks.folder import FolderPlaybooks
from adapters.playbooks.library import POLICIES
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure, refused
from cli.options import Account, day
from cli.playbook import faults_found
from cli.view_policy import of_prospect
from models.eligibility import StatedReason, Wish
from rules.cancellation.prospect import prospect
from rules.refusal import Refused

app = group("Check the policies, and see which one holds for an account that leaves. They are not legal advice.")


@command(app, "check", example="policy check")
async def check(
    desk: Desk,
    folder: Annotated[
        Path | None, typer.Argument(help="Folder that holds policies/; that of the settings if left out.")
    ] = None,
) -> Reply:
    """Find every fault of every policy, with file, line and what would be right; playbooks are left out."""
    place = folder or desk.settings.playbooks
    if place.is_dir() and not (place / POLICIES).is_dir():
        above = f"name the folder above it, {place.parent}" if place.name == POLICIES else "name one that holds it"
        raise Failure(ExitCode.SETUP, "Usage", f"{place} holds no folder {POLICIES}/; {above}")
    faults = await asyncio.to_thread(check_folder, place)
    return faults_found([fault for fault in faults if _concerns_policies(fault.file, place)], place / POLICIES)


@command(app, "explain", example="policy explain acc-0022 --reason competitor_evaluating --end-date 2026-12-31")
async def explain(
    desk: Desk,
    account: Account,
    reason: Annotated[
        list[StatedReason] | None, typer.Option("--reason", help="What the customer would say; may be given again.")
    ] = None,
    end_date: Annotated[
        str | None, typer.Option("--end-date", help="The last day that they would ask for.", show_default=False)
    ] = None,
    no_sales: Annotated[bool, typer.Option("--no-sales", help="They would ask for no sales conversation.")] = False,
) -> Reply:
    """Which policy holds for the account and why, each value with its rule, and what a cancellation today would bring."""
    asked = day(end_date) if end_date else None
    policy = await FolderPlaybooks(desk.settings.playbooks).policy()
    file = await (await desk.parts()).crm.account_file(account)
    wish = Wish(reasons=tuple(reason or [StatedReason.UNKNOWN]), no_sales_contact=no_sales)
    try:
        found = prospect(file.account, policy, wish, asked, utc_now())
    except Refused as no:
        raise refused(no.kind, no.sentence) from None
    return Reply(found, of_prospect(found))


def _concerns_policies(file: str, place: Path) -> bool:
    """Whether a fault is one of the policies; so is that of a folder that is not there."""
    return file == str(place) or file.split("/")[0] == POLICIES
