"""``incident``: what many cases share is recorded once, and its progress reaches every open one."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import cases, view_incident
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure, failure_of, unknown
from cli.options import By, Reason, moment
from cli.strangers import check_present
from models.base import Record
from models.book import CaseEntry
from models.case import RefusalType
from models.commands import IncidentProgressed
from models.faults import PermanentFault
from models.incident import Incident, IncidentKind, IncidentLink, Progress

app = group("Incidents and product gaps that many cases share: record one once, and tell all of them how it goes.")

IncidentId = Annotated[str, typer.Argument(help="Id of the incident, as 'incident list' shows it.", show_default=False)]
Number = Annotated[
    int | None,
    typer.Option(
        "--number", min=1, help="Number of this note: given again with it, it counts once.", show_default=False
    ),
]


class IncidentTold(Record):
    """The incident as it stands, and the accounts whose open cases were told."""

    incident: Incident
    cases_told: tuple[str, ...] = ()


@command(app, "open", example='incident open "Export of large files fails" --kind product_gap --by usr-12')
async def open_(
    desk: Desk,
    title: Annotated[str, typer.Argument(help="What it is, in one line a customer may read.", show_default=False)],
    by: By,
    kind: Annotated[IncidentKind, typer.Option("--kind", help="What it is.")] = IncidentKind.INCIDENT,
    incident_id: Annotated[str, typer.Option("--id", help="An id of your own, such as that of the tracker.")] = "",
) -> Reply:
    """Record an incident or a product gap, once for all cases that share it."""
    parts = await desk.parts()
    await check_present(parts, by)
    found = await parts.incidents.open(incident_id, kind, title.strip(), by)
    return Reply(found, view_incident.of_incident(found, await desk.names()))


@command(app, "link", example="incident link inc-1 acc-0001 acc-0007 recovery:acc-0012 --by usr-01")
async def link(
    desk: Desk,
    incident_id: IncidentId,
    accounts: Annotated[
        list[str], typer.Argument(help="Accounts; recovery:ACCOUNT is a recovery.", show_default=False)
    ],
    by: By,
) -> Reply:
    """Link open cases; each hears the last progress at once. Linking again tells it again, and counts once."""
    parts = await desk.parts()
    await check_present(parts, by)
    found = await parts.incidents.incident(incident_id)
    entries = await _all_open(desk, accounts)
    for entry in entries:
        fresh = IncidentLink(**entry.model_dump(include=_OF_CASE), by=by, at=entry.as_of)
        found = await parts.incidents.link(incident_id, fresh)
    last = found.progress[-1] if found.progress else None
    return await _tell(desk, found, last, by, entries)


@command(app, "unlink", example='incident unlink inc-1 acc-0007 --reason "they do not use the export" --by usr-01')
async def unlink(
    desk: Desk,
    incident_id: IncidentId,
    account: Annotated[str, typer.Argument(help="Account; recovery:ACCOUNT is a recovery.", show_default=False)],
    reason: Reason,
    by: By,
) -> Reply:
    """Take out an open case that was linked by mistake; the incident keeps that it left, the case says it, too."""
    parts = await desk.parts()
    await check_present(parts, by)
    entry = await _open_case(desk, account)
    found = await parts.incidents.unlink(incident_id, entry.case_id, by, reason)
    fact = IncidentProgressed(
        incident_id=found.id, kind=found.kind, title=found.title, by=by, text=reason, unlinks=True
    )
    told = await cases.signal_each(desk, [entry], fact, "telling the case that it shares this no more")
    reply = IncidentTold(incident=found, cases_told=tuple(told))
    return Reply(reply, view_incident.of_told(found, told, await desk.names()))


@command(
    app, "progress", example='incident progress inc-1 --text "the fix is in test" --estimate 2026-12-04 --by usr-12'
)
async def progress(
    desk: Desk,
    incident_id: IncidentId,
    by: By,
    text: Annotated[str, typer.Option("--text", help="How it goes, as a customer may read it.", show_default=False)],
    estimate: Annotated[
        str | None, typer.Option("--estimate", help="When it will be solved, as ISO text.", show_default=False)
    ] = None,
    number: Number = None,
) -> Reply:
    """Note progress; every open case that shares it has it on its timeline, and its lead is told."""
    until = moment(estimate) if estimate else None
    parts = await desk.parts()
    await check_present(parts, by)
    note = await parts.incidents.add_progress(incident_id, by, text.strip(), number=number, estimate=until)
    return await _tell_all(desk, incident_id, note)


@command(app, "close", example='incident close inc-1 --text "files of any size are exported again" --by usr-12')
async def close(
    desk: Desk,
    incident_id: IncidentId,
    by: By,
    text: Annotated[str, typer.Option("--text", help="How it ended.", show_default=False)],
    number: Number = None,
) -> Reply:
    """Close it with a last word, which reaches all its open cases."""
    parts = await desk.parts()
    await check_present(parts, by)
    note = await parts.incidents.add_progress(incident_id, by, text.strip(), number=number, closes=True)
    return await _tell_all(desk, incident_id, note)


@command(app, "list", example="incident list")
async def list_(desk: Desk) -> Reply:
    """All incidents and product gaps with their last progress, the open ones first."""
    found = await (await desk.parts()).incidents.incidents()
    return Reply(found, view_incident.of_incidents(found))


@command(app, "show", example="incident show inc-1")
async def show(desk: Desk, incident_id: IncidentId) -> Reply:
    """One of them with all its progress and its cases."""
    found = await (await desk.parts()).incidents.incident(incident_id)
    return Reply(found, view_incident.of_incident(found, await desk.names()))


_OF_CASE = {"case_id", "account_id", "workflow_id"}


async def _open_case(desk: Desk, account: str) -> CaseEntry:
    kind, name = cases.named(account)
    parts = await desk.parts()
    await parts.crm.account(name)
    entry = await parts.book.open_case(name, kind)
    if entry is None:
        raise unknown(
            RefusalType.UNKNOWN_CASE, f"account {name} has no open {kind} in the book; see 'case list --open'"
        )
    return entry


async def _all_open(desk: Desk, accounts: list[str]) -> list[CaseEntry]:
    """The open case of each; where one has none, none is linked. Raises ``Failure``."""
    try:
        return [await _open_case(desk, account) for account in accounts]
    except (Failure, PermanentFault) as error:
        no = error if isinstance(error, Failure) else failure_of(error)
        none = f"none of these {len(accounts)} was linked" if len(accounts) > 1 else "nothing was linked"
        raise Failure(no.code, no.kind, f"{no.sentence.rstrip('.')}; {none}") from error


async def _tell_all(desk: Desk, incident_id: str, note: Progress) -> Reply:
    """Every linked case that is still open; the next case of the same account is another one, and is not told."""
    parts = await desk.parts()
    found = await parts.incidents.incident(incident_id)
    entries = [entry for link in found.links if (entry := await _known(desk, link.case_id)) and not entry.closed_at]
    return await _tell(desk, found, note, note.by, entries)


async def _known(desk: Desk, case_id: str) -> CaseEntry | None:
    try:
        return await (await desk.parts()).book.case(case_id)
    except PermanentFault:
        return None


async def _tell(desk: Desk, found: Incident, note: Progress | None, by: str, entries: list[CaseEntry]) -> Reply:
    fact = IncidentProgressed(
        incident_id=found.id,
        kind=found.kind,
        title=found.title,
        by=note.by if note else by,
        number=note.number if note else 0,
        text=note.text if note else "",
        estimate=note.estimate if note else None,
        closes=note.closes if note else False,
    )
    told = await cases.signal_each(desk, entries, fact, "telling the cases that share it") if entries else []
    reply = IncidentTold(incident=found, cases_told=tuple(told))
    return Reply(reply, view_incident.of_told(found, told, await desk.names()))
