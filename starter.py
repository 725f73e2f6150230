"""The command line: ``python starter.py``, or ``followthrough`` where it is installed."""

from __future__ import annotations

import sys

import typer

from cli import (
    access,
    alert,
    case,
    case_work,
    clock,
    correcting,
    demo,
    detection,
    documents,
    export,
    facts,
    guide,
    handover,
    incident,
    instance,
    menu,
    metrics,
    outbound,
    playbook,
    policy,
    report,
    review,
    save_offers,
    save_promises,
    serve,
    simulate,
    standup,
    team,
)
from cli.command import PlainGroup, command
from cli.exits import HELP
from cli.process import leave

app = typer.Typer(
    name="followthrough",
    cls=PlainGroup,
    help="Run customer saves and cancellations as durable cases: every promise has an owner, a date and a proof.",
    epilog=HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for kind, group in case_work.GROUPS.items():
    app.add_typer(group, name=case_work.GROUP_NAMES[kind])
documents.app.add_typer(save_promises.app, name="promise")
documents.app.add_typer(save_offers.app, name="offer")
app.add_typer(export.app, name="export")
app.add_typer(facts.app, name="facts")
app.add_typer(detection.app, name="detection")
app.add_typer(alert.app, name="alert")
app.add_typer(access.app, name="access")
app.add_typer(case.app, name="case")
app.add_typer(incident.app, name="incident")
app.add_typer(playbook.app, name="playbook")
app.add_typer(policy.app, name="policy")
app.add_typer(report.app, name="report")
app.add_typer(review.app, name="review")
app.add_typer(standup.app, name="team")
app.add_typer(outbound.app, name="outbox")
instance.add_to(app)
menu.add_to(playbook.app, save_offers.app)
guide.add_to(documents.app)
correcting.add_to(documents.app)
team.add_to(app)
command(app, "handover", example="handover usr-02 usr-03 --by usr-07")(handover.handover)
outbound.add_to(app)
command(app, "metrics", example="metrics --from 2026-10-01 --to 2026-12-31")(metrics.metrics)
command(app, "fast-forward", example="fast-forward acc-0001 3d")(clock.fast_forward)
app.command("simulate")(simulate.simulate)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)


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
