"""``retention`` and ``winback``: what is kept of who left and how it is deleted, and who is remembered."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cli import cases
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure, unknown
from cli.giving import give
from cli.options import Account, By, CommandId, Everything, Reason, moment
from cli.personal import offer_personal_request
from cli.save import shown
from models.after_commands import (
    ChooseKeptData,
    ChoosePolicy,
    ContactAgain,
    CustomerReturned,
    EraseNow,
    LeaveInPeace,
    LegalHoldOn,
    RecordTrigger,
    ReleaseHold,
    WantProof,
)
from models.base import Record
from models.cancellation import DataChoice
from models.case import CaseKind
from models.win_back import TriggerKind

RETENTION, WIN_BACK = CaseKind.RETENTION, CaseKind.WIN_BACK
retention = group("Keep the data of who left as long as they were told, delete it, and prove it.")
winback = group("Remember who left; write at most once a year, with a reason.")
Detail = Annotated[str, typer.Option("--detail", help="In a few words.")]
Words = Annotated[str, typer.Option("--words", help="Their own words.")]


class Certificate(Record):
    """The number of a certificate, and where it was written."""

    number: str
    file: str


@command(retention, "status", example="retention status acc-0003")
async def status(desk: Desk, account: Account, everything: Everything = False) -> Reply:
    """How the keeping of the data stands: when it is deleted, and what is still to be done."""
    return await shown(desk, account, RETENTION, everything=everything)


@command(
    retention,
    "hold",
    example='retention hold acc-0003 --by usr-07 --reason "court order 4711" --until 2027-06-30',
)
async def hold(
    desk: Desk,
    account: Account,
    by: By,
    reason: Reason,
    until: Annotated[
        str | None,
        typer.Option("--until", help="When you decide anew; by the policy, if left out.", show_default=False),
    ] = None,
    command_id: CommandId = None,
) -> Reply:
    """A legal hold: nothing is deleted until it is released. Given again, it goes on until the new day."""
    given = LegalHoldOn(by=by, reason=reason, until=moment(until) if until else None)
    return await give(desk, account, given, command_id, RETENTION)


@command(retention, "free", example='retention free acc-0003 --by usr-07 --reason "the case is closed"')
async def free(desk: Desk, account: Account, by: By, reason: Reason, command_id: CommandId = None) -> Reply:
    """Release the legal hold; what is due by now is deleted."""
    return await give(desk, account, ReleaseHold(by=by, reason=reason), command_id, RETENTION)


@command(
    retention, "erase", example='retention erase acc-0003 --by usr-07 --verified "call back to the contract number"'
)
async def erase(
    desk: Desk,
    account: Account,
    by: By,
    verified: Annotated[str, typer.Option("--verified", help="How it was verified who asks.", show_default=False)],
    command_id: CommandId = None,
) -> Reply:
    """Delete the data now, for a verified request."""
    return await give(desk, account, EraseNow(by=by, verified_how=verified), command_id, RETENTION)


@command(retention, "proof", example="retention proof acc-0003 --by usr-02")
async def proof(desk: Desk, account: Account, by: By, command_id: CommandId = None) -> Reply:
    """The customer wants the deletion confirmed in writing."""
    return await give(desk, account, WantProof(by=by), command_id, RETENTION)


@command(retention, "data", example="retention data acc-0003 return --by usr-02")
async def kept_data(
    desk: Desk,
    account: Account,
    choice: Annotated[DataChoice, typer.Argument(help="delete, or return and then delete.", show_default=False)],
    by: By,
    words: Words = "",
    command_id: CommandId = None,
) -> Reply:
    """What becomes of their data, as they say now that the cancellation is over."""
    return await give(desk, account, ChooseKeptData(choice=choice, words=words, by=by), command_id, RETENTION)


offer_personal_request(retention, "retention", RETENTION)


@command(retention, "returned", example="retention returned acc-0003 --by usr-02")
async def kept_returned(
    desk: Desk, account: Account, by: By, detail: Detail = "", command_id: CommandId = None
) -> Reply:
    """The customer is back: nothing is deleted."""
    return await give(desk, account, CustomerReturned(by=by, detail=detail), command_id, RETENTION)


@command(
    retention,
    "policy",
    example='retention policy acc-0003 --to default --by usr-07 --reason "the EU policy was merged into the default one"',
)
async def chosen_policy(
    desk: Desk,
    account: Account,
    to: Annotated[str, typer.Option("--to", help="The policy of leaving that holds.", show_default=False)],
    by: By,
    reason: Reason,
    command_id: CommandId = None,
) -> Reply:
    """Choose the policy where the one of the cancellation was renamed or removed."""
    return await give(desk, account, ChoosePolicy(by=by, policy=to, reason=reason), command_id, RETENTION)


@command(retention, "certificate", example="retention certificate acc-0003 --to certificate.pdf")
async def certificate(
    desk: Desk, account: Account, to: Annotated[Path, typer.Option("--to", help="The file to write.")]
) -> Reply:
    """Fetch the certificate of deletion as PDF."""
    steps = (await cases.see(desk, account, RETENTION)).status.steps
    done = next((step for step in steps if step.id == "certificate" and step.evidence), None)
    if done is None or done.evidence is None:
        raise unknown("UnknownCertificate", f"no certificate was issued for {account} yet; see 'retention status'")
    number = done.evidence.text.removeprefix("receipt ")
    found = await (await desk.parts()).certificates.find(number)
    try:
        shutil.copyfile(found, to)
    except OSError as error:
        raise Failure(ExitCode.SETUP, "Usage", f"{to} cannot be written ({error.strerror}).") from error
    return Reply(Certificate(number=number, file=str(to)), Text(f"certificate {number} written to {to}"))


@command(winback, "status", example="winback status acc-0003")
async def remembered(desk: Desk, account: Account, everything: Everything = False) -> Reply:
    """Who left, over what, what has happened since, and when somebody looks again."""
    return await shown(desk, account, WIN_BACK, everything=everything)


@command(winback, "trigger", example='winback trigger acc-0003 we_fixed_it --detail "bulk import is out" --by usr-02')
async def trigger(
    desk: Desk,
    account: Account,
    kind: Annotated[TriggerKind, typer.Argument(help="What happened.", show_default=False)],
    by: By,
    detail: Annotated[str, typer.Option("--detail", help="What it was.", show_default=False)],
    command_id: CommandId = None,
) -> Reply:
    """Something happened that makes a contact worthwhile."""
    return await give(desk, account, RecordTrigger(kind=kind, detail=detail, by=by), command_id, WIN_BACK)


@command(winback, "contact", example='winback contact acc-0003 --by usr-02 --reason "the import that they named"')
async def contact(
    desk: Desk,
    account: Account,
    by: By,
    reason: Reason,
    named: Annotated[str, typer.Option("--named", help="What they named when they left, in their own words.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Write to them, at most once a year; the letter is drafted, and released by a person.

    With --named it says that the change is the one that they named; without, it claims nothing that they said.
    """
    return await give(desk, account, ContactAgain(by=by, reason=reason, named=named), command_id, WIN_BACK)


@command(winback, "clean-break", example="winback clean-break acc-0003 --by usr-02")
async def clean_break(
    desk: Desk,
    account: Account,
    by: By,
    words: Words = "",
    command_id: CommandId = None,
) -> Reply:
    """They want no contact any more: it ends here."""
    return await give(desk, account, LeaveInPeace(by=by, words=words), command_id, WIN_BACK)


@command(winback, "returned", example="winback returned acc-0003 --by usr-02")
async def returned(desk: Desk, account: Account, by: By, detail: Detail = "", command_id: CommandId = None) -> Reply:
    """The customer is back; nobody needs to remember them any more."""
    return await give(desk, account, CustomerReturned(by=by, detail=detail), command_id, WIN_BACK)
