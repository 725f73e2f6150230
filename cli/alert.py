"""``alert``: what was found of customers and not settled yet, and how a person dismisses it (RISK-85)."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from adapters.clock import utc_now
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure
from cli.options import By, Reason
from cli.strangers import check_present
from cli.words import keep_whole, table, when

app = group("What was found of customers: each alert has a case, an answer, or a dismissal.")

_A_PAGE = 200

OfAccount = Annotated[str | None, typer.Option("--account", help="Of this account alone.", show_default=False)]
Settled = Annotated[bool, typer.Option("--all", help="Show the settled ones, too.")]
Page = Annotated[int, typer.Option("--page", min=1, help="Of as many as one page has.")]
AlertId = Annotated[str, typer.Argument(metavar="ALERT", help="Id as 'alert list' shows it.", show_default=False)]


@command(app, "list", example="alert list --account acc-0001")
async def list_(desk: Desk, account: OfAccount = None, everything: Settled = False, page: Page = 1) -> Reply:
    """The alerts that are open, the gravest first and of these the oldest, with what was done about each.

    A page has 200 of them.
    """
    alerts, skip = (await desk.parts()).alerts, (page - 1) * _A_PAGE
    seen = await alerts.gravest(account, open_only=not everything, limit=_A_PAGE + 1, skip=skip)
    found = seen[:_A_PAGE]
    if not found:
        return Reply(found, Text("no alert is open" if page == 1 else f"there is no page {page}", style="green"))
    rows = table("alert", "level", "raised", "why", "what was done", "settled")
    keep_whole(rows, 0)
    for alert in found:
        done = f"{alert.answer or 'not answered yet'}{f' ({alert.case})' if alert.case else ''}"
        settled = (
            f"{when(alert.settled_at)} {alert.settled_by or 'by itself'}: {alert.reason}" if not alert.open else "-"
        )
        rows.add_row(alert.id, alert.level, when(alert.raised_at), alert.why, done, settled)
    more = [Text(f"there are more: --page {page + 1}", style="dim")] if len(seen) > _A_PAGE else []
    return Reply(found, Group(rows, *more))


@command(app, "dismiss", example='alert dismiss acc-0010.usage_down_30.20261116T020000 --by usr-04 --reason "holidays"')
async def dismiss(desk: Desk, alert: AlertId, by: By, reason: Reason) -> Reply:
    """Settle an alert that is nothing, with your reason; it comes back only after it had ended and is found anew.

    A case that it opened goes on: close that with its outcome.
    """
    if not reason.strip():
        raise Failure(ExitCode.SETUP, "Usage", "a dismissal needs its reason, which the next review reads")
    parts = await desk.parts()
    await check_present(parts, by)
    found = await parts.alerts.dismiss(alert, by, reason.strip(), utc_now())
    note = f"; the case {found.case} goes on" if found.case else ""
    return Reply(found, Text(f"{alert} is dismissed{note}", style="green"))
