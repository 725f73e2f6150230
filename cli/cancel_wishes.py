"""``cancel``: what the customer says and wants: an answer, their data, to stay after all, to be left in peace."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.cancel import CANCELLATION
from cli.cancel_preview import app as app
from cli.codes import ExitCode
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import Failure
from cli.giving import give
from cli.options import Account, CommandId, pairs
from cli.personal import offer_personal_request
from models.cancellation import DataChoice
from models.cancellation_commands import (
    CUSTOMER,
    AnswerSaveInvitation,
    AnswerSurvey,
    ChooseData,
    DeclineSurvey,
    RequestDeletionProof,
    RequestExport,
    SetCleanBreak,
    Withdraw,
)

Who = Annotated[str, typer.Option("--by", help="Who passes it on; the customer where nobody does.")]
Words = Annotated[str, typer.Option("--words", help="Their own words.")]


@command(app, "answer-invitation", example='cancel answer-invitation acc-0003 --no --words "thanks, but no"')
async def answer_invitation(
    desk: Desk,
    account: Account,
    accepted: Annotated[bool, typer.Option("--yes/--no", help="Do they want the conversation?", show_default=False)],
    words: Words = "",
    by: Who = CUSTOMER,
    command_id: CommandId = None,
) -> Reply:
    """The customer's answer to the invitation; a no is respected, and the cancellation goes on either way."""
    given = AnswerSaveInvitation(accepted=accepted, words=words, by=by)
    return await give(desk, account, given, command_id, CANCELLATION)


@command(app, "export", example="cancel export acc-0003")
async def export(desk: Desk, account: Account, by: Who = CUSTOMER, command_id: CommandId = None) -> Reply:
    """The customer wants their data now, whatever else is still open."""
    return await give(desk, account, RequestExport(by=by), command_id, CANCELLATION)


@command(app, "withdraw", example='cancel withdraw acc-0003 --confirmed "their mail of 3 December" --by usr-02')
async def withdraw(
    desk: Desk,
    account: Account,
    confirmed: Annotated[str, typer.Option("--confirmed", help="How the customer confirmed it.", show_default=False)],
    by: Who = CUSTOMER,
    command_id: CommandId = None,
) -> Reply:
    """The customer stays after all: what was done is undone, until the first closing action of the last day."""
    if not confirmed.strip():
        said = "--confirmed says how the customer confirmed it, such as 'their mail of 3 December'; it is empty"
        raise Failure(ExitCode.SETUP, "Usage", said)
    return await give(desk, account, Withdraw(confirmed_by_customer=confirmed, by=by), command_id, CANCELLATION)


@command(app, "survey", example='cancel survey acc-0003 --answer "main_reason=missing_feature" --satisfaction 9')
async def survey(
    desk: Desk,
    account: Account,
    answer: Annotated[list[str] | None, typer.Option("--answer", help="question=text; may be given again.")] = None,
    decline: Annotated[bool, typer.Option("--decline", help="They do not want to be asked.")] = False,
    satisfaction: Annotated[int | None, typer.Option("--satisfaction", help="0 to 10, for the cancellation.")] = None,
    words: Words = "",
    by: Who = CUSTOMER,
    command_id: CommandId = None,
) -> Reply:
    """The answers to the exit survey, the figure for the cancellation itself, or a no that is respected."""
    if decline and (answer or satisfaction is not None):
        raise Failure(ExitCode.SETUP, "Usage", "give either --decline or answers")
    if decline:
        return await give(desk, account, DeclineSurvey(words=words, by=by), command_id, CANCELLATION)
    given = AnswerSurvey(answers=pairs(answer, "--answer"), satisfaction=satisfaction, by=by)
    return await give(desk, account, given, command_id, CANCELLATION)


@command(app, "clean-break", example='cancel clean-break acc-0003 --words "please do not write to us again"')
async def clean_break(
    desk: Desk,
    account: Account,
    undo: Annotated[bool, typer.Option("--undo", help="They may be contacted again.")] = False,
    words: Words = "",
    by: Who = CUSTOMER,
    command_id: CommandId = None,
) -> Reply:
    """The customer wants no contact any more but what law and contract ask for."""
    given = SetCleanBreak(clean_break=not undo, words=words, by=by)
    return await give(desk, account, given, command_id, CANCELLATION)


@command(app, "data", example="cancel data acc-0003 return")
async def data(
    desk: Desk,
    account: Account,
    choice: Annotated[DataChoice, typer.Argument(help="delete, or return and then delete.", show_default=False)],
    by: Who = CUSTOMER,
    command_id: CommandId = None,
) -> Reply:
    """What becomes of their data after the end."""
    return await give(desk, account, ChooseData(choice=choice, by=by), command_id, CANCELLATION)


@command(app, "deletion-proof", example="cancel deletion-proof acc-0003")
async def deletion_proof(desk: Desk, account: Account, by: Who = CUSTOMER, command_id: CommandId = None) -> Reply:
    """The customer wants it in writing once their data is deleted."""
    return await give(desk, account, RequestDeletionProof(by=by), command_id, CANCELLATION)


offer_personal_request(app, "cancel", CANCELLATION)
