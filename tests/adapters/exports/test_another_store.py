"""Archives that lie where the settings do not lead any more: nobody says that they are gone, and no only copy is deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.crm.port import CrmPort
from adapters.database import Database
from adapters.exports.embedded import EmbeddedExports
from adapters.exports.port import ExportsPort
from adapters.exports.s3 import S3Archives
from adapters.exports.store import ArchiveStore, FolderArchives
from models.faults import PermanentFault
from tests.adapters.conftest import WallClock
from tests.exports import ACCOUNT, AT, MESSAGES, Watched, asked, silent
from tests.object_server import ObjectDesk

Moved = Callable[[ArchiveStore], EmbeddedExports]


@pytest.fixture
def places() -> tuple[str, str]:
    return ("sqlite", "s3")


@pytest.fixture
def moved(
    exports: ExportsPort, database: Database, crm: CrmPort, source: Watched, folder: Path, clock: WallClock
) -> Moved:
    """The same exports after the settings were changed to another store."""
    assert isinstance(exports, EmbeddedExports)
    return lambda store: EmbeddedExports(database, source, crm, folder, MESSAGES, clock, store)


@pytest.fixture
def other(objects: ObjectDesk) -> S3Archives:
    """Another bucket of the same service."""
    region = {"LocationConstraint": "ap-southeast-1"}
    objects.client.create_bucket(Bucket=f"{objects.bucket}-2", CreateBucketConfiguration=region)
    return S3Archives(objects.at(bucket=f"{objects.bucket}-2"))


async def test_what_lies_in_a_bucket_is_not_erased_from_a_folder(
    exports: ExportsPort, moved: Moved, folder: Path, objects: ObjectDesk
) -> None:  # OFFB-25
    await exports.prepare(asked(), silent)
    within = moved(FolderArchives(folder))
    for asking in (within.erase(ACCOUNT), within.remains(ACCOUNT)):
        with pytest.raises(PermanentFault, match=f"lie in .*, bucket {objects.bucket}; set FOLLOWTHROUGH_FILES"):
            await asking
    assert await exports.erase(ACCOUNT) == 1
    assert (objects.objects(), await exports.remains(ACCOUNT)) == ({}, 0)
    assert (await within.erase(ACCOUNT), await within.remains(ACCOUNT)) == (0, 0)


async def test_what_lies_in_two_buckets_is_erased_from_one_after_the_other(
    exports: ExportsPort, moved: Moved, other: S3Archives, objects: ObjectDesk
) -> None:
    await exports.prepare(asked(), silent)
    later = moved(other)
    await later.prepare(asked("can-2/export/1"), silent)
    with pytest.raises(PermanentFault, match=f"bucket {objects.bucket};"):
        await later.erase(ACCOUNT)
    await exports.erase(ACCOUNT)
    assert (await exports.remains(ACCOUNT), await later.remains(ACCOUNT)) == (0, 0)


async def test_what_lies_in_the_folder_outlives_a_repeated_export_and_is_erased_from_anywhere(
    exports: ExportsPort, moved: Moved, folder: Path, tmp_path: Path
) -> None:
    within = moved(FolderArchives(folder))
    code = (await within.find((await within.prepare(asked(), silent)).id)).code
    assert (await exports.prepare(asked(), silent)).replayed
    await within.fetch(code, AT, tmp_path / "back")
    assert await exports.remains(ACCOUNT) == 1
    assert (await exports.erase(ACCOUNT), await exports.remains(ACCOUNT)) == (1, 0)


async def test_a_code_says_where_its_archive_lies(exports: ExportsPort, moved: Moved, folder: Path) -> None:
    within = moved(FolderArchives(folder))
    code = (await within.find((await within.prepare(asked(), silent)).id)).code
    for asking in (exports.fetch(code, AT, Path("/dev/null")), exports.link(code, AT)):
        with pytest.raises(PermanentFault, match="lies in the folder; set FOLLOWTHROUGH_FILES"):
            await asking
