"""How a case looks on a terminal: a calm header, the plan with what is late on top, then what waits for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from cli import view_today
from cli.cases import Seen, key_of
from cli.desk import Names
from cli.spoken import as_typed
from cli.view_history import of_history
from cli.view_leaving import of_leaving
from cli.words import apart, table, when
from models.base import Utc
from models.book import CaseEntry
from models.case import CaseKind, Message, MessageState, TimelineEvent
from models.commands import Answered
from models.incident import SharedIncident
from models.people import PersonId, RoleId
from models.status import Status, StepStatus
from models.step import StepState

_COLOURS = {StepState.OPEN: "yellow", StepState.DONE: "green", StepState.FAILED: "red"}
_ORDER = (StepState.OPEN, StepState.WAITING, StepState.FAILED, StepState.DONE, StepState.SKIPPED)


def of_status(
    seen: Seen,
    account: str,
    names: Names,
    seats: Mapping[RoleId, PersonId],
    *,
    everything: bool = False,
    most: int | None = None,
) -> RenderableType:
    """The whole of a case: the day on top, then the plan, unless ``most`` caps its rows.

    Ended steps are only counted unless ``everything`` is asked for. ``seats`` says who holds which role.
    """
    status = seen.status
    today = view_today.Today() if most else view_today.of_steps(status)
    expected = [step for step in status.steps if not step.no_cause]
    shown = sorted((step for step in expected if everything or not _is_ended(step)), key=_rank)
    parts: list[RenderableType] = [
        _header(status, account),
        *_leaving(status, names),
        view_today.of_today(today, status, names, seats),
        _plan(shown[:most], status, names, seats),
    ]
    if most and len(shown) > most:
        parts.append(Text(f"and {len(shown) - most} more steps (status shows all)", style="dim"))
    parts += _ended(status, everything=everything)
    parts += _messages(status.messages, names)
    parts += [_shared(incident) for incident in status.incidents]
    if status.next_wanted:
        parts.append(Text.from_markup(f"[yellow]next:[/] {escape(as_typed(status.next_wanted))}"))
    if status.proposals:
        parts.append(Text.from_markup(f"[yellow]proposed:[/] {', '.join(status.proposals)}"))
    if seen.note:
        parts.append(Text(f"{seen.note}.", style="yellow"))
    return Group(*parts)


def of_answer(answered: Answered) -> RenderableType:
    """What an accepted command did, and where the case stands now."""
    late = f", overdue since {when(answered.overdue_since)} UTC" if answered.overdue_since else ""
    due = f"next due {when(answered.next_due)} UTC" if answered.next_due else "nothing else is due" if late else ""
    return Text.from_markup(f"{escape(answered.said)}\n[dim]stage {answered.stage}{late}, {due or 'nothing is due'}[/]")


def of_cases(entries: Sequence[CaseEntry], names: Names, now: Utc) -> RenderableType:
    """A list of cases, one in a line."""
    if not entries:
        return Text("no case matches", style="dim")
    rows = table("account", "stage", "playbook", "owner", "overdue", "due first (UTC)")
    for column in (*rows.columns[:3], rows.columns[5]):
        column.no_wrap = True
    for entry in entries:
        late = f"[red]{entry.overdue}[/]" if entry.overdue else "[dim]-[/]"
        stage = f"closed: {entry.outcome}" if entry.outcome else entry.stage
        due = f"{when(entry.next_due)}\n[dim]{apart(entry.next_due, max(now, entry.as_of))}[/]"
        closed = f"[dim]closed\n{when(entry.closed_at)}[/]"
        due = closed if entry.closed_at else due if entry.next_due else "[dim]-[/]"
        owner = escape(names.leading(entry.owner))
        account = key_of(entry) if entry.kind == CaseKind.SAVE else f"{key_of(entry)}\n[dim]{entry.kind}[/]"
        rows.add_row(account, stage, entry.plan or "-", owner, late, due)
    return rows


def of_became(events: Sequence[TimelineEvent], names: Names) -> RenderableType:
    """What a change of playbook came to: its own lines, and how many steps it moved."""
    own = [event for event in events if not event.kind.startswith("step_")]
    opened, left = (sum(e.kind == kind for e in events) for kind in ("step_opened", "step_skipped"))
    return Group(of_history(own, names), Text(f"{opened} steps opened, {left} left", style="dim"))


def _header(status: Status, account: str) -> RenderableType:
    withdrawn = "[bold]withdrawn[/], it came to " if status.leaving and status.leaving.withdrawn_at else ""
    stage = f"closed as [bold]{status.outcome}[/]" if status.outcome else f"{withdrawn}stage [bold]{status.stage}[/]"
    title = {"save": "save attempt"}.get(status.kind, status.kind)
    verdict = {True: "verified", False: "not verified", None: "not judged yet"}[status.verified]
    rows = [
        f"[bold]{escape(account)}[/] · {title} · {stage}",
        f"[dim]playbook[/] {status.plan or 'none yet'}   [dim]save[/] {verdict}"
        if status.kind == CaseKind.RECOVERY
        else f"[dim]playbook[/] {status.plan or 'none yet'}   {_cause(status)}[dim]severity[/] {status.severity or '-'}",
        f"[dim]opened[/] {when(status.opened_at)}   [dim]now[/] {when(status.as_of)} UTC   [dim]case[/] {status.case_id}",
    ]
    rows += _corrections(status)
    if not status.outcome:
        rows.append(view_today.ahead(status))
    if status.on_hold_until:
        rows.append(f"[yellow]on hold until {when(status.on_hold_until)}[/]; promises to the customer go on")
    return Text.from_markup("\n".join(rows))


def _corrections(status: Status) -> list[str]:
    """Which outcome it puts right, and what puts its own right."""
    rows = []
    if given := status.corrects:
        said = f"puts right[/] case {given.case_id}, {given.closed_as} ({escape(given.by)}, {when(given.at)} UTC)"
        rows.append(f"[yellow]{said}: {escape(given.why)}")
    if right := status.corrected:
        now = f"as {right.outcome}" if right.outcome else "once it is closed"
        said = f"put right[/] {now} by case {right.case_id} ({escape(right.by)}, {when(right.at)} UTC)"
        rows.append(f"[yellow]{said}: {escape(right.why)}")
    return rows


def _cause(status: Status) -> str:
    return f"[dim]root cause[/] {status.root_cause or 'not known yet'}   " if status.kind == CaseKind.SAVE else ""


def _leaving(status: Status, names: Names) -> list[RenderableType]:
    return [of_leaving(status.leaving, names), Text("")] if status.leaving else []


def _plan(
    shown: Sequence[StepStatus], status: Status, names: Names, seats: Mapping[RoleId, PersonId]
) -> RenderableType:
    if not shown:
        return Text("")
    rows = table("step", "who owes it", "due (UTC)", "state", expand=True)
    rows.columns[0].ratio, rows.columns[1].ratio = 6, 5
    rows.columns[2].no_wrap = rows.columns[3].no_wrap = True
    for step in shown:
        _row(rows, step, status, view_today.who_owes(step, names, seats))
    return rows


def _row(rows: Table, step: StepStatus, status: Status, who: str) -> None:
    colour = "red" if step.overdue else _COLOURS.get(step.state, "dim")
    gap = "" if _is_ended(step) else f"\n[dim]{apart(step.due, status.as_of)}[/]"
    due = f"{when(step.due)}{gap}" if step.due else "[dim]not dated yet[/]"
    state, colour = ("blocked", "magenta") if step.blocked_at(status.as_of) else (step.state.value, colour)
    state = "overdue" if step.overdue else state
    waits = f"\n[magenta]waits for: {escape('; '.join(step.waits_for))}[/]" if state == "blocked" else ""
    rows.add_row(f"{step.id}\n[dim]{escape(step.title)}[/]{waits}", who, due, f"[{colour}]{state}[/]")


def _ended(status: Status, *, everything: bool) -> list[RenderableType]:
    ended = [step for step in status.steps if _is_ended(step)]
    if everything or not ended:
        return []
    counted = (f"{sum(s.state is state for s in ended)} {state.value}" for state in _ORDER[2:])
    said = ", ".join(each for each in counted if not each.startswith("0 "))
    return [Text(f"and {said} (--all shows them)", style="dim")]


def _messages(messages: Sequence[Message], names: Names) -> list[RenderableType]:
    if not messages:
        return []
    rows = table("message", "step", "state", "")
    for message in messages:
        waits = message.state is MessageState.DRAFTED
        state = "[yellow]waits for release[/]" if waits else f"[dim]{message.state.value}[/]"
        by = f"released by {names.of(message.released_by)}" if message.released_by else ""
        rows.add_row(message.id, message.step, state, escape(by))
    return [rows]


def _shared(incident: SharedIncident) -> RenderableType:
    last = f"{incident.text} ({when(incident.heard_at)} UTC)" if incident.number else "no progress yet"
    state = "solved" if incident.closed else "shared"
    kind = incident.kind.replace("_", " ")
    return Text.assemble((f"{state} {kind} {incident.id}: ", "magenta"), f"{incident.title}: {last}")


def _is_ended(step: StepStatus) -> bool:
    return step.state in (StepState.DONE, StepState.SKIPPED, StepState.FAILED)


def _rank(step: StepStatus) -> tuple[int, str]:
    return (-1 if step.overdue else _ORDER.index(step.state), step.due.isoformat() if step.due else "9")
