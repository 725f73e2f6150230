"""How a function becomes a command: ``--json``, the desk, one line for what went wrong, and the exit code."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

import typer
from pydantic_core import to_json
from rich.console import Console, RenderableType
from typer.core import TyperGroup

from cli.desk import Desk, open_desk
from cli.exits import KNOWN, ExitCode, Failure, failure_of
from cli.page import Page

PLAIN_WIDTH = 140  # where nobody looks at a terminal, tables are not squeezed into 80 columns

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")]


@dataclass(frozen=True)
class Reply:
    """What a command answers: ``data`` for ``--json``, ``view`` for people, and the exit code."""

    data: Any
    view: RenderableType
    code: ExitCode = ExitCode.OK


Body = Callable[..., Awaitable[Reply]]


class PlainGroup(TyperGroup):
    """The commands, with wrong usage told in our words alone."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Raises ``BadParameter`` without what the library that read the value calls it."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            wrong.message = wrong.message.removeprefix("Value error, ")
            raise


def group(about: str) -> typer.Typer:
    """An empty group of commands."""
    return typer.Typer(help=about, no_args_is_help=True, rich_markup_mode="rich")


def command(app: typer.Typer, name: str, *, example: str) -> Callable[[Body], Body]:
    """Add ``async def body(desk, ...)`` to a group; its docstring is the help, ``example`` stands below it."""

    def add(body: Body) -> Body:
        text = _paragraphs(inspect.cleandoc(body.__doc__ or ""))
        app.command(name, help=text, epilog=f"Example: [bold]python starter.py {example}[/bold]")(_entry(body))
        return body

    return add


def _paragraphs(text: str) -> str:
    """Each paragraph as one line, since the help breaks its lines where the source does."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def finish(answer: Callable[[], Awaitable[Reply]], as_json: bool) -> None:
    """Run a command to its end: print its reply, or one line for what went wrong, and leave with its exit code."""
    try:
        reply = asyncio.run(_awaited(answer))
    except Failure as failure:
        _fail(failure, as_json)
    except KNOWN as error:
        _fail(failure_of(error), as_json)
    else:
        _show(reply, as_json)
        if reply.code:
            raise typer.Exit(reply.code)


def out_console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal, and of a fixed width where there is none."""
    console = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not console.is_terminal and "COLUMNS" not in console._environ:
        console.width = PLAIN_WIDTH
    return console


async def _awaited(answer: Callable[[], Awaitable[Reply]]) -> Reply:
    return await answer()


def _entry(body: Body) -> Callable[..., None]:
    """The function that Typer sees: the body's own parameters without the desk, and ``--json``."""
    hints = get_type_hints(body, include_extras=True)
    own = list(inspect.signature(body).parameters.values())[1:]
    parameters = [each.replace(annotation=hints[each.name]) for each in own]
    flag = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Json)

    def entry(*, as_json: bool, **values: Any) -> None:
        async def answer() -> Reply:
            async with open_desk(out_console(stderr=True)) as desk:
                return await body(desk, **values)

        finish(answer, as_json)

    entry.__signature__ = inspect.Signature([*parameters, flag])  # type: ignore[attr-defined]
    entry.__annotations__ = {each.name: each.annotation for each in [*parameters, flag]}
    entry.__name__ = body.__name__
    return entry


def _show(reply: Reply, as_json: bool) -> None:
    if as_json:
        typer.echo(to_json(reply.data, indent=2).decode())
    else:
        console = out_console()
        console.print(reply.view, soft_wrap=isinstance(reply.view, Page) and not console.is_terminal)


def _fail(failure: Failure, as_json: bool) -> None:
    if as_json:
        told = {"type": failure.kind, "sentence": failure.sentence, "exit_code": int(failure.code)}
        typer.echo(to_json({"error": told}, indent=2).decode())
    typer.echo(str(failure), err=True)
    raise typer.Exit(failure.code)


def answering(desk_body: Callable[[Desk], Awaitable[Reply]], as_json: bool) -> None:
    """Run a body that needs a desk and nothing else, for commands that are not made by ``command``."""

    async def answer() -> Reply:
        async with open_desk(out_console(stderr=True)) as desk:
            return await desk_body(desk)

    finish(answer, as_json)
