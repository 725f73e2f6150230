"""The instance itself: its database, what is imported into it, and its backup."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from sqlalchemy.engine import make_url

from adapters import backup as archive
from adapters import database
from adapters.health.embedded import HEALTH
from adapters.playbooks.folder import FolderPlaybooks
from adapters.portfolio.known import known_of
from adapters.portfolio.load import load_portfolio
from adapters.portfolio.read import read_portfolio
from adapters.portfolio.records import is_back
from adapters.portfolio.running import read_running
from adapters.product_data.loading import ProductLoaded
from adapters.usage.embedded import USAGE
from cli import cases, staffing
from cli.at_once import judge_at_once
from cli.codes import ExitCode
from cli.command import Reply, command
from cli.desk import Desk
from cli.options import day
from cli.products import load_products
from cli.view_import import Imported, StartedCase, of_import
from models.after_commands import CameBack
from models.base import Record
from models.book import CaseEntry
from models.case import CaseKind
from models.portfolio import ImportReport, Portfolio, RunningCases
from models.starts import SaveStart
from parts import Parts
from settings import Settings

ToFile = Annotated[Path, typer.Argument(metavar="FILE", help="A zip file that is not there yet.", show_default=False)]
FromFile = Annotated[Path, typer.Argument(metavar="FILE", help="A file made by 'backup'.", show_default=False)]
Rows = Annotated[
    Path,
    typer.Argument(metavar="FOLDER", exists=True, file_okay=False, help="Folder of CSV files.", show_default=False),
]


class Migrated(Record):
    """The database is at the present version."""

    migrated: bool = True


def add_to(app: typer.Typer) -> None:
    """Add the commands on the instance."""
    command(app, "migrate", example="migrate")(migrate)
    command(app, "import", example="import sample --running sample/running")(import_)
    command(app, "backup", example="backup monday.zip")(backup)
    command(app, "restore", example="restore monday.zip")(restore)


async def migrate(desk: Desk) -> Reply:
    """Bring the database to the present version; running it again changes nothing."""
    with desk.working("migrating the database"):
        await database.migrate(desk.settings.database)
        await database.check_migrated(desk.settings.database)
    return Reply(Migrated(), Text("the database is at the present version", style="green"))


async def import_(
    desk: Desk,
    folder: Rows,
    running: Annotated[
        Path | None,
        typer.Option("--running", exists=True, file_okay=False, help="Folder with cases that run elsewhere until now."),
    ] = None,
    today: Annotated[
        str | None, typer.Option("--today", help="Last day that a fact may have; the present one if left out.")
    ] = None,
) -> Reply:
    """Read a portfolio from CSV files; the same folder again changes nothing.

    Facts of accounts that are known already may come alone, as a folder with usage.csv and nothing else.
    Good rows are kept, and each broken one is named with file, line and what would be right (exit code 5). With
    --running, cases that run elsewhere are opened with their past (a worker is needed for them to go on), and nothing
    of that past is late at once. Who left stays so, unless their row has a customer_since of that day or later; then what
    is kept of them is told; so is an open case that nobody had, of the seats of its account. Accounts of which something new
    is known are judged at once. A fresh embedded database is migrated by itself.
    """
    last = day(today) if today else None
    if _is_fresh(desk.settings):
        await database.migrate(desk.settings.database)
    parts = await desk.parts()
    with desk.working(f"reading {folder}"):
        words = await FolderPlaybooks(desk.settings.playbooks).fact_words()
        known = await known_of(parts, folder)
        portfolio = await asyncio.to_thread(read_portfolio, folder, last, words, known)
        past = await asyncio.to_thread(_past, running, portfolio, last)
    held = await _held_as_left(parts, portfolio)
    unstaffed = await staffing.waiting(parts, portfolio)
    if past.starts or held or unstaffed:
        await desk.client()
    with desk.working("writing what is new"):
        report = await load_portfolio(portfolio, parts)
    await _tell_of_return(desk, parts, held)
    await staffing.tell(desk, unstaffed)
    report = _with(report, await load_products(desk.settings, parts, folder / "product"))
    started = await _start(desk, parts, past)
    noted = await judge_at_once(desk, report.accounts)
    done = Imported(report=report, case_errors=past.errors, cases=started, judged=noted)
    return Reply(done, of_import(done), ExitCode.OK if done.clean else ExitCode.FAULTY_FILES)


async def backup(desk: Desk, file: ToFile) -> Reply:
    """Copy every embedded database, the exports and the usage history into one file, also beside a running worker.

    What lives outside (a PostgreSQL database, a Temporal cluster) has backups of its own.
    """
    with desk.working(f"copying {desk.settings.home}"):
        manifest = await asyncio.to_thread(archive.backup, desk.settings.home, file)
    held = ", ".join(_held(manifest, lambda each: f"{each.path} ({each.size:,} bytes)"))
    return Reply(manifest, Text(f"{file} holds {held}{_elsewhere(desk.settings)}"))


async def restore(
    desk: Desk,
    file: FromFile,
    force: Annotated[bool, typer.Option("--force", help="Replace the databases that are there.")] = False,
) -> Reply:
    """Put a backup back, after every checksum was checked; nothing else may work on the instance meanwhile."""
    with desk.working(f"checking and unpacking {file}"):
        manifest = await asyncio.to_thread(archive.restore, file, desk.settings.home, force)
    names = ", ".join(_held(manifest, lambda each: each.path))
    taken = f"{manifest.taken_at:%Y-%m-%d %H:%M} UTC"
    return Reply(manifest, Text(f"{desk.settings.home} is as it was at {taken}: {names}", style="green"))


def _held(manifest: archive.BackupManifest, said: Callable[[archive.BackupFile], str]) -> Iterator[str]:
    """What a backup holds, file by file, but for the many files of the usage history."""
    history = [each for each in manifest.files if each.path.split("/")[0] in (USAGE, HEALTH)]
    yield from (said(each) for each in manifest.files if each not in history)
    if history:
        yield f"{len(history)} files of the histories of use and health"


def _elsewhere(settings: Settings) -> str:
    """What a backup of the home lacks."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        return ""
    return f"; the database '{url.database}' on {url.host} is not in it: back it up with pg_dump at the same time"


