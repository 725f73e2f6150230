"""``access``: who of a customer gets in, and where our own people still reach the account."""

from __future__ import annotations

from rich.text import Text

from cli.command import Reply, command, group
from cli.desk import Desk
from cli.options import Account

app = group("Look at who gets in.")


@command(app, "show", example="access show acc-0003")
async def show(desk: Desk, account: Account) -> Reply:
    """Who of the customer gets in now, and in which systems our own people reach the account."""
    state = await (await desk.parts()).access.read_back(account)
    inside = ", ".join(system.replace("_", " ") for system in state.internal) or "none"
    text = (
        f"[bold]{account}[/]: {state.full} with full access, {state.read_only} read-only, {state.revoked} revoked, "
        f"{state.keys} open keys\n[dim]our own people reach it in[/] {inside}"
    )
    return Reply(state, Text.from_markup(text))
