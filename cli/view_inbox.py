"""How what came in looks on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text

from cli.ingesting import Result, Taken
from cli.words import apart, table, when
from models.cancellation import Scope
from models.inbound import InboxState, Kept
from rules.inbound.sorting import became

_SUBJECT = 60
_SHOWN = {
    Result.HANDED_ON: "[green]handed on[/]",
    Result.WAITS: "[yellow]waits for a person[/]",
    Result.KNOWN: "[dim]known already[/]",
    Result.ON_ITS_WAY: "on its way",
    Result.NOT_NOW: "[red]not now[/]",
}
_COUNTED = {
    Result.HANDED_ON: "handed on",
    Result.WAITS: "waiting for a person",
    Result.KNOWN: "known already",
    Result.NOT_NOW: "not handed on yet",
}


def of_taken(taken: Sequence[Taken], left_out: Sequence[str]) -> RenderableType:
    """File by file what became of it, then the sums and what was left out."""
    rows = table("file", "became", "account", "what it is")
    for one in taken:
        rows.add_row(
            escape(Path(one.file).name), _SHOWN[one.result], one.kept.judged.account_id or "-", escape(_about(one))
        )
    parts: list[RenderableType] = [rows] if taken else []
    counted = [(word, sum(one.result is result for one in taken)) for result, word in _COUNTED.items()]
    parts.append(Text(", ".join(f"{count} {word}" for word, count in counted if count) or "there was no file to read"))
    if left_out:
        names = ", ".join(Path(file).name for file in left_out)
        parts.append(Text(f"left out, neither mail (.eml), form (.json) nor note (.txt): {names}", style="dim"))
    if any(one.result is Result.WAITS for one in taken):
        parts.append(Text("look at what waits: python starter.py cancel inbox", style="dim"))
    return Group(*parts)


def of_inbox(found: Sequence[Kept], now: datetime, within: timedelta) -> RenderableType:
    """What is kept, one in a line with why it waits; what has waited longer than ``within`` stands out."""
    if not found:
        return Text("nothing that came in waits for a person", style="dim")
    rows = table("id", "received (UTC)", "from", "about", "account", "why")
    for one in found:
        rows.add_row(
            one.id,
            _received(one, now, within),
            escape(one.arrival.sender or one.arrival.contact or "-"),
            escape(_cut(one.arrival.subject or one.arrival.source)),
            one.judged.account_id or "-",
            escape(_why(one)),
        )
    hint = "hand on: cancel sort ID --account ACCOUNT --by YOU   put aside: cancel sort ID --dismiss --why WHY --by YOU"
    return Group(rows, Text(hint, style="dim"))


def _received(one: Kept, now: datetime, within: timedelta) -> str:
    late = one.state is InboxState.WAITING and now - one.received_at > within
    said = f"{when(one.received_at)}\n{apart(one.received_at, now)}"
    return f"[red]{said}, late[/]" if late else said


def of_kept(one: Kept, said: str) -> RenderableType:
    """One of them whole: who wrote, their own words, what came along, what was found, and where it stands."""
    arrival = one.arrival
    who = f"{arrival.sender_name} <{arrival.sender}>" if arrival.sender else arrival.contact or "nobody who can be read"
    lines = [
        ("from", who),
        ("received", f"{when(arrival.at)} UTC" if arrival.at else f"no date that reads; kept {when(one.kept_at)} UTC"),
        ("by", arrival.channel.value + (f", taken in by {arrival.taken_by}" if arrival.taken_by else "")),
        ("names", arrival.account_id or "no account"),
        *(
            ("attached", f"{file.name} ({file.size} bytes, SHA-256 {file.sha256[:16]}…)")
            for file in arrival.attachments
        ),
        ("found", found_in(one)),
        ("stands", _why(one)),
    ]
    words = said.removeprefix(arrival.subject).strip() or arrival.text or "(no words)"
    body = Panel(Text(words), title=escape(arrival.subject or arrival.source), title_align="left", box=box.ROUNDED)
    head = Text("\n").join(Text.assemble((f"{name:<9}", "dim"), text) for name, text in lines)
    return Group(Text(one.id, style="bold"), head, body)


def of_sorted(one: Kept) -> RenderableType:
    """What became of it by a person's decision."""
    return Text.assemble((f"{one.id} {became(one)}", "green"), f"\n{one.said}" if one.said else "")


def found_in(one: Kept) -> str:
    """What was found in it, in a few words."""
    found = one.judged
    ends = {Scope.WHOLE: "all of it", Scope.PART: "a part", Scope.USERS: "some users"}[found.scope]
    if not (found.account_id or found.contact_id):
        return "no account and no contact"
    said = [f"{found.account_id} by {found.contact_id or 'nobody who is sure'}", ends]
    if found.contact_id and not found.may_cancel:
        said[0] += " (may not cancel; the case asks somebody who may)"
    said += [f"from {found.exit_date} without the service"] if found.exit_date else []
    said += ["no sales conversation"] if found.no_sales_contact else []
    return ", ".join([*said, *([found.detail] if found.detail else [])])


def _about(one: Taken) -> str:
    if one.result is Result.KNOWN:
        return became(one.kept)
    if one.result is Result.HANDED_ON:
        return found_in(one.kept).partition(" by ")[2]
    reason = one.kept.judged.reason
    return f"{reason}: {one.why}" if reason and one.result is Result.WAITS else one.why


def _cut(text: str) -> str:
    return text if len(text) <= _SUBJECT else f"{text[:_SUBJECT]}…"


def _why(one: Kept) -> str:
    if one.state is not InboxState.WAITING:
        return became(one)
    return f"{one.judged.reason}: {one.judged.why}"
