"""How a playbook looks on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.text import Text

from adapters.playbooks.compare import Change
from cli.words import of_when, table
from models.calendar import ZERO
from models.plan import Plan, StepSpec
from models.policy import Ladder


def of_plan(plan: Plan) -> RenderableType:
    """A plan: its steps in order, then who is told when one is late, and what may be offered."""
    head = Text.from_markup(f"[bold]{escape(plan.title)}[/] · {plan.ref}\n[dim]digest {plan.digest[:12]}[/]")
    rows = table("step", "owner", "due", "proof", expand=True)
    for column, ratio in zip(rows.columns, (6, 4, 4, 6), strict=True):
        column.ratio = ratio
    for step in plan.steps:
        rows.add_row(f"{step.id}\n{_title(step)}", _owner(step), _due(step), _proof(step))
    said = Text.from_markup(f"[dim]the owner is reminded at {plan.policy.warn_percent} % of the time, then[/]")
    return Group(head, rows, said, *(_ladder(ladder) for ladder in plan.policy.ladders), *_offers(plan))


def of_changes(old: Plan, new: Plan, changes: Sequence[Change]) -> RenderableType:
    """The changes from one plan to another, one in a line."""
    head = Text(f"{old.ref} ({old.digest[:12]}) -> {new.ref} ({new.digest[:12]})", style="bold")
    if not changes:
        return Group(head, Text("nothing changes", style="dim"))
    colours = {"+": "green", "-": "red", "~": "yellow"}
    lines = (Text(str(change), style=colours[str(change)[0]]) for change in changes)
    return Group(head, *lines)


def _title(step: StepSpec) -> str:
    marks = [word for word, holds in (("promise", step.promise), ("optional", step.optional)) if holds]
    marks += ["automatic"] if step.automatic else []
    marks += [f"if {step.condition.step} says {step.condition.decision}"] if step.condition else []
    return f"[dim]{escape(step.title)}[/]" + (f"\n[cyan]{', '.join(marks)}[/]" if marks else "")


def _owner(step: StepSpec) -> str:
    along = f"\n[dim]with {', '.join(step.along)}[/]" if step.along else ""
    return f"{step.owner}{along}"


def _due(step: StepSpec) -> str:
    opens = f"\n[dim]opens {of_when(step.opens)}[/]"
    if step.recur is None or step.until is None:
        return f"{of_when(step.due)}{opens}"
    ends = f"{step.until.times} times" if step.until.times else f"until {step.until.step or step.until.stage}"
    return f"every {step.recur}, {ends}{opens}" if step.until.times else f"every {step.recur} {ends}{opens}"


def _proof(step: StepSpec) -> str:
    said = f"{step.evidence.kind}" + (f": {escape(step.evidence.what)}" if step.evidence.what else "")
    choices = f"\n[dim]decides {', '.join(step.evidence.decisions)}[/]" if step.evidence.decisions else ""
    holds = f"\n[dim]says {', '.join(content.id for content in step.contents)}[/]" if step.contents else ""
    letter = f"\n[dim]letter {step.template}[/]" if step.template else ""
    return f"{said}{choices}{holds}{letter}"


def _offers(plan: Plan) -> list[RenderableType]:
    if not plan.offers:
        return []
    names = ", ".join(offer.id for offer in plan.offers)
    return [Text(f"it may offer {names}; 'save offer kinds' says who approves each")]


def _ladder(ladder: Ladder) -> RenderableType:
    rungs = " -> ".join(f"{r.role} {'at once' if r.after == ZERO else f'after {r.after}'}" for r in ladder.rungs)
    return Text.from_markup(f"  {ladder.name:<10} {rungs or '[dim]nobody else is told[/]'}")
