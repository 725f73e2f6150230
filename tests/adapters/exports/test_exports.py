"""Exports: everything a customer has, in files that people can open, whole or not at all, and fetched with a code."""

from __future__ import annotations

import asyncio
import hashlib
import io
import stat
import tempfile
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from adapters.database import Database
from adapters.exports.port import ExportsPort
from adapters.exports.report import Report
from models.export import (
    ExportFile,
    ExportProgress,
    ExportReceipt,
    Manifest,
    Section,
    SectionState,
    SectionStatus,
)
from models.faults import PermanentFault, TransientFault
from tests.exports import ACCOUNT, AT, MESSAGES, Product, Watched, asked, ids, lines_of, manifest_of, objects_of, silent

LATER = "2026-02-03T00:00:00"


async def fetched(exports: ExportsPort, code: str, at: datetime = AT) -> io.BytesIO:
    with tempfile.TemporaryDirectory() as folder:
        await exports.fetch(code, at, Path(folder) / "fetched.zip")
        return io.BytesIO((Path(folder) / "fetched.zip").read_bytes())


async def archive_of(exports: ExportsPort, receipt: ExportReceipt) -> io.BytesIO:
    return await fetched(exports, (await exports.find(receipt.id)).code)


def found(folder: Path, pattern: str) -> list[Path]:
    return list(folder.rglob(pattern))


def damage(folder: Path, name: str) -> None:
    (part,) = found(folder, name)
    part.write_bytes(part.read_bytes().replace(b"note 2", b"note X"))


async def refusal(exports: ExportsPort, code: str, at: datetime = AT) -> tuple[str, str]:
    with pytest.raises(PermanentFault) as refused:
        await fetched(exports, code, at)
    return refused.value.kind, refused.value.sentence


# OFFB-11, OFFB-14
async def test_each_of_the_five_sections_has_its_status(exports: ExportsPort) -> None:
    receipt = await exports.prepare(asked(), silent)
    states = {status.section.value: (status.state.value, status.rows) for status in receipt.sections}
    assert states == {
        "account": ("included", 1),
        "content": ("included", 6),
        "usage": ("included", 1),
        "integrations": ("not_applicable", 0),
        "reports": ("empty", 0),
    }


# OFFB-8
async def test_a_table_is_there_as_csv_and_as_json_and_holds_nobody_elses_rows(exports: ExportsPort) -> None:
    archive = await archive_of(exports, await exports.prepare(asked(), silent))
    assert lines_of(archive, "account_users") == [
        ["id", "name", "updated_at"],
        ["u1", "Sri Wahyuni", "2026-02-01T00:00:00"],
    ]
    assert objects_of(archive, "account_users") == [
        {"id": "u1", "name": "Sri Wahyuni", "updated_at": "2026-02-01T00:00:00"}
    ]


async def test_a_table_without_rows_is_there_with_its_heads(exports: ExportsPort) -> None:
    archive = await archive_of(exports, await exports.prepare(asked(), silent))
    assert lines_of(archive, "reports_made") == [["id", "title", "updated_at"]]
    assert objects_of(archive, "reports_made") == []


# OFFB-14
async def test_the_manifest_has_the_digest_and_the_size_of_every_file(exports: ExportsPort) -> None:
    receipt = await exports.prepare(asked(), silent)
    archive = await archive_of(exports, receipt)
    held = archive.getvalue()
    assert (hashlib.sha256(held).hexdigest(), len(held)) == (receipt.sha256, receipt.bytes)
    with zipfile.ZipFile(archive) as packed:
        named = {file.name: (file.sha256, file.bytes) for file in manifest_of(archive).files()}
        there = {name: packed.read(name) for name in packed.namelist() if name != "manifest.json"}
    assert named == {name: (hashlib.sha256(held).hexdigest(), len(held)) for name, held in there.items()}
    assert len(named) == 2 * 5 + 1


async def test_a_cell_that_a_spreadsheet_would_run_is_harmless_and_the_manifest_says_so(
    exports: ExportsPort, product: Product
) -> None:
    nasty = ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a "quoted", one', "two\nlines", "plain"]
    product.put("reports_made", *((f"r{n}", ACCOUNT, text, None) for n, text in enumerate(nasty)))
    archive = await archive_of(exports, await exports.prepare(asked(), silent))
    cells = [line[1] for line in lines_of(archive, "reports_made")[1:]]
    assert cells == [f"'{text}" for text in nasty[:6]] + nasty[6:]
    assert [row["title"] for row in objects_of(archive, "reports_made")] == nasty
    assert any("apostrophe" in remark for remark in manifest_of(archive).remarks)


async def test_a_number_below_zero_stays_a_number(exports: ExportsPort, product: Product) -> None:
    product.put("usage_days", ("d2", ACCOUNT, -3, LATER))
    archive = await archive_of(exports, await exports.prepare(asked(), silent))
    assert lines_of(archive, "usage_days")[2][1] == "-3"
    assert objects_of(archive, "usage_days")[1]["logins"] == -3


