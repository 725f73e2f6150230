"""Exports, written in a folder of the instance and kept by a store, with what is known of them in the database."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update
from sqlmodel import col, select

from adapters.clock import Now, utc_now
from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.exports import archive, writing
from adapters.exports.codes import Codes, hashed
from adapters.exports.port import ExportLink, KeptExport, Progress
from adapters.exports.report import Report
from adapters.exports.store import FOLDER, Archive, ArchiveStore, FolderArchives, elsewhere
from adapters.product_data.port import ProductDataPort
from adapters.rows import once, stable_id, upsert
from models.base import Utc
from models.export import ExportProgress, ExportReceipt, Manifest, PrepareExport
from models.faults import PermanentFault
from models.tables import ExportRow


class EmbeddedExports:
    """ExportsPort in ``folder``, a folder for each account; writing goes on in a thread of its own.

    ``messages`` is the folder with the words of the report. ``store`` keeps the archives, without one the folder itself;
    its links last ``link_lasts`` at most.
    """

    def __init__(
        self,
        database: Database,
        source: ProductDataPort,
        crm: CrmPort,
        folder: Path,
        messages: Path,
        now: Now = utc_now,
        store: ArchiveStore | None = None,
        link_lasts: timedelta = timedelta(hours=1),
    ) -> None:
        self._database = database
        self._source = source
        self._crm = crm
        self._folder = folder
        self._codes = Codes(folder)
        self._report = Report(messages)
        self._now = now
        self._store = store or FolderArchives(folder)
        self._link_lasts = link_lasts

    async def prepare(self, request: PrepareExport, progress: Progress) -> ExportReceipt:
        """See ExportsPort."""
        export_id = stable_id("exp", request.key)
        if (known := await self._row(export_id)) is not None:
            if known.store == self._store.place:
                await asyncio.to_thread(self._tidy, _archive(known))
            return _receipt(known, replayed=True)
        account = await self._crm.account(request.account_id)
        order = archive.Order(request, account, self._source, progress, self._report)
        archived, manifest = await asyncio.to_thread(self._built, order, export_id)
        row = _kept(request, archived, manifest, self._store.place)
        row.code_hash = hashed(await asyncio.to_thread(self._codes.of, export_id))
        await self._keep(request.key, row)
        await asyncio.to_thread(self._tidy, archived)
        return _receipt(row)

    def _built(self, order: archive.Order, export_id: str) -> tuple[Archive, Manifest]:
        work = self._folder / order.account.id / export_id
        with archive.alone(work):
            packed, manifest = archive.build(order, work)

            def look() -> None:
                order.progress(ExportProgress(under_way=packed.name))

            digest, size = writing.digest_of(packed, look)
            archived = Archive(id=export_id, account_id=order.account.id, sha256=digest, bytes=size)
            self._store.keep(archived, packed, look)
        return archived, manifest

    def _tidy(self, archived: Archive) -> None:
        """What it was made of is of no use any more once an archive is kept."""
        packed = self._folder / archived.name
        shutil.rmtree(packed.with_suffix(""), ignore_errors=True)
        self._store.settle(packed)
        packed.with_suffix(".lock").unlink(missing_ok=True)

    async def _keep(self, key: str, row: ExportRow) -> None:
        async with self._database.writing() as session:

            async def keep() -> str:
                await upsert(session, [row])
                return row.id

            await once(session, key, self._now(), keep)

    async def find(self, export_id: str) -> KeptExport:
        """See ExportsPort."""
        row = await self._row(export_id)
        if row is None:
            raise PermanentFault("UnknownExport", f"there is no export '{export_id}'; see 'export show ACCOUNT'")
        return await asyncio.to_thread(self._told, row)

    async def extend(self, export_id: str, until: Utc) -> KeptExport:
        """See ExportsPort."""
        async with self._database.writing() as session:
            row = await session.get(ExportRow, export_id)
            if row is not None and row.until < until:
                row.until = until
        return await self.find(export_id)

    async def of_account(self, account_id: str) -> tuple[KeptExport, ...]:
        """See ExportsPort."""
        wanted = select(ExportRow).where(ExportRow.account_id == account_id)
        async with self._database.reading() as session:
            found = await session.scalars(wanted.order_by(col(ExportRow.prepared_at).desc(), col(ExportRow.id)))
            rows = found.all()
        return tuple([await asyncio.to_thread(self._told, row) for row in rows])

    async def fetch(self, code: str, at: Utc, to: Path) -> None:
        """See ExportsPort."""
        await asyncio.to_thread(self._store.fetch, _archive(await self._of_code(code, at)), to)

    async def link(self, code: str, at: Utc) -> ExportLink:
        """See ExportsPort."""
        row = await self._of_code(code, at)
        lasting = min(self._link_lasts, row.until - at)
        url = await asyncio.to_thread(self._store.link, _archive(row), lasting)
        return ExportLink(url=url, until=at + lasting)

    async def _of_code(self, code: str, at: Utc) -> ExportRow:
        async with self._database.reading() as session:
            row = (await session.scalars(select(ExportRow).where(ExportRow.code_hash == hashed(code)))).first()
        if row is None:
            sentence = "there is no export for this download code; copy it whole, as it was sent"
            raise PermanentFault("UnknownExport", sentence)
        if at >= row.until:
            sentence = f"this download code was good until {row.until:%Y-%m-%d %H:%M} UTC; ask for a new export"
            raise PermanentFault("Expired", sentence)
        if row.store != self._store.place:
            raise elsewhere("the archive of this download code lies", row.store)
        return row

    async def erase(self, account_id: str) -> int:
        """See ExportsPort."""
        here = (col(ExportRow.account_id) == account_id, col(ExportRow.store).in_((FOLDER, self._store.place)))
        async with self._database.writing() as session:
            rows = (await session.scalars(select(ExportRow).where(*here, col(ExportRow.code_hash) != ""))).all()
            for row in rows:
                row.code_hash = ""
        # After the codes: a crash in between leaves files that the same call removes, and no code that leads nowhere.
        folder = self._folder / account_id
        if await asyncio.to_thread(folder.exists):
            await asyncio.to_thread(shutil.rmtree, folder)
        await asyncio.to_thread(self._store.erase, account_id)
        async with self._database.writing() as session:
            await session.execute(update(ExportRow).where(*here).values(store=""))
        await self._none_elsewhere(account_id)
        return len(rows)

    async def remains(self, account_id: str) -> int:
        """See ExportsPort."""
        await self._none_elsewhere(account_id)
        folder = self._folder / account_id
        here = await asyncio.to_thread(lambda: sum(path.is_file() for path in folder.rglob("*")))
        return here + await asyncio.to_thread(self._store.remains, account_id)

    async def _none_elsewhere(self, account_id: str) -> None:
        reached = ("", FOLDER, self._store.place)
        other = select(ExportRow.store).where(ExportRow.account_id == account_id, col(ExportRow.store).not_in(reached))
        async with self._database.reading() as session:
            place = (await session.scalars(other.order_by(ExportRow.store))).first()
        if place is not None:
            raise elsewhere(f"archives of account '{account_id}' lie", place)

    async def check(self) -> str:
        """See ExportsPort."""
        return await asyncio.to_thread(self._store.check)

    def _told(self, row: ExportRow) -> KeptExport:
        known = {name: getattr(row, name) for name in KeptExport.model_fields if name != "code"}
        code = self._codes.of(row.id) if row.code_hash else ""
        # A lost secret makes other codes; one that opens nothing is not shown.
        return KeptExport(**known, code=code if hashed(code) == row.code_hash else "")

    async def _row(self, export_id: str) -> ExportRow | None:
        async with self._database.reading() as session:
            return await session.get(ExportRow, export_id)


def _archive(row: ExportRow) -> Archive:
    return Archive(id=row.id, account_id=row.account_id, sha256=row.sha256, bytes=row.bytes)


def _kept(request: PrepareExport, archived: Archive, manifest: Manifest, place: str) -> ExportRow:
    return ExportRow(
        id=archived.id,
        account_id=request.account_id,
        case_id=request.case_id,
        code_hash="",
        until=request.link_until,
        prepared_at=request.at,
        bytes=archived.bytes,
        sha256=archived.sha256,
        store=place,
        manifest=manifest,
    )


def _receipt(row: ExportRow, *, replayed: bool = False) -> ExportReceipt:
    return ExportReceipt(
        id=row.id,
        at=row.prepared_at,
        replayed=replayed,
        sections=row.manifest.sections,
        bytes=row.bytes,
        sha256=row.sha256,
    )
