"""``cancel``: a request to leave, how it stands, and what the team decides on it."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Group
from rich.text import Text

from cli import cases, requesting, view_case
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import unknown
from cli.giving import give
from cli.options import Account, By, CommandId, Everything, Reason, day, moment
from cli.save import shown
from cli.seats import seats_of
from models.base import Record
from models.cancellation import RequestChannel, Scope
from models.cancellation_commands import (
    CUSTOMER,
    ChangeEndDate,
    Confirm,
    DecideLeaving,
    DecideSave,
    InviteToTalk,
    RequestCancellation,
    Validate,
)
from models.case import CaseKind
from models.eligibility import StatedReason
from models.offer_commands import Decision as Decided
from models.status import Status

CANCELLATION = CaseKind.CANCELLATION
app = group("Work on a cancellation: from the request to the last thing that is owed to who leaves.")
ExitDate = Annotated[
    str | None,
    typer.Option("--exit-date", help="First day without the service, such as 2026-12-31.", show_default=False),
]
_BY_ITS_CODE = (
    "Their reason, by its code. 'Too expensive' is value where it is not worth its price to them, budget_cut where they "
    "have less to spend, budget_eliminated where they have nothing."
)
Waiver = Annotated[str, typer.Option("--waiver", help="Why an earlier day than the contract's is granted.")]


class Requested(Record):
    """What ``cancel request`` answers."""

    account_id: str
    said: str
    status: Status


@command(app, "request", example="cancel request acc-0003 --channel email --from con-0007 --exit-date 2026-12-31")
async def request(
    desk: Desk,
    account: Account,
    channel: Annotated[RequestChannel, typer.Option("--channel", help="Where it came in.")] = RequestChannel.CSM,
    requested_by: Annotated[str, typer.Option("--from", help="Id of the contact who asks.")] = "",
    exit_date: ExitDate = None,
    reason: Annotated[str, typer.Option("--reason", help="Their reason, by its code or in their words.")] = "",
    scope: Annotated[Scope, typer.Option("--scope", help="All of it, a part of it, or some users.")] = Scope.WHOLE,
    no_sales: Annotated[bool, typer.Option("--no-sales-contact", help="They want no sales conversation.")] = False,
    request_id: Annotated[str, typer.Option("--source", help="Id of the mail, ticket or form; it counts once.")] = "",
    received: Annotated[str | None, typer.Option("--received", help="When it came in, where that was not now.")] = None,
    by: Annotated[str, typer.Option("--by", help="Who took it in; the customer where nobody did.")] = CUSTOMER,
    command_id: CommandId = None,
) -> Reply:
    """Take in a request to cancel; the first one opens the case, each further one joins it."""
    await _check_contact(desk, account, requested_by)
    given = RequestCancellation(
        account_id=account,
        channel=channel,
        requested_by=requested_by,
        reason=reason,
        requested_exit_date=day(exit_date) if exit_date else None,
        no_sales_contact=no_sales,
        scope=scope,
        request_id=request_id,
        received_at=moment(received) if received else None,
        by=by,
    )
    with desk.working(f"taking in the request of {account}"):
        answered = await requesting.request(desk, given, command_id or str(uuid4()))
        status = await cases.ask(await desk.client(), account, CANCELLATION)
    title = (await (await desk.parts()).crm.account(account)).name
    seats = await seats_of(desk, status)
    view = view_case.of_status(cases.Seen(status), f"{title} ({account})", await desk.names(), seats, most=5)
    reply = Requested(account_id=account, said=answered.said, status=status)
    return Reply(reply, Group(view_case.of_answer(answered), Text(""), view))


async def _check_contact(desk: Desk, account: str, requested_by: str) -> None:
    """Raises ``Failure`` for an account that nobody knows, and for a contact who is not of this account."""
    crm = (await desk.parts()).crm
    await crm.account(account)
    known = sorted(contact.id for contact in await crm.contacts(account))
    if requested_by and requested_by not in known:
        there = ", ".join(known) or "none"
        sentence = f"{account} has no contact '{requested_by}'; there are: {there}; leave --from out for anybody else"
        raise unknown("UnknownContact", sentence)


@command(app, "status", example="cancel status acc-0003 --all")
async def status(desk: Desk, account: Account, everything: Everything = False) -> Reply:
    """How the cancellation stands: its dates, its plan with what is late on top, and what comes next."""
    return await shown(desk, account, CANCELLATION, everything=everything)


@command(app, "validate", example='cancel validate acc-0003 missing_feature --by usr-02 --detail "no bulk import"')
async def validate(
    desk: Desk,
    account: Account,
    reason: Annotated[StatedReason, typer.Argument(help=_BY_ITS_CODE, show_default=False)],
    by: By,
    meant: Annotated[bool, typer.Option("--meant/--not-meant", help="Do they mean to leave?")] = True,
    detail: Annotated[str, typer.Option("--detail", help="The reason in their own words.")] = "",
    destination: Annotated[str, typer.Option("--destination", help="What they move to, where they said so.")] = "",
    scope: Annotated[Scope | None, typer.Option("--scope", help="How much ends, where that is another.")] = None,
    no_sales: Annotated[bool | None, typer.Option("--no-sales-contact/--sales-contact", help="Their wish.")] = None,
    strong: Annotated[bool | None, typer.Option("--strong/--not-strong", help="Was the relationship strong?")] = None,
    unusual: Annotated[str, typer.Option("--unusual", help="Circumstances that the manager must look at.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """The wish is clear: whether they mean it, and why. The save decision follows by the rules."""
    given = Validate(
        intentional=meant,
        reason=reason,
        detail=detail,
        destination=destination,
        scope=scope,
        no_sales_contact=no_sales,
        strong_relationship=strong,
        unusual=unusual,
        by=by,
    )
    return await give(desk, account, given, command_id, CANCELLATION)


@command(app, "save-decision", example='cancel save-decision acc-0003 --attempt --by usr-07 --reason "new CFO asked"')
async def save_decision(
    desk: Desk,
    account: Account,
    by: By,
    reason: Reason,
    attempt: Annotated[bool, typer.Option("--attempt/--no-attempt", help="Is a conversation offered?")],
    command_id: CommandId = None,
) -> Reply:
    """Decide otherwise on the save attempt, where the rules allow it."""
    return await give(desk, account, DecideSave(attempt=attempt, reason=reason, by=by), command_id, CANCELLATION)


@command(app, "invite", example='cancel invite acc-0001 --by usr-01 --reason "the import is out"')
async def invite(desk: Desk, account: Account, by: By, reason: Reason, command_id: CommandId = None) -> Reply:
    """Invite once more to a conversation, where a further attempt is allowed."""
    return await give(desk, account, InviteToTalk(reason=reason, by=by), command_id, CANCELLATION)


@command(app, "approve", example='cancel approve acc-0001 manager_approval --by usr-07 --reason "fair terms"')
async def approve(
    desk: Desk,
    account: Account,
    approval: Annotated[str, typer.Argument(help="manager_approval or legal_review.", show_default=False)],
    by: By,
    objection: Annotated[
        bool, typer.Option("--objection", help="Something stands against it; it stops nobody.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Look at a cancellation as a manager or a lawyer; nobody who leaves waits for it."""
    decision = Decided.REFUSED if objection else Decided.APPROVED
    given = DecideLeaving(approval_id=approval, decision=decision, reason=reason, by=by)
    return await give(desk, account, given, command_id, CANCELLATION)