def _is_fresh(settings: Settings) -> bool:
    """Whether the embedded database is not there yet; any other is migrated by a person."""
    url = make_url(settings.database)
    return url.get_backend_name() == "sqlite" and bool(url.database) and not Path(str(url.database)).exists()


def _with(report: ImportReport, product: ProductLoaded) -> ImportReport:
    """The report with what became of the product's files."""
    names = ("files", "errors", "notes")
    return report.model_copy(update={name: getattr(report, name) + getattr(product, name) for name in names})


def _past(folder: Path | None, portfolio: Portfolio, today: date | None) -> RunningCases:
    return read_running(folder, portfolio, today) if folder else RunningCases()


async def _held_as_left(parts: Parts, portfolio: Portfolio) -> list[CaseEntry]:
    """The open cases that take an account for one who left, and that the portfolio brings back as a customer."""
    known = {account.id: account for account in await parts.crm.accounts()}
    back = [row.id for row in portfolio.accounts if row.id in known and is_back(row.customer_since, known[row.id])]
    kinds = (CaseKind.RETENTION, CaseKind.WIN_BACK)
    found = [await parts.book.open_case(account, kind) for account in back for kind in kinds]
    return [case for case in found if case]


async def _tell_of_return(desk: Desk, parts: Parts, held: list[CaseEntry]) -> None:
    """Who is a customer again is no longer kept as one who left: nothing of theirs is deleted (OFFB-24)."""
    for case in held:
        if (await parts.crm.account(case.account_id)).active:
            fact = CameBack(case_id=case.case_id, detail="imported as a customer")
            await cases.signal_each(desk, [case], fact, f"telling the {case.kind} of {case.account_id}")


async def _start(desk: Desk, parts: Parts, past: RunningCases) -> tuple[StartedCase, ...]:
    started = []
    with desk.counting("opening cases with their past", len(past.starts)) as progress:
        for start in past.starts:
            opened = not await _is_known(parts, start) and await cases.open_save(await desk.client(), start)
            steps = len(start.past.done) if start.past else 0
            started.append(StartedCase(account_id=start.account_id, opened=opened, steps_done=steps))
            progress.advance(progress.task_ids[0])
    return tuple(started)


async def _is_known(parts: Parts, start: SaveStart) -> bool:
    """Whether this very case was brought in before, so that a second import does not open it again."""
    entry = await parts.book.latest_case(start.account_id, cases.SAVE)
    return entry is not None and start.past is not None and entry.opened_at == start.past.opened_at
