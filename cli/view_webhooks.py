"""How webhooks look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from cli.words import counted, table, when
from models.webhooks import Outgoing, OutgoingState, Received, ReceivedState

_COLOURS: dict[str, str] = {
    OutgoingState.DELIVERED: "green",
    OutgoingState.DEAD: "red",
    ReceivedState.DONE: "green",
    ReceivedState.FAILED: "red",
}


def of_outgoing(events: Sequence[Outgoing]) -> RenderableType:
    """Events for other systems, with what the endpoint answered last."""
    rows = table("when (UTC)", "state", "event")
    for event in events:
        about = f"{event.name}, {event.sequence} of {escape(event.stream)}\n[dim]{event.id}, {_tried(event)}[/]"
        rows.add_row(when(event.at), _state(event.state), about)
    return rows if events else Text("no event matches", style="dim")


def of_received(events: Sequence[Received]) -> RenderableType:
    """What was received, with what came of it."""
    rows = table("received (UTC)", "state", "event")
    for event in events:
        about = f"{event.source}: {escape(event.kind)}\n[dim]{escape(event.id)}, {_tried(event)}[/]"
        rows.add_row(when(event.received_at), _state(event.state), about)
    return rows if events else Text("nothing that was received matches", style="dim")


def _tried(event: Outgoing | Received) -> str:
    again = f", next {when(event.due_at)}" if event.due_at else ""
    said = f": {escape(event.said)}" if event.said else ""
    return f"{counted(event.attempts, 'attempt')}{again}{said}"


def _state(state: str) -> str:
    return f"[{_COLOURS.get(state, 'dim')}]{state}[/]"
