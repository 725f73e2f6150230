"""``save``: open an attempt, tell it facts, look at it, and close it."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from cli import cases, view_case
from cli.command import Reply, command, group
from cli.correcting import of_closed
from cli.desk import Desk
from cli.exits import Failure, refused, unknown
from cli.opening import check_opener, of_beside, recovery_beside, weigh
from cli.options import Account, By, CommandId, Everything, Notes, OutcomeProof, Playbook, Reason, moment
from cli.seats import seats_of
from models.base import Record
from models.case import CaseKind, RefusalType, TimelineEvent
from models.commands import AdoptPlan, CloseSave, HoldCase, Resume, TriggerPlaybook
from models.faults import TransientFault
from models.starts import SaveStart
from models.status import Status

app = group("Work on a save attempt: open it, do its steps, close it.")

_TRIGGER_SECONDS = 10.0
_FIRST_STEPS = 5
_ANSWERS = ("plan_adopted", "playbook_runs", "signal_refused", "load_plan_refused", "load_plan_waits", "not_done")


class Opened(Record):
    """What ``save open`` answers; ``beside`` is the recovery of the account that goes on meanwhile.

    ``warning`` says what else goes on; it is empty where nothing does.
    """

    account_id: str
    opened: bool
    status: Status
    beside: str | None = None
    warning: str = ""


class Sent(Record):
    """What a signal came to: ``became`` are the new lines of the case's history."""

    account_id: str
    became: tuple[TimelineEvent, ...] = ()


_ALREADY = "[yellow]was open already[/]; nothing was changed (another playbook: save trigger {} PLAYBOOK)"


@command(app, "open", example="save open acc-0001 --by usr-01 --reason missing_feature")
async def open_(desk: Desk, account: Account, by: By, reason: Reason, playbook: Playbook = None) -> Reply:
    """Open a save attempt, or reach the one that is open.

    Without a playbook the common spine runs until the root cause picks one. An account has one open attempt, so that
    the same command given twice opens one.
    """
    parts = await desk.parts()
    await parts.crm.account(account)
    await check_opener(parts, account, by)
    if playbook:
        await parts.playbooks.load(playbook)
    beside = await recovery_beside(parts, account)
    start = SaveStart(
        account_id=account, opened_by=by, reason=reason, playbook=playbook, beside=beside.case_id if beside else None
    )
    weighed = await weigh(desk, start)
    opened = await cases.open_save(await desk.client(), weighed.start)
    with desk.working("the case reads the account and its plan"):
        status = await _planned(desk, account)
    if status.outcome == "rejected":
        raise unknown(RefusalType.UNKNOWN_ACCOUNT, status.timeline[-1].text)
    word = "[green]opened[/]" if opened else _ALREADY.format(account)
    title, seats = await _title(desk, account), await seats_of(desk, status)
    view = view_case.of_status(cases.Seen(status), title, await desk.names(), seats, most=_FIRST_STEPS)
    lines = [Text.from_markup(f"save attempt {word}")]
    if beside:
        lines.append(of_beside(beside))
    if weighed.beside:
        lines.append(Text(weighed.beside, style="yellow"))
    found = Opened(
        account_id=account,
        opened=opened,
        status=status,
        beside=beside.case_id if beside else None,
        warning=weighed.beside,
    )
    return Reply(found, Group(*lines, Text(""), view))


@command(app, "trigger", example='save trigger acc-0001 budget_economic --by usr-01 --reason "budget was cut"')
async def trigger(desk: Desk, account: Account, playbook: str, by: By, reason: Reason) -> Reply:
    """Run a playbook on the open attempt (a signal), and wait briefly to see what became of it."""
    before = await cases.ask(await desk.client(), account) if await _is_open(desk, account) else None
    seen = before.timeline[-1].n if before and before.timeline else 0
    await cases.signal(desk, account, TriggerPlaybook(playbook=playbook, by=by, reason=reason))
    with desk.working(f"waiting for what becomes of {playbook}"):
        became = await _became(desk, account, seen)
    wrong = next((event for event in became if event.kind in ("signal_refused", "load_plan_refused")), None)
    if wrong:
        raise refused("SignalRefused", wrong.text)
    return Reply(Sent(account_id=account, became=became), await _told(desk, became))


@command(app, "status", example="save status acc-0001 --all")
async def status(
    desk: Desk,
    account: Account,
    everything: Everything = False,
) -> Reply:
    """How the save attempt stands: its plan with what is late on top, its messages, what comes next.

    An open case answers itself; a closed one is read from the book.
    """
    return await shown(desk, account, cases.SAVE, everything=everything)


async def shown(desk: Desk, account: str, kind: CaseKind, *, everything: bool) -> Reply:
    """How the account's case of that kind stands."""
    seen = await cases.see(desk, account, kind)
    title, seats = await _title(desk, account), await seats_of(desk, seen.status)
    view = view_case.of_status(seen, title, await desk.names(), seats, everything=everything)
    return Reply(seen.status, view)


