"""``recovery``: look after a customer who was saved: see what is owed, do it, and end it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cli import cases, files
from cli.cases import RECOVERY
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import unknown
from cli.giving import give
from cli.options import Account, By, CommandId, Everything, Notes, OutcomeProof
from cli.save import shown
from models.base import Record
from models.commands import CloseRecovery, TagStatement
from models.document import Document, DocumentKind
from models.status import Status

app = group("Look after a saved customer for a year; a save that ended well begins it.")


class Report(Record):
    """What ``recovery report`` answers."""

    page: Document
    chart: Document | None = None


@command(app, "status", example="recovery status acc-0001 --all")
async def status(desk: Desk, account: Account, everything: Everything = False) -> Reply:
    """How the recovery stands: its plan with what is late on top, and what comes next."""
    return await shown(desk, account, RECOVERY, everything=everything)


@command(app, "report", example="recovery report acc-0001 value_report/1 --out report.md")
async def report(
    desk: Desk,
    account: Account,
    step_id: Annotated[
        str | None, typer.Argument(help="The step that it is for; the latest page if left out.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the page to this file, and its chart beside it.")
    ] = None,
) -> Reply:
    """Read what was prepared for a step: the week's figures, the value report, or the page of a review.

    It is as it was when it was prepared. The letter that goes with a value report is released with 'recovery release'.
    """
    case = (await cases.see(desk, account, RECOVERY)).status
    kept = (await desk.parts()).documents
    wanted = _page_of(case, await kept.of_account(account), step_id)
    chart = await kept.find(wanted.chart_key)
    return Reply(Report(page=wanted, chart=chart), _shown(wanted, chart, out))


@command(app, "statement", example='recovery statement acc-0001 eval_alternatives --quote "we look around" --by usr-01')
async def statement(
    desk: Desk,
    account: Account,
    code: Annotated[str, typer.Argument(help="Code in the dictionary of statements.", show_default=False)],
    by: By,
    quote: Annotated[str, typer.Option("--quote", help="Their own words.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Tag what the saved customer said; the answer says what it means and how to respond."""
    return await give(desk, account, TagStatement(code=code, quote=quote, by=by), command_id, RECOVERY)


@command(app, "close", example='recovery close acc-0001 verified --by usr-07 --notes "a quiet half year"')
async def close(
    desk: Desk,
    account: Account,
    outcome: Annotated[str, typer.Argument(help="verified, not_verified or ended.", show_default=False)],
    by: By,
    notes: Notes,
    evidence: OutcomeProof = "",
    command_id: CommandId = None,
) -> Reply:
    """End the recovery with its outcome; where monitoring has run its time, it ends by itself."""
    given = CloseRecovery(outcome=outcome, by=by, notes=notes, evidence=evidence)
    return await give(desk, account, given, command_id, RECOVERY)


def _page_of(case: Status, kept: tuple[Document, ...], step_id: str | None) -> Document:
    """The page of that step, or the latest one of the case."""
    pages = [one for one in kept if one.case_id == case.case_id and one.kind is not DocumentKind.CHART]
    for page in pages:
        if step_id is None or step_id in _steps_of(page):
            return page
    known = sorted(name for page in pages for name in _steps_of(page)[:1])
    what = f"for step '{step_id}'" if step_id else "yet"
    there = f"; there are pages for: {', '.join(known)}" if known else "; the first is made when its plan begins"
    raise unknown("UnknownDocument", f"No page was prepared {what} in the recovery of {case.account_id}{there}.")


def _steps_of(page: Document) -> tuple[str, str]:
    """How the step of a page may be named, by its key: with its number, and without."""
    step, _, turn = page.key.rsplit("/", 3)[1:]
    return f"{step}/{turn}", step


def _shown(page: Document, chart: Document | None, out: Path | None) -> Text:
    if out is None:
        return Text(page.text.rstrip())
    picture = out.with_suffix(".svg")
    link = f"\n![{page.title}]({picture.name})\n" if chart else ""
    files.save(out, page.text + link)
    if chart:
        files.save(picture, chart.text)
    return Text(f"written to {out}" + (f" and {picture}" if chart else ""))
