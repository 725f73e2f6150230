"""Exports on the command line: what is in them, fetching them as the customer would, and whether they are whole."""

from __future__ import annotations

import asyncio
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from adapters.exports.port import KeptExport
from models.export import PrepareExport
from parts import open_parts
from settings import Settings
from tests.cli.conftest import run
from tests.company import moved_in
from tests.exports import silent
from tests.object_server import SECRET, object_desk

ACCOUNT = "acc-0003"


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    """An instance with the sample and its small product, and without a server: exports need none."""
    return moved_in(founded, tmp_path / "home").home


async def _prepared(home: Path, key: str, until: datetime, **more: str) -> KeptExport:
    async with open_parts(Settings.model_validate({"home": home} | more)) as parts:
        now = datetime.now(UTC)
        asked = PrepareExport(key=key, case_id="case-1", account_id=ACCOUNT, at=now, link_until=until, locale="id")
        return await parts.exports.find((await parts.exports.prepare(asked, silent)).id)


@pytest.fixture
def kept(home: Path) -> KeptExport:
    return asyncio.run(_prepared(home, "case-1/export", datetime.now(UTC) + timedelta(days=90)))


@pytest.fixture
def archive(home: Path, kept: KeptExport, tmp_path: Path) -> Path:
    """The archive, as the customer fetched it."""
    file = tmp_path / "data.zip"
    assert run(home, "export", "fetch", kept.code, "--to", str(file)).exit_code == 0
    return file


def test_a_link_is_had_where_archives_lie_in_s3_and_is_refused_where_in_a_folder(home: Path, kept: KeptExport) -> None:
    refused = run(home, "export", "link", kept.code)
    assert (refused.exit_code != 0, "use 'export fetch CODE --to FILE'" in refused.output) == (True, True)
    with object_desk() as objects:
        s3 = {"files": "s3", "s3_bucket": objects.bucket, "s3_endpoint": objects.at().endpoint}
        s3 |= {"s3_region": objects.at().region, "s3_access_key": "AKIAEXAMPLE", "s3_secret_key": SECRET}
        named = {f"FOLLOWTHROUGH_{name.upper()}": value for name, value in s3.items()}
        there = asyncio.run(_prepared(home, "case-1/export/2", datetime.now(UTC) + timedelta(days=90), **s3))
        told = json.loads(run(home, "export", "link", there.code, "--json", **named).stdout)
        assert len(httpx2.get(told["url"]).content) == there.bytes
        assert "lies in the folder; set FOLLOWTHROUGH_FILES" in run(home, "export", "link", kept.code, **named).output
        objects.client.put_object(Bucket=objects.bucket, Key=f"exports/{ACCOUNT}/{there.id}.zip", Body=b"another")
        damaged = run(home, "export", "fetch", there.code, "--to", str(home / "data.zip"), **named)
    assert "is not what was put there" in damaged.output
    assert list(home.glob("data.zip*")) == []


# OFFB-11, OFFB-14
@pytest.mark.parametrize("by", ["account", "id"])
def test_show_names_each_section_with_its_state_and_rows(home: Path, kept: KeptExport, by: str) -> None:
    result = run(home, "export", "show", ACCOUNT if by == "account" else kept.id)
    assert result.exit_code == 0, result.output
    told = {line.split()[0]: line.split()[1:3] for line in result.stdout.splitlines() if "included" in line}
    assert told == {
        "account": ["included", "2"],
        "content": ["included", "17"],
        "usage": ["included", "3"],
        "integrations": ["included", "5"],
        "reports": ["included", "2"],
    }
    assert kept.code in result.stdout


def test_show_gives_the_manifest_as_json(home: Path, kept: KeptExport) -> None:
    (told,) = json.loads(run(home, "export", "show", ACCOUNT, "--json").stdout)
    assert told["manifest"]["sections"][0]["files"][0]["sha256"] == kept.manifest.sections[0].files[0].sha256


def test_what_was_fetched_is_whole(home: Path, archive: Path) -> None:
    result = run(home, "export", "verify", str(archive))
    assert (result.exit_code, result.stdout.strip()) == (0, "15 files, each as the manifest says")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"usage_months.csv": b"changed"}, "usage_months.csv"),
        ({"usage_months.csv": None}, "usage_months.csv"),
        ({"more.csv": b"added"}, "more.csv"),
    ],
)
def test_a_file_that_was_changed_or_left_out_or_added_is_named(
    home: Path, archive: Path, tmp_path: Path, change: dict[str, bytes | None], named: str
) -> None:
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        held = {name: whole.read(name) for name in whole.namelist()} | change
        for name, content in held.items():
            if content is not None:
                bad.writestr(name, content)
    result = run(home, "export", "verify", str(tmp_path / "bad.zip"))
    assert (result.exit_code, result.stdout.strip()) == (5, f"not as the manifest says: {named}")


def test_a_code_that_is_too_old_is_refused_with_one_sentence(home: Path, tmp_path: Path) -> None:
    old = asyncio.run(_prepared(home, "case-1/old", datetime.now(UTC) - timedelta(days=1)))
    result = run(home, "export", "fetch", old.code, "--to", str(tmp_path / "x.zip"))
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.strip().startswith("refused (Expired): this download code was good until ")
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("show", "acc-9999"), 4, "acc-9999"),
        (("show", "exp-nowhere"), 4, "there is no export 'exp-nowhere'"),
        (("fetch", "AAAA-BBBB", "--to", "x.zip"), 4, "there is no export for this download code"),
        (("verify", "nowhere.zip"), 5, "nowhere.zip is no export that can be read"),
    ],
)
def test_what_is_not_there_is_refused(home: Path, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    result = run(home, "export", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_place_that_cannot_be_written_is_refused_and_leaves_nothing(home: Path, kept: KeptExport) -> None:
    result = run(home, "export", "fetch", kept.code, "--to", "/nowhere/x.zip")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "/nowhere/x.zip cannot be written" in result.stderr
