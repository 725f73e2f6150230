"""Arguments and options that several commands take."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.codes import ExitCode
from cli.exits import Failure
from models.calendar import Offset
from models.misfit import quoted

Account = Annotated[str, typer.Argument(help="Id of the account, such as acc-0001.", show_default=False)]
CaseOrAccount = Annotated[
    str,
    typer.Argument(
        metavar="CASE_OR_ACCOUNT",
        help="Id of a case or of its account; recovery:ACCOUNT is its recovery.",
        show_default=False,
    ),
]
By = Annotated[str, typer.Option("--by", help="Your id in the team directory (see 'people').", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a few words.", show_default=False)]
Why = Annotated[str, typer.Option("--why", help="Why, in a few words.", show_default=False)]
StepId = Annotated[str, typer.Argument(help="Id of the step, as 'save status' shows it.", show_default=False)]
MessageId = Annotated[str, typer.Argument(help="Id of the message, as 'save status' shows it.", show_default=False)]
PersonArg = Annotated[str, typer.Argument(help="Id of the person in the team directory.", show_default=False)]
Folder = Annotated[
    Path | None, typer.Option("--folder", help="Folder with the playbooks; that of the settings if left out.")
]
Playbook = Annotated[str | None, typer.Option("--playbook", help="Name of the playbook.", show_default=False)]
CommandId = Annotated[
    str | None,
    typer.Option("--id", help="Id of this command: given again with the same one, it counts once.", show_default=False),
]

Proof = Annotated[str, typer.Option("--evidence", help="What proves it, in one text.")]
Items = Annotated[list[str] | None, typer.Option("--item", help="A required content as id=text; may be given again.")]
Decision = Annotated[str | None, typer.Option("--decision", help="The choice that the step asks for.")]
WithoutBrief = Annotated[
    str, typer.Option("--without-brief", help="Why an urgent first call came before its brief.", show_default=False)
]
Everything = Annotated[bool, typer.Option("--all", help="Show the steps that have ended, too.")]
Notes = Annotated[str, typer.Option("--notes", help="How it came to this.", show_default=False)]
OutcomeProof = Annotated[str, typer.Option("--evidence", help="What proves it, where the outcome asks for it.")]


def moment(text: str) -> datetime:
    """A moment in UTC from ISO text; a day alone is its end, 23:59, and a moment without a zone is UTC."""
    try:
        found = datetime.fromisoformat(f"{text}T23:59" if len(text.strip()) == len("2026-12-04") else text)
    except ValueError:
        raise _usage(f"{quoted(text)} is no moment; write it like 2026-12-04 or 2026-12-04T15:00+08:00") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def day(text: str) -> date:
    """A day from ISO text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _usage(f"{quoted(text)} is no day; write it like 2026-12-04") from None


def length(text: str) -> timedelta:
    """A length of time from ``3d``, ``12h``, ``90m``, ``1d12h`` or an ISO-8601 duration of weeks, days and hours."""
    short = text.strip().upper()
    days, found, clock = short.rpartition("D")
    iso = short if short.startswith("P") else f"P{days}{found}" + (f"T{clock}" if clock else "")
    try:
        offset = Offset.model_validate(iso)
    except ValueError:
        offset = Offset()
    if offset.months or not (offset.days or offset.minutes):
        raise _usage(f"{quoted(text)} is no length of time; write it like 3d, 12h, 90m or P3DT4H")
    return timedelta(days=offset.days, minutes=offset.minutes)


def pairs(values: list[str] | None, option: str) -> dict[str, str]:
    """``name=text`` options by name."""
    found: dict[str, str] = {}
    for value in values or []:
        name, equals, text = value.partition("=")
        if not equals or not name.strip() or name.strip() in found:
            raise _usage(f"{option} takes name=text, each name once; got {quoted(value)}")
        found[name.strip()] = text
    return found


def _usage(sentence: str) -> Failure:
    return Failure(ExitCode.SETUP, "Usage", sentence)
