"""The charts of all playbooks as a folder that the documentation shows."""

from __future__ import annotations

from collections.abc import Sequence

from cli.plan_chart import draw
from models.plan import Plan

_HEAD = """# The playbooks as calendars

What a case owes, from the opening of each step (the left end of its bar) to when it is due (the dot), for a case that opens
on a Monday at nine. A step that counts from another one is drawn as if that one were done at the last moment. A playbook
shows all of its steps, those of the common spine included; a module shows what it adds to a running case.

These files are drawn from `playbooks/`. After an edit: `python starter.py playbook charts docs/playbooks`
"""


def charts(plans: Sequence[Plan]) -> dict[str, str]:
    """File by name: a chart of every plan, and the page that shows them."""
    return {f"{plan.name}.svg": draw(plan) for plan in plans} | {"README.md": _page(plans)}


def _page(plans: Sequence[Plan]) -> str:
    kinds = (("Playbooks", False), ("Modules", True))
    parts = [_part(title, [plan for plan in plans if plan.is_module == modules]) for title, modules in kinds]
    return _HEAD + "".join(_index(plans) + parts)


def _index(plans: Sequence[Plan]) -> list[str]:
    rows = [f"| [{p.name}](#{p.name}) | {p.kind} | {p.title} | {len(p.steps)} | {len(p.offers)} |\n" for p in plans]
    return ["\n| name | kind | title | steps | offers |\n|---|---|---|---|---|\n", *rows]


def _part(title: str, plans: Sequence[Plan]) -> str:
    shown = [f"\n### {plan.name}\n\n![{plan.title}]({plan.name}.svg)\n" for plan in plans]
    return f"\n## {title}\n" + "".join(shown) if plans else ""
