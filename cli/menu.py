"""``save offer kinds`` and ``playbook causes``: what may be offered, and which root causes can be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from adapters.playbooks.folder import FolderPlaybooks
from cli.command import Reply
from cli.desk import Desk
from cli.exits import unknown
from cli.options import Folder
from cli.words import keep_whole, table
from models.case import CaseKind, RefusalType
from models.menu import CauseLine, Menu, MenuLine
from models.plan import MODULE, Plan
from models.policy import Policy, RootCauseRule
from rules import menu
from rules.refusal import one_of
from rules.save.lifecycle import SPINE

_BY_RATE = "discount_ladder"


async def kinds(
    desk: Desk,
    cause: Annotated[
        str | None, typer.Option("--cause", help="Only what answers this root cause; see 'playbook causes'.")
    ] = None,
    folder: Folder = None,
) -> Reply:
    """What may be offered: each kind with who approves it, what it must say, and how its cost is counted.

    Below stand the ladder by rate, what a price is tied to, and for how long an offer is open.
    """
    library = FolderPlaybooks(folder or desk.settings.playbooks)
    policy = (await library.load(SPINE)).policy
    rule = _rule(policy, cause) if cause else None
    found = menu.menu(await _plans(library, rule), policy, rule)
    return Reply(found, of_menu(found))


async def causes(desk: Desk, folder: Folder = None) -> Reply:
    """The root causes that 'save cause' takes, with the playbook that each picks and the modules that may be added."""
    policy = (await FolderPlaybooks(folder or desk.settings.playbooks).load(SPINE)).policy
    found = tuple(menu.causes(policy))
    return Reply(found, of_causes(found))


def of_menu(found: Menu) -> RenderableType:
    """The offers, one in a line, what is ruled out last, and what binds them."""
    rows = table("offer", "what, and its cost of a year", "who approves", "it must say")
    keep_whole(rows, 0, 2, 3)
    for line in sorted(found.lines, key=lambda line: bool(line.blocked)):
        cost = f"[red]{escape(line.blocked)}[/]" if line.blocked else f"[dim]{line.cost}[/]"
        says = "\n".join((*line.needs, *(("tied to something",) if line.tied else ()))) or "-"
        rows.add_row(
            f"{line.id}\n[dim]{_where(line)}[/]", f"{escape(line.what)}{_limits(line)}\n{cost}", _who(line), says
        )
    rungs = ", ".join(
        f"up to {rung.up_to_pct} % {rung.role}{' with a reason' if rung.needs_reason else ''}" for rung in found.ladder
    )
    bound = (
        f"by the rate: {rungs}; nobody approves their own offer, the next above does",
        f"a price is tied to one of: {one_of(found.ties)}",
        f"decided within {found.approval_within}, open for {found.valid_for}, one price in {found.cooldown} for an account",
    )
    head = Text(f"for {found.cause}, in {found.playbook}" if found.cause else "in all playbooks", style="bold")
    return Group(head, rows, *(Text(line) for line in bound))


def of_causes(found: Sequence[CauseLine]) -> RenderableType:
    """The root causes, one in a line."""
    rows = table("cause", "what", "playbook, + modules that may be added", "a price")
    keep_whole(rows, 0, 2, 3)
    for line in found:
        price = "never" if line.no_price else "[dim]may[/]"
        runs = "\n".join((line.playbook, *(f"[dim]+ {module}[/]" for module in line.modules)))
        rows.add_row(f"{line.code}\n[dim]{line.category}[/]", escape(line.title), runs, price)
    return rows


def _rule(policy: Policy, cause: str) -> RootCauseRule:
    rule = next((rule for rule in policy.root_causes if rule.code == cause), None)
    if rule is None:
        known = one_of(rule.code for rule in policy.root_causes)
        raise unknown(RefusalType.UNKNOWN_ROOT_CAUSE, f"'{cause}' is no root cause; known: {known}")
    return rule


async def _plans(library: FolderPlaybooks, rule: RootCauseRule | None) -> list[Plan]:
    """The playbooks and modules whose offers are asked for: those of the cause, or all that a save can run."""
    names = [rule.playbook, *rule.modules] if rule else await library.names()
    plans = [await library.load(name) for name in names]
    return [plan for plan in plans if plan.kind in (CaseKind.SAVE, MODULE)]


def _where(line: MenuLine) -> str:
    return f"{'module' if line.module else 'in'} {line.source}" if line.source else "with every playbook"


def _limits(line: MenuLine) -> str:
    parts = (
        *((f"up to {line.limit_pct} %",) if line.limit_pct is not None else ()),
        *((f"for {line.lasts}",) if line.lasts else ()),
    )
    return f"\n[dim]{', '.join(parts)}[/]" if parts else ""


def _who(line: MenuLine) -> str:
    named = {"": "nobody", _BY_RATE: "by the rate"}.get(line.approval, line.approval)
    return f"{named}\n[dim]or above by the rate[/]" if line.tied and line.approval not in ("", _BY_RATE) else named
