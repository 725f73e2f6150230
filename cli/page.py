"""A page of Markdown: set for reading on a terminal, and as it was written where it goes into a file or a program."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown
from rich.text import Text


class Page:
    """The text of a page, as a view of a command."""

    def __init__(self, text: str) -> None:
        self.text = text.rstrip()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Markdown(self.text, hyperlinks=False) if console.is_terminal else Text(self.text)
