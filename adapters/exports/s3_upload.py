"""A large file in parts: what a part of it was before, is not sent again, and what lies there in the end is proved."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from adapters.exports.s3_faults import code_of
from adapters.exports.store import Archive, Look
from models.faults import TransientFault

_PART, _MOST_PARTS = 16 << 20, 10_000
_CHUNK = 1 << 20


class Upload:
    """One object of a bucket. The memory it takes is that of one part, however large the file.

    ``part`` is the size of a part in bytes; a file that would have too many of them gets larger ones.
    """

    def __init__(self, client: Any, bucket: str, key: str, part: int = _PART) -> None:
        self._client = client
        self._object = {"Bucket": bucket, "Key": key}
        self._part = part

    def bring(self, archive: Archive, packed: Path, look: Look) -> None:
        """Have the file there whole, whatever an attempt before has done of it. Raises TransientFault where it is not."""
        part = max(self._part, -(-archive.bytes // _MOST_PARTS))
        if self._found() is None or not self._is_proved(archive, _tag(_digests(packed, part, look)), look):
            digests = self._sent(packed, part, look)
            if not self._is_proved(archive, _tag(digests), look):
                raise TransientFault(f"what the bucket has of {archive.id} is not what was sent; it is sent again")
        for upload in self._begun():
            self._client.abort_multipart_upload(**self._object, UploadId=upload)

    def _found(self) -> dict[str, Any] | None:
        try:
            return dict(self._client.head_object(**self._object))
        except ClientError as error:
            if code_of(error) in ("404", "NoSuchKey"):
                return None
            raise

    def _sent(self, packed: Path, part: int, look: Look) -> list[bytes]:
        upload, there = self._taken_up()
        sending: dict[str, Any] = {**self._object, "UploadId": upload}
        digests, tags = [], []
        for number, piece in enumerate(_pieces(packed, part), 1):
            look()
            digest = hashlib.md5(piece, usedforsecurity=False).digest()
            tag = there.get(number, "")
            if tag.strip('"') != digest.hex():
                checked = base64.b64encode(digest).decode()
                tag = self._client.upload_part(**sending, PartNumber=number, Body=piece, ContentMD5=checked)["ETag"]
            digests.append(digest)
            tags.append({"PartNumber": number, "ETag": tag})
        look()
        self._client.complete_multipart_upload(**sending, MultipartUpload={"Parts": tags})
        return digests

    def _taken_up(self) -> tuple[str, dict[int, str]]:
        """The upload that was begun last, with the parts that it has; without one, a new one."""
        for upload in self._begun():
            if (there := self._parts(upload)) is not None:
                return upload, there
        begun = self._client.create_multipart_upload(**self._object, ContentType="application/zip")
        return str(begun["UploadId"]), {}

    def _parts(self, upload: str) -> dict[int, str] | None:
        """The tags of the parts that an upload has; nothing of one that the service forgot meanwhile."""
        pages = self._client.get_paginator("list_parts").paginate(**self._object, UploadId=upload)
        try:
            return {part["PartNumber"]: part["ETag"] for page in pages for part in page.get("Parts", ())}
        except ClientError as error:
            if code_of(error) in ("404", "NoSuchUpload"):
                return None
            raise

    def _begun(self) -> list[str]:
        """Uploads of this object that were never completed, the latest first."""
        return [each["UploadId"] for each in begun(self._client, self._object["Bucket"], self._object["Key"])]

    def _is_proved(self, archive: Archive, tag: str, look: Look) -> bool:
        """Whether the object is the file: by the tag that the service made of its parts, or else read as a whole.

        A service that encrypts with keys of its own makes tags that say nothing.
        """
        found = self._found()
        if found is None or found["ContentLength"] != archive.bytes:
            return False
        return str(found["ETag"]).strip('"') == tag or self._read_back(look) == archive.sha256

    def _read_back(self, look: Look) -> str:
        digest = hashlib.sha256()
        for chunk in self._client.get_object(**self._object)["Body"].iter_chunks(_CHUNK):
            digest.update(chunk)
            look()
        return digest.hexdigest()


def begun(client: Any, bucket: str, prefix: str) -> list[dict[str, Any]]:
    """Uploads below a prefix that were never completed, the latest first."""
    pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix)
    found = [upload for page in pages for upload in page.get("Uploads", ()) if upload["Key"].startswith(prefix)]
    return sorted(found, key=lambda upload: str(upload.get("Initiated", "")), reverse=True)


def _pieces(packed: Path, part: int) -> Iterator[bytes]:
    with packed.open("rb") as file:
        while piece := file.read(part):
            yield piece


def _digests(packed: Path, part: int, look: Look) -> list[bytes]:
    digests = []
    for piece in _pieces(packed, part):
        look()
        digests.append(hashlib.md5(piece, usedforsecurity=False).digest())
    return digests


def _tag(digests: list[bytes]) -> str:
    """What S3 calls an object that came in parts."""
    return f"{hashlib.md5(b''.join(digests), usedforsecurity=False).hexdigest()}-{len(digests)}"
