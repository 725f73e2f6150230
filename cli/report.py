"""``report``: what the cases show together: how long steps take, why customers left, and who can be told of a fix (F.15)."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from adapters.clock import utc_now
from adapters.playbooks.folder import FolderPlaybooks
from cli import patterns, view_metrics
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import unknown
from cli.metrics import Since, Until, period_of, policy_of
from models.base import Record
from rules.metrics import digest as digests
from rules.metrics import durations as by_step
from rules.metrics import loop as closing
from rules.metrics import themes as leaving

app = group("What the cases show together: durations, themes, and the loop with those who left.")


class Digest(Record):
    """A text to send on."""

    text: str


@command(app, "durations", example="report durations --plan standard")
async def durations(
    desk: Desk,
    plan: Annotated[str | None, typer.Option("--plan", help="Name of a playbook.", show_default=False)] = None,
    since: Since = None,
    until: Until = None,
) -> Reply:
    """How long each step takes, by plan: median, 90th percentile, the time it had, and how often it was late."""
    known = await (await desk.parts()).playbooks.names()
    if plan and plan not in known:
        raise unknown("UnknownPlaybook", f"there is no playbook '{plan}'; see 'playbook list'")
    period = period_of(since, until)
    found = by_step.durations(await (await desk.parts()).book.records(), period, utc_now(), plan)
    return Reply(found, view_metrics.of_durations(found, period))


@command(app, "themes", example="report themes --from 2026-11-01 --to 2026-11-30 --digest")
async def themes(
    desk: Desk,
    since: Since = None,
    until: Until = None,
    digest: Annotated[bool, typer.Option("--digest", help="The text for product, support and leadership.")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Write to whoever hears of the patterns, once for the period.")
    ] = False,
) -> Reply:
    """Why customers left: count, yearly revenue, quotes, and who hears of what has become a pattern."""
    parts, policy = await desk.parts(), await policy_of(desk)
    survey = (await FolderPlaybooks(desk.settings.playbooks).policy()).survey
    incidents = await parts.incidents.incidents()
    records = await parts.book.records()
    found = leaving.themes(records, incidents, policy, survey, period_of(since, until), utc_now())
    if send:
        told = await patterns.send(desk, found, policy)
        return Reply(told, view_metrics.of_sent(told))
    if digest:
        text = digests.digest(found, policy)
        return Reply(Digest(text=text), Text(text))
    found = found.model_copy(update={"sent": await patterns.was_sent(desk, found, policy)})
    return Reply(found, view_metrics.of_themes(found))


@command(app, "loop", example="report loop")
async def loop(desk: Desk) -> Reply:
    """Who left, named something that is fixed now, and may be told; the others with the reason why not."""
    parts, policy = await desk.parts(), await policy_of(desk)
    found = closing.loop(await parts.book.records(), await parts.incidents.incidents(), policy, utc_now())
    return Reply(found, view_metrics.of_loop(found))
