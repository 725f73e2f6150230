"""One archive of many files: written table by table, so that a crash costs one table at most, then packed.

What is finished is told by the folder and not by the last heartbeat: it lasts also when the case asks anew hours later.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from adapters.exports import writing
from adapters.exports.port import Progress
from adapters.exports.report import Report
from adapters.product_data.port import ProductDataPort, ProductTable
from models.base import Record
from models.crm import AccountRecord
from models.export import ExportFile, ExportProgress, Manifest, PrepareExport, Section, SectionState, SectionStatus
from models.faults import PermanentFault, TransientFault

_DONE = ".done"
_MANIFEST, _REPORT = "manifest.json", "report.pdf"
_CHUNK = 1 << 20
_LEVEL = 1  # a tenth larger than zip's own, in a third of the time
_WHOLE = "Changes: {names} has no time of change, so that all of it is here."


class _Finished(Record):
    """A table that is written whole."""

    files: tuple[ExportFile, ...]


@dataclass(frozen=True)
class Order:
    """What is asked for, whose it is, where it comes from, who hears how far it is, and who writes the report of it."""

    request: PrepareExport
    account: AccountRecord
    source: ProductDataPort
    progress: Progress
    report: Report


def build(order: Order, folder: Path) -> tuple[Path, Manifest]:
    """Write every table into ``folder`` and pack the archive beside it. What was finished before is kept.

    Raises ``PermanentFault("ProductData")`` where the product has no table of customers at all: such an archive would be
    empty and look whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = order.source.tables()
    if not tables:
        raise PermanentFault("ProductData", "the product's database has no tables; set FOLLOWTHROUGH_PRODUCT_DATA")
    files = {table.name: _table(order, folder, table, number, tables) for number, table in enumerate(tables)}
    manifest = _manifest(order, tables, files, folder)
    (folder / _MANIFEST).write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    return _packed(order, folder, manifest), manifest


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only attempt that works on an export. Raises ``TransientFault`` while another one does."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise TransientFault("an attempt before is still writing this export; it ends by itself") from error
        yield


def _table(
    order: Order, folder: Path, table: ProductTable, number: int, tables: tuple[ProductTable, ...]
) -> tuple[ExportFile, ...]:
    marker = folder / f"{table.name}{_DONE}"
    if marker.exists():
        return _Finished.model_validate_json(marker.read_text(encoding="utf-8")).files

    def look(rows: int) -> None:
        order.progress(ExportProgress(finished=number, tables=len(tables), under_way=table.name, rows=rows))

    look(0)
    rows = order.source.rows(table, order.request.account_id, order.request.since)
    files = writing.write_table(folder, table, rows, look)
    begun = marker.with_suffix(".begun")
    begun.write_text(_Finished(files=files).model_dump_json(), encoding="utf-8")
    begun.replace(marker)
    return files


def _manifest(
    order: Order, tables: tuple[ProductTable, ...], files: dict[str, tuple[ExportFile, ...]], folder: Path
) -> Manifest:
    bare = Manifest(
        account_id=order.account.id,
        account_name=order.account.name,
        time_zone=order.account.works.time_zone,
        prepared_at=order.request.at,
        since=order.request.since,
        sections=tuple(_status(section, tables, files) for section in Section),
        remarks=(*writing.REMARKS, *_of_changes(order.request, tables)),
    )
    return bare.model_copy(update={"report": _report(order, bare, folder)})


def _of_changes(request: PrepareExport, tables: tuple[ProductTable, ...]) -> Iterator[str]:
    if request.since is not None:
        yield from (_WHOLE.format(names=table.name) for table in tables if not table.tells_changes)


def _status(
    section: Section, tables: tuple[ProductTable, ...], files: dict[str, tuple[ExportFile, ...]]
) -> SectionStatus:
    own = [table for table in tables if table.section is section]
    if not own:
        return SectionStatus(section=section, state=SectionState.NOT_APPLICABLE)
    written = tuple(file for table in own for file in files[table.name])
    rows = sum(files[table.name][0].rows for table in own)
    state = SectionState.INCLUDED if rows else SectionState.EMPTY
    return SectionStatus(section=section, state=state, rows=rows, files=written)


def _report(order: Order, manifest: Manifest, folder: Path) -> ExportFile:
    path = folder / _REPORT
    path.write_bytes(order.report.pdf(manifest, order.request.locale))
    digest, size = writing.digest_of(path)
    return ExportFile(name=_REPORT, sha256=digest, bytes=size)


def _packed(order: Order, folder: Path, manifest: Manifest) -> Path:
    target = folder.with_suffix(".zip")
    if target.exists():  # of an attempt that did not come to keep it
        return target
    begun = target.with_suffix(".zip.part")
    count = sum(len(section.files) for section in manifest.sections) // 2
    with zipfile.ZipFile(begun, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as packed:
        packed.write(folder / _MANIFEST, _MANIFEST)
        for file in manifest.files():
            step = ExportProgress(finished=count, tables=count, under_way=file.name)
            _pack(packed, folder, file, partial(order.progress, step))
    with begun.open("rb") as whole:
        os.fsync(whole.fileno())
    begun.replace(target)
    return target


def _pack(packed: zipfile.ZipFile, folder: Path, file: ExportFile, look: Callable[[], None]) -> None:
    """One file into the archive, checked on its way: a part that was damaged meanwhile is written anew."""
    path, digest = folder / file.name, hashlib.sha256()
    info = zipfile.ZipInfo.from_file(path, file.name)
    info.compress_type = zipfile.ZIP_DEFLATED
    with path.open("rb") as part, packed.open(info, "w", force_zip64=True) as into:
        while chunk := part.read(_CHUNK):
            digest.update(chunk)
            into.write(chunk)
            look()
    if digest.hexdigest() != file.sha256:
        (folder / f"{path.stem}{_DONE}").unlink(missing_ok=True)
        raise TransientFault(f"{file.name} was damaged before it was packed; it is written anew")
