"""A page of Markdown: set for reading on a terminal, and as it was written where it goes into a file or a program."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markdown import Markdown
from rich.text import Text


class Page:
    """The text of a page, as a view of a command, with what the command says ``above`` and ``below`` it."""

    def __init__(self, text: str, above: RenderableType | None = None, below: RenderableType | None = None) -> None:
        self.text, self.above, self.below = text.rstrip(), above, below

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.above is not None:
            yield Group(self.above, Text())
        yield Markdown(self.text, hyperlinks=False) if console.is_terminal else Text(self.text)
        if self.below is not None:
            yield Group(Text(), self.below)
