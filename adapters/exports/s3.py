"""Archives in a bucket of an S3-compatible service."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from pydantic import SecretStr

from adapters.exports.s3_faults import code_of, told_as_faults
from adapters.exports.s3_upload import Upload, begun
from adapters.exports.store import Archive, Look, gone
from models.base import Record
from models.faults import PermanentFault, TransientFault

_CHUNK = 1 << 20
_MISSING = ("404", "NoSuchKey")


class S3Server(Record):
    """Which bucket, where, and with which key; without a key it is the machine's own.

    ``timeout`` is in seconds for an answer, of which ``attempts`` are asked for before it is a fault.
    """

    bucket: str
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: SecretStr = SecretStr("")
    timeout: float = 30
    attempts: int = 4

    @property
    def where(self) -> str:
        """The bucket as messages name it."""
        return f"{self.endpoint or 'AWS'}, bucket {self.bucket}"


class S3Archives:
    """ArchiveStore in a bucket, under ``exports/{account}/``. ``part`` is the size of a part of an upload in bytes."""

    def __init__(self, server: S3Server, **upload: int) -> None:
        self._server = server
        self._upload = upload

    @property
    def place(self) -> str:
        """See ArchiveStore."""
        return self._server.where

    def keep(self, archive: Archive, packed: Path, look: Look) -> None:
        """See ArchiveStore."""
        with self._faults():
            Upload(self._client, self._server.bucket, _key(archive), **self._upload).bring(archive, packed, look)

    def settle(self, packed: Path) -> None:
        """See ArchiveStore."""
        packed.unlink(missing_ok=True)

    def fetch(self, archive: Archive, to: Path) -> None:
        """See ArchiveStore."""
        digest = hashlib.sha256()
        with self._faults(), to.open("wb") as file:
            for chunk in self._read(archive):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != archive.sha256:
            to.unlink()
            raise PermanentFault(
                "Damaged", f"what the bucket has of {archive.id} is not what was put there; prepare it anew"
            )

    def link(self, archive: Archive, lasting: timedelta) -> str:
        """See ArchiveStore. It ends earlier where the key of the machine does."""
        with self._faults():
            with _there_or_gone():
                self._client.head_object(Bucket=self._server.bucket, Key=_key(archive))
            named = {"ResponseContentDisposition": f'attachment; filename="{archive.id}.zip"'}
            wanted = {"Bucket": self._server.bucket, "Key": _key(archive), **named}
            seconds = int(lasting.total_seconds())
            return str(self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds))

    def erase(self, account_id: str) -> None:
        """See ArchiveStore. Uploads go first, so that none is completed behind us."""
        bucket, prefix = self._server.bucket, _prefix(account_id)
        with self._faults():
            for upload in begun(self._client, bucket, prefix):
                self._client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
            for version in list(self._versions(prefix)):
                self._client.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])

    def remains(self, account_id: str) -> int:
        """See ArchiveStore."""
        prefix = _prefix(account_id)
        with self._faults():
            uploads = begun(self._client, self._server.bucket, prefix)
            return len(uploads) + sum(1 for _ in self._versions(prefix))

    def check(self) -> str:
        """See ArchiveStore: the bucket, its versions and its uploads can be listed."""
        try:
            self.remains("-")
        except (PermanentFault, TransientFault) as fault:
            return str(fault)
        return ""

    def _faults(self) -> AbstractContextManager[None]:
        return told_as_faults(self._server.where)

    def _read(self, archive: Archive) -> Iterator[bytes]:
        with _there_or_gone():
            found = self._client.get_object(Bucket=self._server.bucket, Key=_key(archive))
        yield from found["Body"].iter_chunks(_CHUNK)

    def _versions(self, prefix: str) -> Iterator[dict[str, Any]]:
        """Every version below a prefix, and what a bucket keeps in place of a deleted one."""
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._server.bucket, Prefix=prefix)
        return (each for page in pages for kind in ("Versions", "DeleteMarkers") for each in page.get(kind, ()))

    @cached_property
    def _client(self) -> Any:
        server = self._server
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if server.endpoint else "auto"},
            retries={"mode": "standard", "total_max_attempts": server.attempts},
            connect_timeout=min(server.timeout, 10),
            read_timeout=server.timeout,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return boto3.client(
            "s3",
            endpoint_url=server.endpoint or None,
            region_name=server.region or None,
            aws_access_key_id=server.access_key or None,
            aws_secret_access_key=server.secret_key.get_secret_value() or None,
            config=config,
        )


@contextmanager
def _there_or_gone() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) in _MISSING:
            raise gone() from error
        raise


def _prefix(account_id: str) -> str:
    return f"exports/{account_id}/"


def _key(archive: Archive) -> str:
    return f"exports/{archive.name}"
