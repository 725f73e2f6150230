"""``demo``: one command that brings up everything, plays a portfolio of saves, and checks what came of it."""

from __future__ import annotations

import asyncio
import shlex
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli import words
from cli.command import Json, Reply, finish, out_console
from cli.demo_cast import CAST, SPARE_ACCOUNT
from cli.demo_checks import Check, check_all
from cli.demo_house import House, open_house
from cli.demo_story import Played, link_to, play_all
from cli.diary import is_escalation
from cli.exits import ExitCode, Failure
from models.base import Record
from settings import load_settings

Once = Annotated[bool, typer.Option("--once", help="Play the story, check it, and end; for CI.")]
_STYLE = {"saved_full": "green", "saved_partial": "green", "lost": "red", "let_go": "yellow", "no_contact": "yellow"}


class Ending(Record):
    """How one case of the demo ended."""

    account: str
    name: str
    people: str
    plan: str
    outcome: str | None
    days: int
    escalations: int
    link: str


def demo(once: Once = False, as_json: Json = False) -> None:
    """Play a portfolio of saves on a local Temporal: twelve accounts, people who are diligent, late and absent.

    State is kept in the sub-folder 'demo' of FOLLOWTHROUGH_HOME and begins anew each time. Stays up until Ctrl-C, so
    that you can look around and work a case yourself.

    Example: [bold]python starter.py demo[/bold]
    """
    finish(lambda: _until_stopped(_demo(once, out_console(stderr=as_json))), as_json)


async def _until_stopped(playing: asyncio.Future[Reply] | asyncio.Task[Reply] | object) -> Reply:
    """Ctrl-C and SIGTERM end the demo in an orderly way; everything that was started is stopped."""
    task: asyncio.Task[Reply] = asyncio.ensure_future(playing)  # type: ignore[arg-type]
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        raise Failure(ExitCode.NOT_NOW, "Stopped", "The demo was stopped; nothing of it is running any more.") from None


async def _demo(once: bool, console: Console) -> Reply:
    console.print("Bringing up Temporal, a worker and the sample portfolio ...")
    async with open_house(load_settings()) as house:
        console.print(_links(house), soft_wrap=True)
        played = await play_all(house, CAST, lambda line: console.print(line, soft_wrap=True))
        endings = [_ending(house, each) for each in played]
        checks = await check_all(house, played)
        failed = [check for check in checks if not check.holds]
        reply = Reply({"cases": endings, "checks": checks}, _outcome(endings, checks), _code(failed))
        if once:
            return reply
        console.print(reply.view)
        console.print(_invitation(house))
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return Reply({"cases": endings, "checks": checks}, Text("The demo has ended."), _code(failed))


def _code(failed: Sequence[Check]) -> ExitCode:
    return ExitCode.NOT_AS_EXPECTED if failed else ExitCode.OK


def _links(house: House) -> RenderableType:
    lists = {
        "all cases": "WorkflowType = 'SaveAttempt'",
        "overdue": "Overdue = true AND ExecutionStatus = 'Running'",
    }
    grid = Table.grid(padding=(0, 2))
    for name, query in lists.items():
        grid.add_row(f"[dim]{name}[/dim]", f"{house.server.ui}/namespaces/default/workflows?query={quote(query)}")
    return grid


def _ending(house: House, played: Played) -> Ending:
    return Ending(
        account=played.role.account,
        name=played.name,
        people=played.role.story.manner,
        plan=played.status.plan,
        outcome=played.status.outcome,
        days=played.days,
        escalations=sum(is_escalation(telling) for telling in played.told),
        link=link_to(house, played.role.account),
    )


def _outcome(endings: Sequence[Ending], checks: Sequence[Check]) -> RenderableType:
    cases = words.table("account", "customer", "people", "plan", "outcome", "days", "escalations")
    for each in endings:
        style = _STYLE.get(each.outcome or "", "")
        outcome = Text((each.outcome or "open").replace("_", " "), style=style)
        cells = (
            each.account,
            each.name,
            each.people,
            each.plan,
            outcome,
            str(each.days),
            str(each.escalations),
            each.link,
        )
        cases.add_row(*cells)
    expected = words.table("expectation", "")
    for check in checks:
        found = "[green]holds[/green]" if check.holds else f"[bold red]fails[/bold red] {check.found}"
        expected.add_row(check.name, found)
    return Group(cases, expected, _verdict(checks))


def _verdict(checks: Sequence[Check]) -> Text:
    failed = sum(not check.holds for check in checks)
    if failed:
        return Text(
            f"The story did not go as expected: {failed} of {len(checks)} expectations failed.", style="bold red"
        )
    return Text(f"The story went as expected: all {len(checks)} expectations hold.", style="bold green")


def _invitation(house: House) -> RenderableType:
    home = f"FOLLOWTHROUGH_HOME={shlex.quote(str(house.settings.home))}"
    starter = f"{home} .venv/bin/python starter.py"
    commands = (
        f"{starter} save status {SPARE_ACCOUNT}",
        f"{starter} save step {SPARE_ACCOUNT} start_rca --by usr-04 --evidence 'they pay for forty seats and use eleven'",
        f"{starter} fast-forward {SPARE_ACCOUNT} 2d",
        f".venv/bin/temporal workflow list --address {house.server.address} -q 'Overdue = true'",
    )
    head = Text("\nStaying up until Ctrl-C. Work a case yourself, in a second terminal:", style="bold")
    return Group(head, *(Text(f"  {line}", no_wrap=True, overflow="ignore") for line in commands))