@command(app, "hold", example='save hold acc-0001 --until 2026-12-14 --by usr-01 --reason "their year-end freeze"')
async def hold(
    desk: Desk,
    account: Account,
    until: Annotated[str, typer.Option("--until", help="Until when, as ISO text.", show_default=False)],
    by: By,
    reason: Reason,
    command_id: CommandId = None,
) -> Reply:
    """Pause the people's clocks until a date; promises to the customer go on."""
    given = HoldCase(until=moment(until), reason=reason, by=by)
    answered = await cases.update(desk, account, given, command_id)
    return Reply(answered, view_case.of_answer(answered))


@command(app, "resume", example="save resume acc-0001 --by usr-01")
async def resume(desk: Desk, account: Account, by: By, command_id: CommandId = None) -> Reply:
    """End a hold early."""
    answered = await cases.update(desk, account, Resume(by=by), command_id)
    return Reply(answered, view_case.of_answer(answered))


@command(app, "adopt", example="save adopt acc-0001 --by usr-07")
async def adopt(
    desk: Desk,
    account: Account,
    by: By,
    playbook: Playbook = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, in a few words.")] = "newer version",
    command_id: CommandId = None,
) -> Reply:
    """Move the case to the present version of its playbook, or to another one; what is done is kept."""
    answered = await cases.update(desk, account, AdoptPlan(by=by, playbook=playbook, reason=reason), command_id)
    return Reply(answered, view_case.of_answer(answered))


@command(app, "close", example='save close acc-0001 lost --by usr-01 --notes "went with a cheaper tool"')
async def close(
    desk: Desk,
    account: Account,
    outcome: Annotated[
        str,
        typer.Argument(
            help="saved_full, saved_partial, paused, deferred, lost, declined_conversation, no_contact or let_go.",
            show_default=False,
        ),
    ],
    by: By,
    notes: Notes,
    evidence: OutcomeProof = "",
    decision_date: Annotated[
        str | None, typer.Option("--decision-date", help="When they will decide, for 'deferred'; ISO text.")
    ] = None,
    quote: Annotated[
        list[str] | None, typer.Option("--quote", help="What the customer said, in their own words.")
    ] = None,
    without_quotes: Annotated[
        str, typer.Option("--without-quotes", help="Why there are no words of theirs: nobody spoke to them.")
    ] = "",
    accepted_offer: Annotated[
        str | None, typer.Option("--accepted-offer", help="The offer that they accepted, like offer_1.")
    ] = None,
    follow_up: Annotated[
        str | None, typer.Option("--follow-up", help="When they are spoken to next, for 'paused'; ISO text.")
    ] = None,
    command_id: CommandId = None,
) -> Reply:
    """Close the attempt with its outcome; who closes a closed one is told how to put a wrong one right."""
    given = CloseSave(
        outcome=outcome,
        by=by,
        notes=notes,
        evidence=evidence,
        decision_date=moment(decision_date) if decision_date else None,
        customer_quotes=tuple(quote or ()),
        without_quotes=without_quotes,
        accepted_offer=accepted_offer,
        follow_up=moment(follow_up) if follow_up else None,
    )
    try:
        answered = await cases.update(desk, account, given, command_id)
    except Failure as failure:
        raise of_closed(account, failure) from failure
    return Reply(answered, view_case.of_answer(answered))


async def _planned(desk: Desk, account: str) -> Status:
    """The case once it has its plan, or as the book has it where it closed at once."""
    client = await desk.client()
    for _ in range(50):
        found = (await cases.see(desk, account)).status
        if found.plan or found.outcome or not await cases.is_running(client, f"save:{account}"):
            return found
        await asyncio.sleep(cases.LOOK_EVERY_SECONDS)
    return found


async def _is_open(desk: Desk, account: str) -> bool:
    return await cases.is_running(await desk.client(), f"save:{account}")


async def _became(desk: Desk, account: str, seen: int) -> tuple[TimelineEvent, ...]:
    """The new lines of the history, as soon as one of them answers; nothing where none does in time."""
    try:
        async with asyncio.timeout(_TRIGGER_SECONDS):
            while True:
                now = await cases.ask(await desk.client(), account)
                new = tuple(event for event in now.timeline if event.n > seen)
                if any(event.kind in _ANSWERS for event in new):
                    return new
                await asyncio.sleep(cases.LOOK_EVERY_SECONDS)
    except (TimeoutError, TransientFault):
        return ()


async def _told(desk: Desk, became: tuple[TimelineEvent, ...]) -> RenderableType:
    if not became:
        return Text("the signal is with the case; nothing came of it yet (see 'case history')", style="yellow")
    return view_case.of_became(became, await desk.names())


async def _title(desk: Desk, account: str) -> str:
    found = await (await desk.parts()).crm.account(account)
    return f"{found.name} ({account})"
