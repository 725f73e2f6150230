"""A command line that loads what is used: ``--help`` and each command pay for themselves alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from cli.contents import CONTENTS

# What Typer brings of click is private to it; these two are all that is needed of it.
Command = Any
Context = Any


@cache
def loaded(name: str) -> Command:
    """The command or group of that name of the contents, with all that it stands on."""
    module, _, what = CONTENTS[name].place.partition(":")
    found: typer.Typer | Callable[[typer.Typer], None] = getattr(import_module(module), what)
    root = typer.Typer(rich_markup_mode="rich")
    if isinstance(found, typer.Typer):
        root.add_typer(found, name=name)
    else:
        found(root)
    return get_group(root).commands[name]


class Shelf(Mapping[str, Command]):
    """The contents by name; what is taken from it is loaded."""

    def __getitem__(self, name: str) -> Command:
        if name not in CONTENTS:
            raise KeyError(name)
        return loaded(name)

    def __iter__(self) -> Iterator[str]:
        return iter(CONTENTS)

    def __len__(self) -> int:
        return len(CONTENTS)


class LazyGroup(TyperGroup):
    """The whole command line, of which a command is loaded when somebody asks for it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = cast(dict[str, Command], Shelf())

    def invoke(self, ctx: Context) -> Any:
        """Run the command. Raises ``BadParameter`` without what the library that read the value calls it."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            wrong.message = wrong.message.removeprefix("Value error, ")
            raise

    def list_commands(self, _: Context) -> list[str]:
        """The names in the order of the contents."""
        return list(CONTENTS)

    def format_help(self, ctx: Context, formatter: Any) -> None:
        """Each command with its line; none is loaded for that."""
        lines: dict[str, Command] = {name: TyperCommand(name, help=entry.line) for name, entry in CONTENTS.items()}
        said: dict[str, Any] = {"params": self.params, "help": self.help, "epilog": self.epilog}
        outline = TyperGroup(name=self.name, commands=lines, rich_markup_mode=self.rich_markup_mode, **said)
        outline.format_help(ctx, formatter)