@command(app, "confirm", example="cancel confirm acc-0003 --exit-date 2026-12-31 --by usr-02")
async def confirm(
    desk: Desk,
    account: Account,
    by: By,
    exit_date: ExitDate = None,
    fast: Annotated[bool, typer.Option("--fast", help="Follow the plan of eight days.")] = False,
    consent: Annotated[
        str, typer.Option("--consent", help="How the customer agreed to end earlier than they asked.")
    ] = "",
    waiver: Waiver = "",
    command_id: CommandId = None,
) -> Reply:
    """Confirm the cancellation with its end date; the offboarding and the export begin."""
    given = Confirm(exit_date=day(exit_date) if exit_date else None, fast=fast, consent=consent, waiver=waiver, by=by)
    return await give(desk, account, given, command_id, CANCELLATION)


@command(app, "end-date", example='cancel end-date acc-0003 2027-01-31 --by usr-02 --consent "agreed by mail, 3 Dec"')
async def end_date(
    desk: Desk,
    account: Account,
    exit_date: Annotated[str, typer.Argument(help="The new first day without the service.", show_default=False)],
    by: By,
    consent: Annotated[str, typer.Option("--consent", help="How the customer agreed.", show_default=False)],
    waiver: Waiver = "",
    command_id: CommandId = None,
) -> Reply:
    """Change the end date with the customer; what counts from it moves along."""
    given = ChangeEndDate(exit_date=day(exit_date), consent=consent, waiver=waiver, by=by)
    return await give(desk, account, given, command_id, CANCELLATION)
