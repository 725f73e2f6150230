"""How facts, what a stream brought, and proposed statements look on a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from cli.words import table, when
from models.facts import KnownFact
from models.policy import Statement
from models.stream import IngestReport
from rules.statements import Proposed


def of_facts(account: str, facts: tuple[KnownFact, ...]) -> RenderableType:
    """What is known of an account, the latest below."""
    if not facts:
        return Text(f"nothing is known of {account} yet", style="dim")
    rows = table("day", "fact", "what", "source", "received")
    for fact in facts:
        rows.add_row(str(fact.at or "-"), fact.what, fact.text, fact.source, when(fact.received_at))
    return rows


def of_ingest(report: IngestReport) -> RenderableType:
    """What a stream brought, and every line that was refused."""
    said = (
        f"{report.lines} line(s): {report.new} new, {report.known} known already; "
        f"{report.days_changed} day(s) of use changed, {report.signals} new signal(s), {report.payments} new payment(s)"
    )
    parts: list[RenderableType] = [Text(said)]
    if report.unmapped:
        events = ", ".join(f"{event} ({n})" for event, n in report.unmapped.items())
        parts.append(Text(f"left out, since facts.yaml maps no such event: {events}", style="dim"))
    parts += [Text(str(error), style="red") for error in report.errors]
    end = f"{len(report.errors)} fault(s); good lines were kept" if report.errors else "every line was taken"
    parts.append(Text(end, style="red" if report.errors else "green"))
    return Group(*parts)


def of_proposed(found: tuple[tuple[Proposed, Statement], ...], language: str) -> RenderableType:
    """The proposed codes with what they mean, how to respond, and how to tag one."""
    if not found:
        return Text("no statement of the dictionary is in it", style="dim")
    rows = table("code", "words", "means", "respond")
    for one, known in found:
        rows.add_row(one.code, one.words, f"{known.said.get(language, known.phrase)}: {known.meaning}", _lines(known))
    note = "proposals only: tag one with 'save statement ACCOUNT CODE --by YOU --quote ...'"
    return Group(rows, Text(note, style="dim"))


def _lines(known: Statement) -> str:
    return "; ".join(known.response) or "-"
