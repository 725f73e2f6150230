"""How drafts and letters look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text

from adapters.letters.port import Draft, DraftPart
from cli.words import table, when
from models.letter import OutboxEntry, OutboxState

_COLOURS = {OutboxState.SENT: "green", OutboxState.HELD: "yellow", OutboxState.FAILED: "red", OutboxState.UNSURE: "red"}


def of_draft(draft: Draft, account: str, group: str) -> RenderableType:
    """A draft as its reader would get it, then its parts by name, what is still to be written first, and its release.

    ``group`` is the group of commands of its case, such as ``save``.
    """
    head = Text.from_markup(f"[dim]to[/] {draft.to or 'nobody yet'}   [dim]language[/] {draft.language}")
    letter = Panel(Text(draft.text.strip()), title=escape(draft.subject), title_align="left", box=box.ROUNDED)
    parts: list[RenderableType] = [head, letter]
    if draft.missing:
        parts += [Text("still to be written", style="yellow"), _parts(draft.missing)]
    if draft.optional:
        parts += [Text("may be written", style="dim"), _parts(draft.optional)]
    if draft.filled:
        parts += [Text("filled in from the case; written anew where you give it", style="dim"), _parts(draft.filled)]
    edits = " ".join(f'--edit "{part.name}=..."' for part in draft.missing)
    release = f"python starter.py {group} release {account} {draft.message_id} --by PERSON {edits}".rstrip()
    return Group(*parts, Text.assemble(("release it: ", "dim"), release))


def of_outbox(entries: Sequence[OutboxEntry], paused: str) -> RenderableType:
    """The letters, the latest first, with a line on top while nothing may leave."""
    rows = table("when (UTC)", "state", "letter")
    for entry in entries:
        state = f"[{_COLOURS.get(entry.state, 'dim')}]{entry.state.value}[/]"
        note = f"\n[dim]{escape(entry.note)}[/]" if entry.note else ""
        to, case = escape(entry.letter.to.address), entry.letter.case_id or "none"
        about = f"{escape(entry.letter.subject)}\n[dim]to {to}\ncase {case}\nkey {entry.key}[/]"
        rows.add_row(when(entry.changed_at), state, f"{about}{note}")
    shown: RenderableType = rows if entries else Text("no letter matches", style="dim")
    return Group(Text(paused, style="yellow"), shown) if paused else shown


def of_letter(entry: OutboxEntry) -> RenderableType:
    """One letter whole."""
    letter = entry.letter
    who = f"[dim]from[/] {escape(letter.sender.name)} <{letter.sender.address}>\n[dim]to[/]   {letter.to.address}"
    state = f"[{_COLOURS.get(entry.state, 'dim')}]{entry.state.value}[/] [dim]{when(entry.changed_at)} UTC[/]"
    note = f" {escape(entry.note)}" if entry.note else ""
    body = Panel(Text(letter.text.strip()), title=escape(letter.subject), title_align="left", box=box.ROUNDED)
    files = [Text(f"with it: {file.file_name}", style="dim") for file in letter.attachments]
    return Group(Text.from_markup(f"{who}\n{state}{note}"), body, *files)


def _parts(parts: Sequence[DraftPart]) -> RenderableType:
    rows = table("part", "what it is")
    for part in parts:
        rows.add_row(part.name, escape(part.what))
    return rows
