"""The report of an export as PDF: what is inside, in the customer's language."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from models.export import Manifest, Section, SectionState

_WORDS = {
    "en": {
        "title": "Your data",
        "about": "Prepared on {at} for account {account}.",
        "since": "It holds what was made or changed since {since}.",
        "head": ("Section", "State", "Rows", "Files"),
        "check": "manifest.json lists each file with its SHA-256, so that you can check that nothing was lost.",
        Section.ACCOUNT: "User data and account information",
        Section.CONTENT: "Content that you created",
        Section.USAGE: "Usage reports and analytics",
        Section.INTEGRATIONS: "Integrations and configurations",
        Section.REPORTS: "Generated reports and outputs",
        SectionState.INCLUDED: "included",
        SectionState.EMPTY: "empty",
        SectionState.NOT_APPLICABLE: "not applicable",
    },
    "ms": {
        "title": "Data anda",
        "about": "Disediakan pada {at} untuk akaun {account}.",
        "since": "Mengandungi apa yang dicipta atau diubah sejak {since}.",
        "head": ("Bahagian", "Keadaan", "Baris", "Fail"),
        "check": "manifest.json menyenaraikan setiap fail dengan SHA-256, supaya anda boleh menyemak tiada yang hilang.",
        Section.ACCOUNT: "Data pengguna dan maklumat akaun",
        Section.CONTENT: "Kandungan yang anda cipta",
        Section.USAGE: "Laporan penggunaan dan analitik",
        Section.INTEGRATIONS: "Integrasi dan konfigurasi",
        Section.REPORTS: "Laporan dan hasil yang dijana",
        SectionState.INCLUDED: "disertakan",
        SectionState.EMPTY: "kosong",
        SectionState.NOT_APPLICABLE: "tidak berkenaan",
    },
    "id": {
        "title": "Data Anda",
        "about": "Disiapkan pada {at} untuk akun {account}.",
        "since": "Berisi apa yang dibuat atau diubah sejak {since}.",
        "head": ("Bagian", "Keadaan", "Baris", "Berkas"),
        "check": "manifest.json memuat setiap berkas dengan SHA-256, agar Anda dapat memeriksa bahwa tidak ada yang hilang.",
        Section.ACCOUNT: "Data pengguna dan informasi akun",
        Section.CONTENT: "Konten yang Anda buat",
        Section.USAGE: "Laporan penggunaan dan analitik",
        Section.INTEGRATIONS: "Integrasi dan konfigurasi",
        Section.REPORTS: "Laporan dan hasil yang dibuat",
        SectionState.INCLUDED: "disertakan",
        SectionState.EMPTY: "kosong",
        SectionState.NOT_APPLICABLE: "tidak berlaku",
    },
}
_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(margin: 2.4cm)
#set text(font: "Noto Sans", size: 10.5pt)
#set par(justify: false, leading: 0.75em)
#text(size: 22pt, weight: "bold", data.title)
#v(0.4em)
#for line in data.about [#line \\ ]
#v(0.8em)
#table(
  columns: (1fr, auto, auto, auto), inset: 8pt, stroke: 0.4pt + luma(180),
  fill: (_, y) => if y == 0 { luma(235) },
  ..data.head.map(cell => strong(cell)), ..data.rows.flatten(),
)
#v(0.8em)
#data.check
"""


def pdf(manifest: Manifest, locale: str) -> bytes:
    """The report; the same manifest gives the same bytes."""
    words = _WORDS.get(locale[:2].lower(), _WORDS["en"])
    at, account = f"{manifest.prepared_at:%Y-%m-%d %H:%M} UTC", manifest.account_id
    about = [str(words["about"]).format(at=at, account=account)]
    about += [str(words["since"]).format(since=f"{manifest.since:%Y-%m-%d}")] if manifest.since else []
    rows = [[words[s.section], words[s.state], f"{s.rows:,}", str(len(s.files))] for s in manifest.sections]
    data = {"title": words["title"], "about": about, "head": words["head"], "rows": rows, "check": words["check"]}
    return printed(_PAGE, data)


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
