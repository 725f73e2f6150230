"""The report of an export as PDF: what is inside, in the customer's language."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from babel.dates import format_datetime, get_timezone, get_timezone_gmt
from babel.numbers import format_decimal

from models.export import ExportFile, Manifest

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Your data",
        "about": "Prepared on {at} for {name} (account {account}).",
        "since": "It holds what was made or changed since {since}.",
        "section": "Section",
        "state": "State",
        "rows": "Rows",
        "files": "Files",
        "total": "Together",
        "table": "Table",
        "open": "Each table is there twice: as CSV for spreadsheets and as JSON for programs. A text that a "
        "spreadsheet would run as a formula has an apostrophe before it in the CSV file; the JSON file has it as it is.",
        "check": "manifest.json lists each file with its SHA-256, so that you can check that nothing was lost.",
        "account": "User data and account information",
        "content": "Content that you created",
        "usage": "Usage reports and analytics",
        "integrations": "Integrations and configurations",
        "reports": "Generated reports and outputs",
        "included": "included",
        "empty": "empty",
        "not_applicable": "not applicable",
    },
    "ms": {
        "title": "Data anda",
        "about": "Disediakan pada {at} untuk {name} (akaun {account}).",
        "since": "Mengandungi apa yang dicipta atau diubah sejak {since}.",
        "section": "Bahagian",
        "state": "Keadaan",
        "rows": "Baris",
        "files": "Fail",
        "total": "Jumlah",
        "table": "Jadual",
        "open": "Setiap jadual disertakan dua kali: sebagai CSV untuk hamparan dan sebagai JSON untuk program. Teks yang "
        "akan dijalankan oleh hamparan sebagai formula diberi tanda apostrof di hadapannya dalam fail CSV; fail JSON "
        "mengekalkannya seperti asal.",
        "check": "manifest.json menyenaraikan setiap fail dengan SHA-256, supaya anda boleh menyemak tiada yang hilang.",
        "account": "Data pengguna dan maklumat akaun",
        "content": "Kandungan yang anda cipta",
        "usage": "Laporan penggunaan dan analitik",
        "integrations": "Integrasi dan konfigurasi",
        "reports": "Laporan dan hasil yang dijana",
        "included": "disertakan",
        "empty": "kosong",
        "not_applicable": "tidak berkenaan",
    },
    "id": {
        "title": "Data Anda",
        "about": "Disiapkan pada {at} untuk {name} (akun {account}).",
        "since": "Berisi apa yang dibuat atau diubah sejak {since}.",
        "section": "Bagian",
        "state": "Keadaan",
        "rows": "Baris",
        "files": "Berkas",
        "total": "Jumlah",
        "table": "Tabel",
        "open": "Setiap tabel disertakan dua kali: sebagai CSV untuk lembar kerja dan sebagai JSON untuk program. Teks yang "
        "akan dijalankan lembar kerja sebagai rumus diberi tanda apostrof di depannya dalam berkas CSV; berkas JSON "
        "memuatnya apa adanya.",
        "check": "manifest.json memuat setiap berkas dengan SHA-256, agar Anda dapat memeriksa bahwa tidak ada yang hilang.",
        "account": "Data pengguna dan informasi akun",
        "content": "Konten yang Anda buat",
        "usage": "Laporan penggunaan dan analitik",
        "integrations": "Integrasi dan konfigurasi",
        "reports": "Laporan dan hasil yang dibuat",
        "included": "disertakan",
        "empty": "kosong",
        "not_applicable": "tidak berlaku",
    },
}
_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(margin: 2.4cm, numbering: "1 / 1")
#set text(font: "Noto Sans", size: 10.5pt, lang: data.language)
#set par(justify: false, leading: 0.75em)
#let listed(columns, head, rows) = table(
  columns: columns, inset: 8pt, stroke: 0.4pt + luma(180),
  align: (_, y) => left, fill: (_, y) => if y == 0 { luma(235) },
  table.header(..head.map(cell => strong(cell))), ..rows.flatten(),
)
#text(size: 22pt, weight: "bold", data.title)
#v(0.4em)
#for line in data.about [#line \\ ]
#v(0.8em)
#listed((1fr, auto, auto, auto), data.head, data.rows)
#v(0.8em)
#listed((1fr, auto), data.tables_head, data.tables)
#v(0.8em)
#data.open

#data.check
"""


def pdf(manifest: Manifest, locale: str) -> bytes:
    """The report, with dates and figures as the reader writes them; the same manifest gives the same bytes."""
    return printed(_PAGE, told(manifest, locale))


def told(manifest: Manifest, locale: str) -> Mapping[str, object]:
    """What the report says; a language that it does not know is read as English."""
    language = locale[:2].lower() if locale[:2].lower() in _WORDS else "en"
    words = _WORDS[language]
    known = {"name": manifest.account_name, "account": manifest.account_id}
    about = [words["about"].format(at=_moment(manifest.prepared_at, manifest.time_zone, language), **known)]
    if manifest.since is not None:
        about.append(words["since"].format(since=_moment(manifest.since, manifest.time_zone, language)))
    sections = [
        [words[each.section], words[each.state], _count(each.rows, language), str(len(each.files))]
        for each in manifest.sections
    ]
    rows, files = (sum(count) for count in zip(*((s.rows, len(s.files)) for s in manifest.sections), strict=True))
    sections.append([words["total"], "", _count(rows, language), str(files)])
    page: dict[str, object] = {
        "language": language,
        "about": about,
        "head": [words[name] for name in ("section", "state", "rows", "files")],
        "rows": sections,
        "tables_head": [words["table"], words["rows"]],
        "tables": [[Path(file.name).stem, _count(file.rows, language)] for file in _tables(manifest)],
    }
    return page | {name: words[name] for name in ("title", "open", "check")}


def _tables(manifest: Manifest) -> Iterator[ExportFile]:
    return (file for section in manifest.sections for file in section.files if file.name.endswith(".csv"))


def _moment(at: datetime, time_zone: str, language: str) -> str:
    zone = get_timezone(time_zone)
    return f"{format_datetime(at, 'd MMMM y, HH:mm', zone, locale=language)} {get_timezone_gmt(at.astimezone(zone))}"


def _count(number: int, language: str) -> str:
    return format_decimal(number, locale=language)


def printed(page: str, data: Mapping[str, object]) -> bytes:
    """A typst page with its data as a PDF, with the fonts that come with the program."""
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    made: Any = typst.compile(  # type: ignore[misc]
        page.encode(), font_paths=[_fonts()], ignore_system_fonts=True, sys_inputs=inputs
    )
    return bytes(made)


@lru_cache
def _fonts() -> str:
    return str(Path(str(importlib.resources.files("fontpkg_noto_sans"))))
