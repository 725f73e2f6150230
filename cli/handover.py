"""``handover``: one person's seats and open cases go to another."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from cli import cases
from cli.codes import ExitCode
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import Failure, refused
from cli.options import By
from cli.words import table
from models.base import Record
from models.case import CaseKind, RefusalType
from models.commands import Assign
from models.contract_names import NAMES
from models.crm import SeatRecord
from models.faults import TransientFault
from parts import Parts


class Handed(Record):
    """One seat: whether the CRM has it with the new person now, what its open case said, or why it stayed."""

    account_id: str
    role: str
    case_told: bool = False
    refused: str = ""


class Handover(Record):
    """What a handover did, seat by seat."""

    former: str
    successor: str
    handed: tuple[Handed, ...] = ()


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "handover", example="handover usr-02 usr-03 --by usr-07")(handover)


async def handover(
    desk: Desk,
    former: Annotated[str, typer.Argument(metavar="FROM", help="Id of who gives.", show_default=False)],
    successor: Annotated[str, typer.Argument(metavar="TO", help="Id of who takes.", show_default=False)],
    by: By,
    role: Annotated[str | None, typer.Option("--role", help="Hand over this role only.")] = None,
) -> Reply:
    """Hand all seats and open cases of a person over to another one.

    Each open case is told first and the CRM after it, so that a handover that was broken off goes on when it is given
    again; what is done already is left alone. A seat whose case refuses stays as it is and is named.
    """
    parts = await desk.parts()
    await _check(parts, former, successor)
    await _check_authority(parts, by)
    await desk.client()
    seats = [seat for seat in await _seats(parts, former) if role in (None, seat.role)]
    handed = []
    with desk.counting(f"handing over to {successor}", len(seats)) as progress:
        for seat in seats:
            handed.append(await _hand(desk, seat, former, successor, by))
            progress.advance(progress.task_ids[0])
    done = Handover(former=former, successor=successor, handed=tuple(handed))
    code = ExitCode.REFUSED if any(each.refused for each in handed) else ExitCode.OK
    return Reply(done, _view(done, (await desk.names()).of(successor)), code)


async def _check(parts: Parts, former: str, successor: str) -> None:
    await parts.directory.person(former)
    if former == successor:
        raise Failure(ExitCode.SETUP, "Usage", "FROM and TO are the same person; name two")
    if not (await parts.directory.person(successor)).active:
        raise refused(RefusalType.NOT_ALLOWED, f"{successor} is deactivated; hand over to somebody who is active")


async def _check_authority(parts: Parts, by: str) -> None:
    """The seats of the CRM know no policy, so that whoever may not 'assign' on a case may not hand over either."""
    names = await parts.playbooks.names()
    policy = (await parts.playbooks.load(names[0])).policy
    allowed = next((rule.roles for rule in policy.permissions if rule.command == NAMES[Assign]), ())
    person = await parts.directory.person(by)
    if not person.active or (allowed and not set(allowed) & set(person.roles)):
        raise refused(
            RefusalType.NOT_ALLOWED, f"a handover is for active people who are {' or '.join(allowed)}; {by} is not"
        )


async def _seats(parts: Parts, former: str) -> list[SeatRecord]:
    """The seats that a person holds or stands in for, and the cases that they lead without the seat of the account."""
    seats = list(await parts.crm.seats_held(former))
    known = {(seat.account_id, seat.role) for seat in seats}
    for entry in await parts.book.cases_of_person(former):
        if entry.owner == former and entry.plan and entry.kind != CaseKind.REVIEW:
            plan = await parts.playbooks.load(entry.plan.partition("@")[0])
            place = (entry.account_id, plan.policy.lead_role)
            if place not in known:
                seats.append(SeatRecord(account_id=place[0], role=place[1], person=former))
    return sorted(seats, key=lambda seat: (seat.account_id, seat.role))


async def _hand(desk: Desk, seat: SeatRecord, former: str, successor: str, by: str) -> Handed:
    parts = await desk.parts()
    told = False
    for kind in cases.KINDS if seat.person == former else ():
        if await parts.book.open_case(seat.account_id, kind) is None:
            continue
        try:
            await cases.update(desk, seat.account_id, Assign(role=seat.role, person=successor, by=by), kind=kind)
            told = True
        except Failure as failure:
            if failure.kind != RefusalType.CASE_CLOSED:
                return Handed(account_id=seat.account_id, role=seat.role, refused=str(failure))
        except TransientFault as fault:
            return Handed(account_id=seat.account_id, role=seat.role, refused=str(fault))
    person = successor if seat.person == former else seat.person
    deputy = successor if seat.deputy == former else seat.deputy
    deputy = None if deputy == person else deputy
    key = f"handover/{uuid4()}/{seat.account_id}/{seat.role}"
    await parts.crm.change_seat(seat.account_id, seat.role, person, deputy, key)
    return Handed(account_id=seat.account_id, role=seat.role, case_told=told)


def _view(done: Handover, successor: str) -> RenderableType:
    if not done.handed:
        return Text(f"{done.former} holds no seat and leads no open case; nothing was to be done", style="dim")
    rows = table("account", "role", "")
    for each in done.handed:
        word = "[green]seat and open case[/]" if each.case_told else "[green]seat[/]"
        rows.add_row(each.account_id, each.role, f"[red]{escape(each.refused)}[/]" if each.refused else word)
    good = sum(not each.refused for each in done.handed)
    return Group(rows, Text(f"{good} of {len(done.handed)} seats are with {successor} now", style="bold"))
