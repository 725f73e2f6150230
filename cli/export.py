"""``export``: the data that was prepared for customers who leave: what is in it, whether it is whole, and fetching it."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from adapters.exports.port import KeptExport
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure
from cli.words import table, when
from models.base import Record
from models.export import Manifest

app = group("Look at the data that was prepared for customers who leave.")
_EXPORT = "exp-"
_MANIFEST = "manifest.json"


class Checked(Record):
    """What ``export verify`` found: how many files are as the manifest says, and which are not."""

    files: int
    wrong: tuple[str, ...] = ()


class Fetched(Record):
    """Where the archive was written."""

    file: str


@command(app, "show", example="export show acc-0003")
async def show(
    desk: Desk,
    which: Annotated[
        str, typer.Argument(metavar="EXPORT_OR_ACCOUNT", help="Id of an export or of its account.", show_default=False)
    ],
) -> Reply:
    """The exports of an account, the latest first: each section, its rows and files, and until when it can be fetched."""
    parts = await desk.parts()
    if which.startswith(_EXPORT):
        return Reply(one := await parts.exports.find(which), _of(one))
    await parts.crm.account(which)
    kept = await parts.exports.of_account(which)
    view = Group(*(_of(one) for one in kept)) if kept else Text(f"nothing was exported for {which} yet", style="dim")
    return Reply(kept, view)


@command(app, "fetch", example="export fetch 7K2M-44QX-9ZRT-1A2B-3C4D-5E6F --to acc-0003.zip")
async def fetch(
    desk: Desk,
    code: Annotated[str, typer.Argument(help="The download code, as it was sent.", show_default=False)],
    to: Annotated[Path, typer.Option("--to", help="The file to write.", show_default=False)],
) -> Reply:
    """Fetch an archive with its download code, as the customer would."""
    exports, begun = (await desk.parts()).exports, to.with_name(f"{to.name}.part")
    try:
        await exports.fetch(code.strip(), datetime.now(UTC), begun)
        begun.replace(to)
    except OSError as error:
        raise Failure(ExitCode.SETUP, "Usage", f"{to} cannot be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            begun.unlink()
    return Reply(Fetched(file=str(to)), Text(f"written to {to}"))


@command(app, "link", example="export link 7K2M-44QX-9ZRT-1A2B-3C4D-5E6F")
async def link(
    desk: Desk, code: Annotated[str, typer.Argument(help="The download code, as it was sent.", show_default=False)]
) -> Reply:
    """A link to an archive in S3 for whoever has its download code; it ends soon, and never after the code."""
    found = await (await desk.parts()).exports.link(code.strip(), datetime.now(UTC))
    return Reply(found, Text(f"{found.url}\ngood until {when(found.until)} UTC", overflow="ignore", no_wrap=True))


@command(app, "verify", example="export verify acc-0003.zip")
async def verify(
    desk: Desk,  # noqa: ARG001 every command has one
    archive: Annotated[Path, typer.Argument(help="The archive.", show_default=False)],
) -> Reply:
    """Check every file of an archive against its manifest: none is changed, missing or added (exit code 5)."""
    try:
        found = _checked(archive)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Failure(
            ExitCode.FAULTY_FILES, "BadArchive", f"{archive} is no export that can be read: {error}"
        ) from error
    if found.wrong:
        wrong = Text(f"not as the manifest says: {', '.join(found.wrong)}", style="red")
        return Reply(found, wrong, ExitCode.FAULTY_FILES)
    return Reply(found, Text(f"{found.files} files, each as the manifest says", style="green"))


def _checked(archive: Path) -> Checked:
    """Every file that the manifest names is there as it says, and no other is."""
    with zipfile.ZipFile(archive) as packed:
        manifest = Manifest.model_validate_json(packed.read(_MANIFEST))
        files = {file.name: file.sha256 for file in manifest.files()}
        there = set(packed.namelist()) - {_MANIFEST}
        wrong = {name for name in there & set(files) if _digest(packed, name) != files[name]}
    return Checked(files=len(files), wrong=tuple(sorted(wrong | (there ^ set(files)))))


def _digest(packed: zipfile.ZipFile, name: str) -> str:
    """The SHA-256 of a file; nothing for one that cannot be unpacked."""
    try:
        with packed.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return ""


def _of(kept: KeptExport) -> RenderableType:
    rows = table("section", "state", "rows", "files")
    for section in kept.manifest.sections:
        names = ", ".join(file.name for file in section.files) or "-"
        rows.add_row(section.section, section.state.replace("_", " "), f"{section.rows:,}", names)
    since = f", what changed since {when(kept.manifest.since)}" if kept.manifest.since else ""
    fetched = (
        f"[dim]code[/] {kept.code}   [dim]until[/] {when(kept.until)} UTC"
        if kept.code
        else "[yellow]no code: it was deleted[/]"
    )
    head = f"[bold]{kept.id}[/] prepared {when(kept.prepared_at)} UTC{since}, {kept.bytes:,} bytes\n{fetched}"
    return Group(Text.from_markup(head), rows, Text(""))
