"""The readable text of an HTML mail: no scripts, no hidden parts, quotations marked as in plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_UNSEEN = {"script", "style", "head", "title", "template", "noscript", "object", "svg"}
_BREAKS = {"br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "blockquote", "hr", "section"}
_PARAGRAPHS = {"p", "blockquote", "h1", "h2", "h3", "h4", "table", "ul", "ol"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "embed", "source", "track", "wbr"}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
_QUOTED = re.compile(r"(?:^|\s)(?:gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote)(?:\s|$)")
_DEEPEST = 200


class _Reader(HTMLParser):
    """Collects lines; ``open`` are the tags that are open, each with what it is: seen, unseen or quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        if tag not in _VOID and len(self.open) < _DEEPEST:
            self.open.append((tag, _kind(tag, {name: value or "" for name, value in attrs})))

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        at = next((n for n in range(len(self.open) - 1, -1, -1) if self.open[n][0] == tag), None)
        if at is not None:
            del self.open[at:]

    def handle_data(self, data: str) -> None:
        if all(kind != "unseen" for _, kind in self.open):
            self.pieces.append(data)

    def finish(self) -> str:
        self._end_line()
        return "\n".join(self.lines)

    def _break(self, tag: str) -> None:
        if tag in _BREAKS:
            self._end_line()
        if tag in _PARAGRAPHS and self.lines and self.lines[-1]:
            self.lines.append("")

    def _end_line(self) -> None:
        said = " ".join("".join(self.pieces).split())
        if said:
            self.lines.append(f"> {said}" if any(kind == "quoted" for _, kind in self.open) else said)
        self.pieces = []


def _kind(tag: str, attributes: dict[str, str]) -> str:
    if tag in _UNSEEN or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
        return "unseen"
    return "quoted" if tag == "blockquote" or _QUOTED.search(attributes.get("class", "")) else "seen"


def text_of(html: str) -> str:
    """What a reader of the mail sees, line by line; quotations begin with ``>``. Raises what a broken parser raises."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finish()
