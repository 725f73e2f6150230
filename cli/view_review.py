"""How reviews look on a terminal: what waits for whom, the page, and how to confirm it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from cli.desk import Names
from cli.page import Page
from cli.words import apart, keep_whole, table, when
from models.base import Record, Utc
from models.book import CaseEntry
from models.document import Document
from models.people import PersonId
from models.review import Begun
from models.status import Status

_COLOURS = {"held": "green", "not_held": "red", "rejected": "red"}


class Listed(Record):
    """A review in one line; moments are UTC."""

    name: str
    person: PersonId | None = None
    due: Utc | None = None
    opened_at: Utc
    outcome: str | None = None
    closed_at: Utc | None = None


def listed(entry: CaseEntry) -> Listed:
    """A review as the book has it."""
    return Listed(
        name=entry.workflow_id.partition(":")[2],
        person=entry.owner,
        due=entry.next_due,
        opened_at=entry.opened_at,
        outcome=entry.outcome,
        closed_at=entry.closed_at,
    )


def of_list(found: Sequence[Listed], ahead: Mapping[str, datetime], names: Names, now: datetime) -> RenderableType:
    """The reviews, and below them when the calendar asks for each kind again."""
    rows = table("review", "asked", "due (UTC)", "", "how it ended")
    keep_whole(rows, 0)
    for one in found:
        ended = (
            f"[{_COLOURS.get(one.outcome or '', 'dim')}]{one.outcome}[/] {when(one.closed_at)}" if one.outcome else "-"
        )
        late = one.due is not None and one.due <= now and not one.outcome
        gap = apart(one.due, now) if one.due else ""
        rows.add_row(one.name, escape(names.of(one.person)), when(one.due), f"[red]{gap}[/]" if late else gap, ended)
    calendar = table("review", "asked for next (UTC)", title="[dim]calendar[/]", title_justify="left")
    for name, at in sorted(ahead.items(), key=lambda one: one[1]):
        calendar.add_row(name, f"{at:%a} {when(at)}")
    head: RenderableType = rows if found else Text("no review waits to be held", style="green")
    return Group(head, Text(), calendar)


def of_review(name: str, status: Status, page: Document | None, names: Names) -> RenderableType:
    """A review: whom it asks, its page, and either how to confirm it or what came of it."""
    step = next((one for one in status.steps if one.id == "held"), None)
    asked = names.of(step.person) if step else "-"
    head = Text.assemble((name, "bold"), f"   asked: {asked}", f"   due {when(step.due if step else None)} UTC")
    if status.overdue:
        head.append("   late", style="red")
    end = _end(name, status, names)
    if page is None:
        return Group(head, Text(), Text("its page is not there (yet)", style="dim"), Text(), end)
    return Page(page.text, above=head, below=end)


def _end(name: str, status: Status, names: Names) -> Text:
    if not status.outcome:
        return Text(f'held? review confirm {name} --by YOU --notes "what was found and decided"', style="yellow")
    closed = next((event for event in reversed(status.timeline) if event.kind in ("closed", "rejected")), None)
    who = f", says {names.of(closed.by)}" if closed and closed.by else ""
    said = closed.text.partition(": ")[2] or closed.text if closed else ""
    at = f" on {when(closed.at)} UTC" if closed else ""
    return Text(f"{status.outcome.replace('_', ' ')}{at}{who}: {said}", style=_COLOURS.get(status.outcome, ""))


def of_confirmed(name: str) -> RenderableType:
    """What a confirmation did."""
    return Text(f"{name} is held; 'review show {name}' has its page with your notes", style="green")


def of_begun(began: Begun) -> RenderableType:
    """What a round began, and what had begun before."""
    lines = [Text(f"begun: {name}", style="green") for name in began.begun]
    lines += [Text(f"begun before: {name}", style="dim") for name in began.known]
    if began.nobody:
        lines.append(Text(f"nobody is there to hold it for: {', '.join(began.nobody)}; assign somebody", style="red"))
    return Group(*lines) if lines else Text("nobody has this review now", style="dim")
