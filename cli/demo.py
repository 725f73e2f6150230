"""``demo``: one command that brings up everything, plays a portfolio of saves, and checks what came of it."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli import words
from cli.codes import ExitCode
from cli.command import Json, Reply, finish, out_console
from cli.demo_cast import CAST
from cli.demo_checks import check_all
from cli.demo_house import House, open_house
from cli.demo_leaving import check_leaving, play_leaving
from cli.demo_looking import Check
from cli.demo_story import Played, link_to, play_all
from cli.diary import is_escalation
from cli.local_worker import until_stopped
from cli.scene import spec_of
from models.base import Record
from models.step import StepState
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


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(once: Once = False, as_json: Json = False) -> None:
    """Play a portfolio on a local Temporal: twelve saves with diligent, late and absent people, and one cancellation.

    State is kept in the sub-folder 'demo' of FOLLOWTHROUGH_HOME and begins anew each time. Stays up until Ctrl-C, so
    that you can look around and work a case yourself.

    Example: [bold]python starter.py demo[/bold]
    """
    finish(lambda: until_stopped(_demo(once, out_console(stderr=as_json)), "The demo"), as_json)


async def _demo(once: bool, console: Console) -> Reply:
    console.print("Bringing up Temporal, a worker and the sample portfolio ...")
    async with open_house(load_settings()) as house:
        console.print(_links(house), soft_wrap=True)
        tell = partial(console.print, soft_wrap=True)
        gone = await play_leaving(house, tell)
        played = await play_all(house, CAST, tell)
        endings = [_ending(house, each) for each in played]
        checks = [*await check_all(house, played), *await check_leaving(house, gone)]
        failed = [check for check in checks if not check.holds]
        told = {"cases": endings, "left": gone.farewell, "checks": checks}
        reply = Reply(told, _outcome(endings, checks), _code(failed))
        if once:
            return reply
        console.print(reply.view)
        console.print(_invitation(house, played[-1]), soft_wrap=True)
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return Reply(told, Text("The demo has ended."), _code(failed))


def _code(failed: Sequence[Check]) -> ExitCode:
    return ExitCode.NOT_AS_EXPECTED if failed else ExitCode.OK


def _links(house: House) -> RenderableType:
    lists = {
        "all cases": "WorkflowType IN ('SaveAttempt', 'SaveRecovery', 'Cancellation')",
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
        account = Text(each.account, style=f"link {each.link}")
        cases.add_row(account, each.name, each.people, each.plan, outcome, str(each.days), str(each.escalations))
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


def _invitation(house: House, spare: Played) -> RenderableType:
    """How to work the case that was left open: commands as they are typed, for the step that is due next."""
    account = spare.role.account
    starter = f"FOLLOWTHROUGH_HOME={shlex.quote(str(house.settings.home))} .venv/bin/python starter.py"
    commands = [f"{starter} save status {account}", *_next_step(starter, spare)]
    commands += [f"{starter} fast-forward {account} 2d", f"{starter} save status {account}"]
    commands.append(f".venv/bin/temporal workflow list --address {house.server.address} -q 'Overdue = true'")
    head = Text("\nStaying up until Ctrl-C. Work a case yourself, in a second terminal:", style="bold")
    return Group(head, *(Text(f"  {line}") for line in commands))


def _next_step(starter: str, spare: Played) -> list[str]:
    owed = [step for step in spare.status.steps if step.state is StepState.OPEN and step.person and step.due]
    plain = (step for step in owed if (spec := spec_of(spare.plan, step)) and not spec.contents and spec.recur is None)
    step = min(plain, key=lambda step: step.due or spare.status.as_of, default=None)
    if step is None:
        return []
    rule = next(spec.evidence for spec in spare.plan.steps if spec.id == step.id)
    example = rule.example or next(k.example for k in spare.plan.policy.evidence if k.name == rule.kind)
    command = f"{starter} save step {spare.role.account} {step.id} --by {step.person} --evidence {shlex.quote(example)}"
    return [command + (f" --decision {rule.decisions[0]}" if rule.decisions else "")]
