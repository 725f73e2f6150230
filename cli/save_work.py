"""``save``: what only a save attempt has: its cause, what the customer said, and whether it can be saved."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from cli import cases, view_case
from cli.at_once import judge_statement
from cli.command import Reply, command
from cli.desk import Desk
from cli.giving import give
from cli.options import Account, By, CommandId
from cli.save import app as app
from models.commands import (
    RecordRootCause,
    TagStatement,
    Triage,
)
from models.save import Answer, Probability, SaveableAnswers, SaveWindow


@command(
    app,
    "cause",
    example='save cause acc-0001 missing_feature --why "no bulk export" --why "staff retypes it" --by usr-01',
)
async def cause(
    desk: Desk,
    account: Account,
    code: Annotated[str, typer.Argument(help="Code of the root cause.", show_default=False)],
    why: Annotated[list[str], typer.Option("--why", help="One to five whys, the first one first.", show_default=False)],
    by: By,
    stated: Annotated[str, typer.Option("--stated", help="The reason in the customer's own words.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Record the root cause; it picks the playbook, and what is done is kept."""
    given = RecordRootCause(root_cause=code, whys=tuple(why), by=by, stated_reason=stated)
    return await give(desk, account, given, command_id)


@command(app, "statement", example='save statement acc-0001 too_expensive --quote "we cannot justify it" --by usr-01')
async def statement(
    desk: Desk,
    account: Account,
    code: Annotated[str, typer.Argument(help="Code in the dictionary of statements.", show_default=False)],
    by: By,
    quote: Annotated[str, typer.Option("--quote", help="Their own words.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Tag what the customer said; the answer says what it means and how to respond, and the account is judged at once."""
    answered = await cases.update(desk, account, TagStatement(code=code, quote=quote, by=by), command_id)
    noted = await judge_statement(desk, account)
    return Reply(answered, Group(view_case.of_answer(answered), Text(noted, style="dim")))


@command(app, "triage", example="save triage acc-0001 --can-solve yes --still-needed yes --economics no --by usr-01")
async def triage(
    desk: Desk,
    account: Account,
    by: By,
    can_solve: Annotated[Answer, typer.Option(help="Can we solve it?")] = Answer.UNKNOWN,
    still_needed: Annotated[Answer, typer.Option(help="Do they still need it?")] = Answer.UNKNOWN,
    will_work_with_us: Annotated[Answer, typer.Option(help="Will they work with us?")] = Answer.UNKNOWN,
    economics: Annotated[Answer, typer.Option(help="Does it pay?")] = Answer.UNKNOWN,
    good_for_us: Annotated[Answer, typer.Option(help="Is it good for us?")] = Answer.UNKNOWN,
    probability: Annotated[Probability | None, typer.Option(help="Your own estimate of the chances.")] = None,
    window: Annotated[SaveWindow | None, typer.Option(help="How far they have gone already.")] = None,
    command_id: CommandId = None,
) -> Reply:
    """Answer the saveable test; the verdict is recorded, never acted on by itself."""
    answers = SaveableAnswers(
        can_solve=can_solve,
        still_needed=still_needed,
        will_work_with_us=will_work_with_us,
        economics=economics,
        good_for_us=good_for_us,
    )
    given = Triage(by=by, answers=answers, probability=probability, window=window)
    return await give(desk, account, given, command_id)
