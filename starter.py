"""The command line: ``python starter.py``, or ``followthrough`` where it is installed."""

from __future__ import annotations

import sys

import typer

from cli.codes import HELP
from cli.lazy import LazyGroup
from cli.process import leave

app = typer.Typer(
    name="followthrough",
    cls=LazyGroup,
    epilog=HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def followthrough() -> None:
    """Run customer saves and cancellations as durable cases: every promise has an owner, a date and a proof."""


def main() -> None:
    """Run the command of this process, and end it at once with its exit code."""
    try:
        app()
    except SystemExit as end:
        leave(end)
    except BaseException:  # noqa: BLE001 shown, and ended in the same way
        sys.excepthook(*sys.exc_info())
        leave(SystemExit(1))


if __name__ == "__main__":
    main()
