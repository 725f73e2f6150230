"""Exports in S3: their archives are behind a code, or a link for a while, and deleted in every version."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from adapters.exports.embedded import EmbeddedExports
from adapters.exports.port import ExportsPort
from models.faults import PermanentFault
from tests.exports import ACCOUNT, AT, MESSAGES, asked, silent
from tests.object_server import SECRET, ObjectDesk, error


@pytest.fixture
def places() -> tuple[str, str]:
    return ("sqlite", "s3")


# the code and its links
async def test_a_link_opens_the_archive_for_a_while_and_never_longer_than_the_code(
    exports: ExportsPort, objects: ObjectDesk
) -> None:
    receipt = await exports.prepare(asked(), silent)
    kept = await exports.find(receipt.id)
    link = await exports.link(kept.code, AT)
    query = parse_qs(urlsplit(link.url).query)
    assert (query["X-Amz-Expires"], link.until) == (["3600"], AT + timedelta(hours=1))
    assert SECRET not in link.url
    opened = httpx2.get(link.url)
    assert hashlib.sha256(opened.content).hexdigest() == receipt.sha256
    assert receipt.id in opened.headers["Content-Disposition"]
    late = kept.until - timedelta(minutes=5)
    assert parse_qs(urlsplit((await exports.link(kept.code, late)).url).query)["X-Amz-Expires"] == ["300"]
    with pytest.raises(PermanentFault, match="was good until"):
        await exports.link(kept.code, kept.until)
    await exports.extend(receipt.id, kept.until + timedelta(days=1))
    assert (await exports.link(kept.code, kept.until)).until == kept.until + timedelta(hours=1)


async def test_an_archive_that_is_gone_has_no_link(exports: ExportsPort, objects: ObjectDesk) -> None:
    code = (await exports.find((await exports.prepare(asked(), silent)).id)).code
    (key,) = objects.objects()
    objects.client.delete_object(Bucket=objects.bucket, Key=key)
    for asking in (exports.link(code, AT), exports.fetch(code, AT, Path("/dev/null"))):
        with pytest.raises(PermanentFault, match="is gone; ask for a new export"):
            await asking


async def test_what_a_case_needs_no_more_is_neither_here_nor_there(
    exports: ExportsPort, folder: Path, objects: ObjectDesk
) -> None:
    receipt = await exports.prepare(asked(), silent)
    assert list((folder / ACCOUNT).iterdir()) == []
    assert list(objects.objects()) == [f"exports/{ACCOUNT}/{receipt.id}.zip"]


async def test_erasing_leaves_no_version_and_no_half_upload_and_nothing_of_others_goes(
    exports: ExportsPort, objects: ObjectDesk
) -> None:  # OFFB-25
    versioned = {"Status": "Enabled"}
    objects.client.put_bucket_versioning(Bucket=objects.bucket, VersioningConfiguration=versioned)
    receipt = await exports.prepare(asked(), silent)
    mine, other = f"exports/{ACCOUNT}/{receipt.id}.zip", f"exports/{ACCOUNT}0/other.zip"
    objects.client.put_object(Bucket=objects.bucket, Key=mine, Body=b"an older state")
    objects.client.delete_object(Bucket=objects.bucket, Key=mine)
    objects.client.put_object(Bucket=objects.bucket, Key=other, Body=b"of another account")
    objects.client.create_multipart_upload(Bucket=objects.bucket, Key=mine)
    objects.client.create_multipart_upload(Bucket=objects.bucket, Key=other)
    assert await exports.remains(ACCOUNT) == 4
    assert await exports.erase(ACCOUNT) == 1
    assert await exports.remains(ACCOUNT) == 0
    assert (objects.objects(), objects.uploads()) == ({other: 18}, 1)


async def test_an_erasure_that_broke_is_taken_up(exports: ExportsPort, objects: ObjectDesk) -> None:
    await exports.prepare(asked(), silent)
    objects.instead.extend([error("403 No", "AccessDenied")])
    with pytest.raises(PermanentFault, match="not allowed to"):
        await exports.erase(ACCOUNT)
    assert await exports.remains(ACCOUNT) == 1
    await exports.erase(ACCOUNT)
    assert await exports.remains(ACCOUNT) == 0


async def test_a_link_from_a_folder_is_refused(exports: EmbeddedExports, folder: Path, clock: Any) -> None:
    within = EmbeddedExports(exports._database, exports._source, exports._crm, folder, MESSAGES, clock)
    code = (await within.find((await within.prepare(asked(), silent)).id)).code
    with pytest.raises(PermanentFault, match="use 'export fetch CODE --to FILE'"):
        await within.link(code, AT)
