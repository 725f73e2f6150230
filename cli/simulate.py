"""``simulate``: play a playbook with people of a manner, and print what would happen on which day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.calendar_chart import draw
from cli.calendar_view import lines, summary, view
from cli.codes import ExitCode
from cli.command import Json, Reply, finish, out_console
from cli.exits import Failure
from cli.players import Manner, Story
from cli.simulation import Run
from cli.simulation import simulate as run_simulation
from settings import load_settings

Playbook = Annotated[str, typer.Argument(help="Name of the playbook, such as product_technical.", show_default=False)]
PeopleOption = Annotated[
    Manner,
    typer.Option(
        "--people",
        help="diligent: each step in time; late: many after the breach; absent: the CSM never reacts, then is on "
        "leave, and the customer does not answer.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same calendar.")]
Days = Annotated[int, typer.Option("--days", min=1, max=400, help="How many days to look at; a case may end before.")]
Chart = Annotated[Path | None, typer.Option("--chart", help="Draw the calendar as an SVG file.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate")(simulate)


def simulate(
    playbook: Playbook,
    people: PeopleOption = Manner.DILIGENT,
    seed: Seed = 1,
    days: Days = 40,
    chart: Chart = None,
    as_json: Json = False,
) -> None:
    """Play a playbook with its real durations and print the calendar: day, step, owner, what happened, who was told.

    The true workflow runs on a time-skipping server with a made-up customer; nothing of your instance is touched.

    Example: [bold]python starter.py simulate product_technical --people late --seed 7 --chart out.svg[/bold]
    """

    async def answer() -> Reply:
        _check_chart(chart)
        with out_console(stderr=True).status(f"playing {playbook} with {people} people"):
            run = await run_simulation(load_settings(), playbook, Story(manner=people, seed=seed), days)
        if chart is not None:
            _write(chart, draw(run))
        return Reply(data=_data(run), view=view(run))

    finish(answer, as_json)


def _data(run: Run) -> dict[str, object]:
    """What ``--json`` prints: nothing in it depends on the day of the simulation."""
    head = {"playbook": run.playbook, "people": run.manner, "seed": run.seed}
    tail = {"notes": run.notes, "refused": run.refused}
    return {**head, "summary": summary(run), "calendar": lines(run), **tail}


def _check_chart(chart: Path | None) -> None:
    if chart is not None and not chart.expanduser().absolute().parent.is_dir():
        raise Failure(
            ExitCode.SETUP, "Usage", f"--chart: there is no folder {chart.parent}; make it, or name another one."
        )


def _write(chart: Path, picture: str) -> None:
    try:
        chart.expanduser().write_text(picture, encoding="utf-8")
    except OSError as error:
        raise Failure(ExitCode.SETUP, "Usage", f"--chart: {chart} cannot be written ({error.strerror}).") from error
