"""One archive of many files: written table by table, so that a crash costs one table at most, then packed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from adapters.exports import report, writing
from adapters.product_data.port import ProductDataPort, ProductTable
from models.base import Record
from models.export import ExportFile, Manifest, PrepareExport, Section, SectionState, SectionStatus

Progress = Callable[[str], None]
_DONE = ".done"
_MANIFEST, _REPORT = "manifest.json", "report.pdf"


class _Finished(Record):
    """A table that is written whole."""

    files: tuple[ExportFile, ...]


def build(request: PrepareExport, source: ProductDataPort, folder: Path, progress: Progress) -> tuple[Path, Manifest]:
    """Write every table into ``folder`` and pack the archive beside it. What was finished before is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = source.tables()
    files = {table.name: _table(request, source, folder, table, progress) for table in tables}
    sections = tuple(_status(section, tables, files) for section in Section)
    bare = Manifest(
        account_id=request.account_id,
        prepared_at=request.at,
        since=request.since,
        sections=sections,
        remarks=writing.REMARKS,
    )
    manifest = bare.model_copy(update={"report": _report(bare, request.locale, folder)})
    (folder / _MANIFEST).write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    return _packed(folder, manifest, progress), manifest


def _table(
    request: PrepareExport, source: ProductDataPort, folder: Path, table: ProductTable, progress: Progress
) -> tuple[ExportFile, ...]:
    marker = folder / f"{table.name}{_DONE}"
    if marker.exists():
        return _Finished.model_validate_json(marker.read_text(encoding="utf-8")).files
    rows = source.rows(table, request.account_id, request.since)
    files = writing.write_table(folder, table, rows, lambda: progress(table.name))
    marker.write_text(_Finished(files=files).model_dump_json(), encoding="utf-8")
    progress(table.name)
    return files


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


def _report(manifest: Manifest, locale: str, folder: Path) -> ExportFile:
    path = folder / _REPORT
    path.write_bytes(report.pdf(manifest, locale))
    digest, size = writing.digest_of(path)
    return ExportFile(name=_REPORT, sha256=digest, bytes=size)


def _packed(folder: Path, manifest: Manifest, progress: Progress) -> Path:
    archive = folder.with_suffix(".zip")
    begun = archive.with_suffix(".zip.part")
    with zipfile.ZipFile(begun, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name in _names(manifest):
            packed.write(folder / name, name)
            progress(name)
    begun.replace(archive)
    return archive


def _names(manifest: Manifest) -> Iterator[str]:
    yield _MANIFEST
    yield _REPORT
    for section in manifest.sections:
        yield from (file.name for file in section.files)
