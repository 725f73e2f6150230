"""The HTML part of a letter, made from its text: paragraphs, lists and nothing else."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup, escape

_BULLET = "- "


def from_text(text: str, language: str) -> str:
    """Simple HTML for a text. Everything is escaped; each paragraph takes its own direction of writing."""
    blocks = (block for block in text.strip().split("\n\n") if block.strip())
    body = Markup("\n").join(_part(bullets, tuple(lines)) for block in blocks for bullets, lines in _runs(block))
    page = Markup(
        '<!doctype html>\n<html lang="{}">\n<head><meta charset="utf-8"></head>\n<body>\n{}\n</body>\n</html>\n'
    )
    return str(page.format(language, body))


def _runs(block: str) -> groupby[bool, str]:
    return groupby(block.strip("\n").split("\n"), key=lambda line: line.startswith(_BULLET))


def _part(bullets: bool, lines: tuple[str, ...]) -> Markup:
    if not bullets:
        return Markup('<p dir="auto">{}</p>').format(Markup("<br>\n").join(map(escape, lines)))
    items = (Markup('<li dir="auto">{}</li>').format(line.removeprefix(_BULLET)) for line in lines)
    return Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(items))
