"""People and accounts: lists of them, absences, and those who leave."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from adapters.portfolio.records import away_time
from cli import cases
from cli.codes import ExitCode
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import Failure
from cli.options import PersonArg, day
from cli.words import keep_whole, money, table, when
from models.base import Record
from models.book import CaseEntry
from models.commands import TeamChanged
from models.directory import DirectoryPerson
from models.portfolio import AbsenceRow
from parts import Parts


class TeamChange(Record):
    """What became of a change in the directory: the accounts whose open cases were told."""

    person: str
    said: str
    cases_told: tuple[str, ...] = ()


def add_to(app: typer.Typer) -> None:
    """Add the commands on people and accounts."""
    command(app, "people", example="people")(people)
    command(app, "accounts", example="accounts")(accounts)
    command(app, "absence", example="absence usr-02 --from 2026-12-21 --until 2027-01-03")(absence)
    command(app, "deactivate", example="deactivate usr-04")(deactivate)


async def people(desk: Desk) -> Reply:
    """The team directory: ids, names, roles and where they work."""
    found = await (await desk.parts()).directory.people()
    rows = table("id", "name", "title", "roles", "time zone", "state")
    keep_whole(rows, 0, 3, 4)
    for person in found:
        state = "here" if person.active else "[red]left[/]"
        roles = "\n".join(person.roles) or "-"
        rows.add_row(person.id, escape(person.name), escape(person.title), roles, person.works.time_zone, state)
    return Reply(found, rows)


async def accounts(
    desk: Desk,
    former: Annotated[bool, typer.Option("--former", help="Who left, instead of the customers.")] = False,
) -> Reply:
    """The customers: ids, names, the yearly revenue that the forecast counts on, renewal dates; --former: who left."""
    found = tuple(one for one in await (await desk.parts()).crm.accounts() if one.active is not former)
    rows = table("id", "name", "left" if former else "ARR", "tier", "renewal", "jurisdiction", "language")
    rows.columns[2].justify = "right"
    for one in found:
        tier = f"{one.tier}, strategic" if one.strategic else one.tier
        renewal = one.renewal_date.isoformat() if one.renewal_date else "-"
        rows.add_row(
            one.id,
            escape(one.name),
            f"{one.churned_on}" if former else money(one.forecast),
            tier,
            renewal,
            one.jurisdiction,
            one.locale,
        )
    return Reply(found, rows)


async def absence(
    desk: Desk,
    person: PersonArg,
    first: Annotated[str, typer.Option("--from", help="First day away, in their time zone.", show_default=False)],
    last: Annotated[str, typer.Option("--until", help="Last day away.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="Why, for the team.")] = "",
) -> Reply:
    """Plan an absence: while it lasts, what the person owes goes to their deputy, then to the manager."""
    parts = await desk.parts()
    known = await parts.directory.person(person)
    if day(last) < day(first):
        raise Failure(ExitCode.SETUP, "Usage", f"--until {last} is before --from {first}; give the last day away")
    row = AbsenceRow(line=1, person=person, first_day=day(first), last_day=day(last), reason=reason)
    away = away_time(row, known.works.time_zone)
    await parts.directory.add_absence(away)
    said = f"{known.name} ({person}) is away from {when(away.start)} until {when(away.end)} UTC"
    return await _told(desk, parts, known, said)


async def deactivate(desk: Desk, person: PersonArg) -> Reply:
    """A person has left: they keep their name on what they did, and what they owe goes to their deputy or manager.

    To give their accounts to somebody, see 'handover'.
    """
    parts = await desk.parts()
    known = await parts.directory.person(person)
    await parts.directory.deactivate(person)
    return await _told(desk, parts, known, f"{known.name} ({person}) is no longer active")


async def _told(desk: Desk, parts: Parts, person: DirectoryPerson, said: str) -> Reply:
    fact = TeamChanged(person=person.id)
    told = await cases.signal_each(desk, await open_cases(parts, person.id), fact, "telling their open cases")
    return Reply(TeamChange(person=person.id, said=said, cases_told=tuple(told)), _view(said, told))


async def open_cases(parts: Parts, person: str) -> list[CaseEntry]:
    """The open cases that a person leads, works in, or has a seat on, by account."""
    found = {entry.case_id: entry for entry in await parts.book.cases_of_person(person)}
    for account in sorted({seat.account_id for seat in await parts.crm.seats_held(person)}):
        for kind in cases.KINDS:
            entry = await parts.book.open_case(account, kind)
            found |= {entry.case_id: entry} if entry else {}
    return sorted(found.values(), key=lambda entry: (entry.account_id, entry.kind))


def _view(said: str, told: list[str]) -> RenderableType:
    where = f"open cases told: {', '.join(told)}" if told else "no open case is concerned"
    return Text.assemble(said, "\n", (where, "dim"))
