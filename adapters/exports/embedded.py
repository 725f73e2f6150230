"""Exports in a folder of the instance, with what is known of them in the database."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from pathlib import Path

from sqlmodel import col, select

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.exports import archive, writing
from adapters.exports.port import KeptExport, Progress
from adapters.product_data.port import ProductDataPort
from adapters.rows import once, stable_id, upsert
from models.base import Utc
from models.export import ExportReceipt, Manifest, PrepareExport
from models.faults import PermanentFault
from models.tables import ExportRow


class EmbeddedExports:
    """ExportsPort in ``folder``; writing goes on in a thread of its own."""

    def __init__(self, database: Database, source: ProductDataPort, folder: Path, now: Now = utc_now) -> None:
        self._database = database
        self._source = source
        self._folder = folder
        self._now = now

    async def prepare(self, request: PrepareExport, progress: Progress) -> ExportReceipt:
        """See ExportsPort."""
        export_id = stable_id("exp", request.key)
        if (known := await self._row(export_id)) is not None:
            return _receipt(known, replayed=True)
        work = self._folder / export_id
        packed, manifest = await asyncio.to_thread(archive.build, request, self._source, work, progress)
        digest, size = await asyncio.to_thread(writing.digest_of, packed)
        row = _kept(request, export_id, manifest, digest, size)
        async with self._database.writing() as session:

            async def keep() -> str:
                await upsert(session, [row])
                return export_id

            await once(session, request.key, self._now(), keep)
        await asyncio.to_thread(shutil.rmtree, work, ignore_errors=True)
        return _receipt(row)

    async def find(self, export_id: str) -> KeptExport:
        """See ExportsPort."""
        row = await self._row(export_id)
        if row is None:
            raise PermanentFault("UnknownExport", f"there is no export '{export_id}'; see 'export list ACCOUNT'")
        return KeptExport.model_validate(row, from_attributes=True)

    async def of_account(self, account_id: str) -> tuple[KeptExport, ...]:
        """See ExportsPort."""
        wanted = select(ExportRow).where(ExportRow.account_id == account_id)
        async with self._database.reading() as session:
            rows = await session.scalars(wanted.order_by(col(ExportRow.prepared_at).desc(), col(ExportRow.id)))
            return tuple(KeptExport.model_validate(row, from_attributes=True) for row in rows)

    async def fetch(self, code: str, at: Utc) -> Path:
        """See ExportsPort."""
        async with self._database.reading() as session:
            row = (await session.scalars(select(ExportRow).where(ExportRow.code == code))).first() if code else None
        if row is None:
            raise PermanentFault(
                "UnknownExport", "there is no export for this download code; copy it whole, as it was sent"
            )
        if at >= row.until:
            raise PermanentFault(
                "Expired", f"this download code was good until {row.until:%Y-%m-%d}; ask for a new export"
            )
        return self._archive(row.id)

    async def erase(self, account_id: str) -> int:
        """See ExportsPort."""
        async with self._database.writing() as session:
            rows = list(await session.scalars(select(ExportRow).where(ExportRow.account_id == account_id)))
            for row in rows:
                self._archive(row.id).unlink(missing_ok=True)
                row.code = ""
        return len(rows)

    def _archive(self, export_id: str) -> Path:
        return self._folder / f"{export_id}.zip"

    async def _row(self, export_id: str) -> ExportRow | None:
        async with self._database.reading() as session:
            return await session.get(ExportRow, export_id)


def _kept(request: PrepareExport, export_id: str, manifest: Manifest, digest: str, size: int) -> ExportRow:
    return ExportRow(
        id=export_id,
        account_id=request.account_id,
        case_id=request.case_id,
        code="-".join(secrets.token_hex(2).upper() for _ in range(6)),
        until=request.link_until,
        prepared_at=request.at,
        bytes=size,
        sha256=digest,
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