# OFFB-10: the final export of what was made since the first
async def test_an_export_of_changes_holds_what_changed_and_says_where_it_cannot_tell(exports: ExportsPort) -> None:
    since = datetime(2026, 2, 3, tzinfo=UTC)
    archive = await archive_of(exports, await exports.prepare(asked(since=since), silent))
    assert ids(objects_of(archive, "content_notes")) == ["n3", "n4", "n5"]
    assert ids(objects_of(archive, "account_users")) == []
    assert ids(objects_of(archive, "content_shares")) == ["s1"]
    (told,) = [remark for remark in manifest_of(archive).remarks if remark.startswith("Changes:")]
    assert "content_shares" in told


@pytest.mark.parametrize(
    ("locale", "title", "about", "count"),
    [
        (
            "en",
            "Your data",
            "Prepared on Monday, March 2, 2026, 4:00 PM (Western Indonesia Time) for Kopi Puncak Group (account acc-0001).",
            "12,345",
        ),
        (
            "ms-MY",
            "Data anda",
            "Disediakan pada Isnin, 2 Mac 2026, 4:00 PTG (Waktu Indonesia Barat) untuk Kopi",
            "12,345",
        ),
        ("id", "Data Anda", "Disiapkan pada Senin, 2 Maret 2026, 16.00 (Waktu Indonesia Barat) untuk Kopi", "12.345"),
        ("fr", "Your data", "Prepared on Monday, March 2, 2026", "12,345"),
    ],
)
def test_the_report_speaks_the_language_of_the_customer_and_their_time(
    locale: str, title: str, about: str, count: str
) -> None:
    file = ExportFile(name="usage_days.csv", sha256="0", bytes=1, rows=12_345)
    status = SectionStatus(section=Section.USAGE, state=SectionState.INCLUDED, rows=12_345, files=(file,))
    known = {"account_id": ACCOUNT, "account_name": "Kopi Puncak Group", "time_zone": "Asia/Jakarta"}
    page = Report(MESSAGES).told(Manifest(**known, prepared_at=AT, sections=(status,)), locale)
    assert page["title"] == title
    assert page["about"][0].replace("\u202f", " ").startswith(about)  # type: ignore[index]
    assert page["tables"] == [["usage_days", count]]


async def test_the_report_is_a_pdf(exports: ExportsPort) -> None:
    archive = await archive_of(exports, await exports.prepare(asked(locale="id"), silent))
    with zipfile.ZipFile(archive) as packed:
        assert packed.read("report.pdf").startswith(b"%PDF-")


# the same key again
async def test_the_same_key_gives_the_first_receipt_and_reads_nothing(exports: ExportsPort, source: Watched) -> None:
    first = await exports.prepare(asked(), silent)
    source.read.clear()
    again = await exports.prepare(asked(), silent)
    assert again == first.model_copy(update={"replayed": True})
    assert source.read == []


# OFFB-14
async def test_after_a_crash_in_the_middle_finished_tables_are_kept_and_the_half_one_is_begun_anew(
    exports: ExportsPort, source: Watched, folder: Path
) -> None:
    source.dies_at = ("content_notes", 3)
    with pytest.raises(ConnectionResetError):
        await exports.prepare(asked(), silent)
    assert found(folder, "*.zip") == []
    source.dies_at = None
    source.read.clear()
    archive = await archive_of(exports, await exports.prepare(asked(), silent))
    assert source.read == ["content_notes", "content_shares", "reports_made", "usage_days"]
    assert ids(objects_of(archive, "content_notes")) == ["n1", "n2", "n3", "n4", "n5"]
    assert {path.suffix for path in (folder / ACCOUNT).iterdir()} <= {".zip"}
    assert await exports.remains(ACCOUNT) == 1


async def test_a_part_that_was_damaged_meanwhile_is_written_anew(
    exports: ExportsPort, source: Watched, folder: Path
) -> None:
    source.dies_at = ("usage_days", 0)
    with pytest.raises(ConnectionResetError):
        await exports.prepare(asked(), silent)
    source.dies_at = None
    damage(folder, "content_notes.csv")
    with pytest.raises(TransientFault, match=r"content_notes\.csv was damaged"):
        await exports.prepare(asked(), silent)
    archive = await archive_of(exports, await exports.prepare(asked(), silent))
    assert [row["body"] for row in objects_of(archive, "content_notes")][1] == "note 2"
    assert lines_of(archive, "content_notes")[2][1] == "note 2"


