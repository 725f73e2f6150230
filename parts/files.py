"""Where archives of exports lie, by the settings."""

from __future__ import annotations

from pathlib import Path

from adapters.exports.store import ArchiveStore, FolderArchives
from settings.files import FilesPart, FilesSettings


def archive_store(settings: FilesSettings, folder: Path) -> ArchiveStore:
    """Whatever keeps the archives that are packed in ``folder``, by the settings."""
    if settings.files is FilesPart.FOLDER:
        return FolderArchives(folder)
    from adapters.exports.s3 import S3Archives, S3Server

    server = S3Server(
        bucket=settings.s3_bucket,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
    return S3Archives(server)
