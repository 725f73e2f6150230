"""``playbook``: check, read and compare the files that RevOps writes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.text import Text

from adapters.playbooks.check import check as check_folder
from adapters.playbooks.compare import diff as compare
from adapters.playbooks.fault import Fault
from adapters.playbooks.folder import FolderPlaybooks
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.files import save
from cli.menu import causes
from cli.options import Folder
from cli.plan_chart import draw
from cli.plan_charts import charts as all_charts
from cli.view_plan import of_changes, of_plan
from cli.words import counted, table
from models.base import Record
from models.plan import Plan

app = group("Check, read and compare playbooks.")


class FoundFault(Record):
    """A fault in a file: where, what is wrong, and what would be right."""

    file: str
    line: int
    where: str
    wrong: str
    right: str


class Listed(Record):
    """A playbook or module in one line."""

    name: str
    version: int
    kind: str
    title: str
    steps: int
    digest: str


def faults_found(faults: Sequence[Fault], place: Path) -> Reply:
    """What a check answers: every fault in a line, and the exit code of faulty files where there is one."""
    data = [FoundFault(**fault._asdict()) for fault in faults]
    if not faults:
        return Reply(data, Text(f"no fault in {place}", style="green"))
    lines = Text("\n".join(str(fault) for fault in faults))
    said = f"\n{counted(len(faults), 'fault')}; more may show once the files are put right"
    return Reply(data, lines.append(said, style="red"), ExitCode.FAULTY_FILES)


@command(app, "check", example="playbook check playbooks")
async def check(
    desk: Desk,
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with save/ and policies/; that of the settings if left out.")
    ] = None,
) -> Reply:
    """Find every fault of every playbook and policy, with file, line and what would be right."""
    place = folder or desk.settings.playbooks
    return faults_found(await asyncio.to_thread(check_folder, place), place)


@command(app, "list", example="playbook list")
async def list_(desk: Desk, folder: Folder = None) -> Reply:
    """The playbooks that a case can run (kind 'save'), and the modules that it may draw on besides."""
    library = FolderPlaybooks(folder or desk.settings.playbooks)
    plans = [await library.load(name) for name in await library.names()]
    listed = [
        Listed(
            name=plan.name,
            version=plan.version,
            kind=plan.kind,
            title=plan.title,
            steps=len(plan.steps),
            digest=plan.digest,
        )
        for plan in plans
    ]
    rows = table("playbook", "kind", "steps", "title")
    for one in listed:
        rows.add_row(f"{one.name}@{one.version}", one.kind, str(one.steps), escape(one.title))
    return Reply(listed, rows)


@command(app, "show", example="playbook show product_technical")
async def show(
    desk: Desk,
    name: Annotated[str, typer.Argument(help="Name of the playbook, or its file.", show_default=False)],
    folder: Folder = None,
) -> Reply:
    """The plan as a case would get it: each step with its owner, opening, due moment and evidence, and the ladders."""
    plan = await _plan(name, folder or desk.settings.playbooks)
    return Reply(plan, of_plan(plan))


@command(app, "diff", example="playbook diff product_technical ../edited/playbooks/save/product_technical.yaml")
async def diff(
    desk: Desk,
    old: Annotated[str, typer.Argument(help="Name of a playbook, or its file.", show_default=False)],
    new: Annotated[str, typer.Argument(help="Another name or file, also in another folder.", show_default=False)],
    folder: Folder = None,
) -> Reply:
    """What changes for a case from one plan to another: steps, fields of steps, offers, numbers of the policy.

    A file is read with the folder that it lies in (FOLDER/save/NAME.yaml), so that two versions of a whole folder can
    be compared. To move a running case, see 'save adopt'.
    """
    place = folder or desk.settings.playbooks
    was, now = await _plan(old, place), await _plan(new, place)
    changes = compare(was, now)
    return Reply([change._asdict() for change in changes], of_changes(was, now, changes))


@command(app, "chart", example="playbook chart value_roi --out value_roi.svg")
async def chart(
    desk: Desk,
    name: Annotated[str, typer.Argument(help="Name of the playbook or module, or its file.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The SVG file to write.", show_default=False)],
    folder: Folder = None,
) -> Reply:
    """Draw the plan's own calendar as an SVG file: one bar per step from its opening to when it is due, by owner.

    Nothing is run; to see people keep or miss the steps, see 'simulate --chart'.
    """
    plan = await _plan(name, folder or desk.settings.playbooks)
    return _drawn([save(out, draw(plan))])


@command(app, "charts", example="playbook charts docs/playbooks")
async def charts(
    desk: Desk,
    into: Annotated[Path, typer.Argument(help="The folder to write to; it is made if need be.", show_default=False)],
    folder: Folder = None,
) -> Reply:
    """Draw the calendar of every playbook and module, and a page that shows them all."""
    library = FolderPlaybooks(folder or desk.settings.playbooks)
    plans = [await library.load(name) for name in await library.names()]
    return _drawn([save(into / name, content) for name, content in all_charts(plans).items()])


def _drawn(files: list[Path]) -> Reply:
    return Reply([str(file) for file in files], Text("\n".join(f"wrote {file}" for file in files)))


async def _plan(name_or_file: str, folder: Path) -> Plan:
    """A plan by its name in ``folder``, or by its file within the folder that it lies in."""
    place, name = _place(name_or_file, folder)
    return await FolderPlaybooks(place).load(name)


def _place(name_or_file: str, folder: Path) -> tuple[Path, str]:
    path = Path(name_or_file)
    is_file = path.suffix in (".yaml", ".yml")
    return (path.absolute().parent.parent, path.stem) if is_file else (folder, name_or_file)


command(app, "causes", example="playbook causes")(causes)