async def test_two_attempts_at_once_do_not_write_over_each_other(exports: ExportsPort) -> None:
    ends = await asyncio.gather(*(exports.prepare(asked(), silent) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(end, ExportReceipt | TransientFault) for end in ends)
    assert any(isinstance(end, ExportReceipt) for end in ends)
    assert manifest_of(await archive_of(exports, await exports.prepare(asked(), silent))).account_id == ACCOUNT


async def test_progress_names_the_table_and_what_is_done(exports: ExportsPort) -> None:
    told: list[ExportProgress] = []
    await exports.prepare(asked(), told.append)
    assert ExportProgress(finished=1, tables=5, under_way="content_notes", rows=5) in told
    assert told[-1].under_way.endswith(".zip")


async def test_an_unknown_account_is_refused_and_leaves_nothing(exports: ExportsPort, folder: Path) -> None:
    with pytest.raises(PermanentFault) as refused:
        await exports.prepare(asked(account_id="acc-9999"), silent)
    assert refused.value.kind == "UnknownAccount"
    assert found(folder, "*") == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("create table content_loose (id text primary key)", "'content_loose' belongs to no customer"),
        ("create table audit (id text, account_id text)", "'audit' belongs to no customer"),
        ('create table "content_../x" (id text, account_id text)', "belongs to no customer"),
    ],
)
async def test_a_table_that_would_be_left_out_in_silence_stops_the_export(
    exports: ExportsPort, product: Product, statement: str, sentence: str
) -> None:
    product.run(statement)
    with pytest.raises(PermanentFault, match=sentence):
        await exports.prepare(asked(), silent)


async def test_a_product_without_tables_is_a_mistake_and_no_empty_export(
    exports: ExportsPort, product: Product, folder: Path
) -> None:
    product.file.unlink()
    with pytest.raises(PermanentFault, match="FOLLOWTHROUGH_PRODUCT_DATA"):
        await exports.prepare(asked(), silent)
    assert found(folder, "*.zip") == []


async def test_a_code_is_good_until_its_end_and_however_it_is_typed(exports: ExportsPort) -> None:
    receipt = await exports.prepare(asked(), silent)
    kept = await exports.find(receipt.id)
    last = kept.until - timedelta(seconds=1)
    typed, as_sent = await fetched(exports, f" {kept.code.lower()}\n", last), await fetched(exports, kept.code)
    assert typed.getvalue() == as_sent.getvalue()
    kind, sentence = await refusal(exports, kept.code, kept.until)
    assert (kind, sentence) == (
        "Expired",
        "this download code was good until 2026-05-31 09:00 UTC; ask for a new export",
    )


async def test_a_code_is_made_good_for_longer_and_never_for_shorter(exports: ExportsPort) -> None:  # OFFB-24
    receipt = await exports.prepare(asked(), silent)
    first, later = AT + timedelta(days=90), AT + timedelta(days=200)
    code = (await exports.extend(receipt.id, later)).code
    assert (await exports.extend(receipt.id, first)).until == later
    assert (await fetched(exports, code, first + timedelta(days=1))).getvalue()


async def test_a_wrong_code_and_none_at_all_fetch_nothing(exports: ExportsPort) -> None:
    await exports.prepare(asked(), silent)
    assert {(await refusal(exports, code))[0] for code in ("", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")} == {"UnknownExport"}


async def test_the_database_does_not_know_a_code_and_only_its_owner_reads_the_secret(
    exports: ExportsPort, database: Database, folder: Path
) -> None:
    receipt = await exports.prepare(asked(), silent)
    code = (await exports.find(receipt.id)).code
    async with database.reading() as session:
        tables = SQLModel.metadata.tables.values()
        kept = "\n".join([str(row) for table in tables for row in await session.execute(select(table))])
    assert receipt.id in kept
    assert code not in kept
    assert stat.S_IMODE((folder / ".secret").stat().st_mode) == 0o600


async def test_without_its_secret_a_code_that_was_sent_still_opens_and_no_other_is_shown(
    exports: ExportsPort, folder: Path
) -> None:
    receipt = await exports.prepare(asked(), silent)
    code = (await exports.find(receipt.id)).code
    (folder / ".secret").unlink()
    assert (await exports.find(receipt.id)).code == ""
    assert hashlib.sha256((await fetched(exports, code)).getvalue()).hexdigest() == receipt.sha256


async def test_erasing_revokes_the_codes_and_leaves_no_file_of_the_account(
    exports: ExportsPort, source: Watched, folder: Path
) -> None:
    code = (await exports.find((await exports.prepare(asked(), silent)).id)).code
    source.dies_at = ("usage_days", 0)
    with pytest.raises(ConnectionResetError):
        await exports.prepare(asked("case-1/delta"), silent)
    assert await exports.remains(ACCOUNT) > 1
    assert await exports.erase(ACCOUNT) == 1
    assert await exports.remains(ACCOUNT) == 0
    assert (await refusal(exports, code))[0] == "UnknownExport"
    assert not (folder / ACCOUNT).exists()
    assert [kept.code for kept in await exports.of_account(ACCOUNT)] == [""]
    assert await exports.erase(ACCOUNT) == 0
