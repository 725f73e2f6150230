"""How a policy of leaving looks on a terminal: each value with the rule that it follows from, then what would follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from cli.words import money, table
from models.calendar import ZERO, Clock, Offset
from models.leaving import Cited, LeavingPolicy, Limit
from models.prospect import Prospect


def of_prospect(found: Prospect) -> RenderableType:
    """The policy with its values, and what a cancellation today would bring."""
    head = Text.from_markup(f"[bold]{escape(found.policy.title)}[/] · {found.policy.name}\n")
    head.append(found.why)
    note = Text("not legal advice; the values are those of the files under policies/", style="dim")
    return Group(head, _values(found.policy), Text("if they cancelled today", style="bold"), _outcome(found), note)


def _values(policy: LeavingPolicy) -> RenderableType:
    rows = table("value", "is", "by the rule", expand=True)
    for column, ratio in zip(rows.columns, (2, 4, 6), strict=True):
        column.ratio = ratio
    for name, value in _cited(policy):
        rows.add_row(name, escape(_said(value)), f"[dim]{escape(value.rule)}[/]")
    return rows


def _cited(policy: LeavingPolicy) -> Iterator[tuple[str, Cited]]:
    for name, value in policy:
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Cited):
                yield name.replace("_", " "), one


def _outcome(found: Prospect) -> RenderableType:
    rows = table("", "", show_header=False)
    rows.add_row("save attempts", f"{_attempts(found)}\n[dim]{escape(found.verdict.sentence)}[/]")
    rows.add_row("ends on", f"{found.end.ends}\n[dim]{escape(found.end.sentence)}[/]")
    if found.end.waiver_route:
        rows.add_row("waiver", escape(found.end.waiver_route))
    if found.end.renewal:
        rows.add_row("renewal", escape(found.end.renewal))
    if found.end.fee:
        rows.add_row("fee for ending early", f"{money(found.end.fee)}, a line of its own")
    rows.add_row("looked at by", "\n".join(_approvals(found)) or "nobody")
    rows.add_row("data", f"to be fetched until {found.retrievable_until}, deleted on {found.deleted_on}")
    rows.add_row("backups", f"purged by {found.backups_purged_by}")
    return rows


def _attempts(found: Prospect) -> str:
    most = "none" if found.attempts == 0 else f"at most {found.attempts}"
    return f"{most} (severity {found.severity or 'not known'})"


def _approvals(found: Prospect) -> Iterator[str]:
    for need in found.end.approvals:
        yield f"{need.rule.role}: {need.why} (within {_limit(need.rule)})"


def _said(value: Any) -> str:
    """A value of a policy in words, by its own field names; what is left open is said to be so."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Offset):
        return "none" if value == ZERO else str(value)
    if isinstance(value, Limit) and not isinstance(value, Cited):
        return _limit(value)
    if isinstance(value, tuple):
        return ", ".join(_said(one) for one in value) or "any"
    if isinstance(value, Cited):
        return _parts(value)
    return str(value).replace("_", " ")


def _parts(value: Any) -> str:
    own = {name: part for name, part in value if name not in ("rule", *Limit.model_fields)}
    said = [f"{name.replace('_', ' ')}: {_said(part)}" for name, part in own.items() if part is not None]
    limit = [f"within: {_limit(value)}"] if isinstance(value, Limit) else []
    return "; ".join((*said, *limit)) or "as agreed"


def _limit(limit: Limit) -> str:
    return f"{limit.within} business time" if limit.clock is Clock.BUSINESS else str(limit.within)
