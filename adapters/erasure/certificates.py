"""Certificates of deletion as PDF files: what, where, when, how, who verified, and what is not erased, and why."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.exports.report import printed
from adapters.rows import stable_id
from models.erasing import IssueCertificate
from models.faults import PermanentFault
from models.retention import ErasureMethod

_WORDS = {
    "en": {
        "title": "Certificate of deletion",
        "number": "Certificate {number}",
        "about": "The data of account {account} was deleted on {day} (UTC).",
        "verified": "Verified by {person} on {issued}, store by store.",
        "head": ["Store", "What", "How", "Entries"],
        "kept": "What is not deleted, and why",
        "backups": "Backups that hold the data are purged by {backups}.",
        "nothing": "Nothing else is kept.",
        ErasureMethod.DELETED: "deleted",
        ErasureMethod.NAMES_REMOVED: "names removed",
    },
    "ms": {
        "title": "Sijil pemadaman",
        "number": "Sijil {number}",
        "about": "Data akaun {account} telah dipadamkan pada {day} (UTC).",
        "verified": "Disahkan oleh {person} pada {issued}, satu demi satu storan.",
        "head": ["Storan", "Apa", "Cara", "Entri"],
        "kept": "Apa yang tidak dipadamkan, dan sebabnya",
        "backups": "Sandaran yang mengandungi data dibersihkan selewat-lewatnya {backups}.",
        "nothing": "Tiada yang lain disimpan.",
        ErasureMethod.DELETED: "dipadamkan",
        ErasureMethod.NAMES_REMOVED: "nama dibuang",
    },
    "id": {
        "title": "Sertifikat penghapusan",
        "number": "Sertifikat {number}",
        "about": "Data akun {account} dihapus pada {day} (UTC).",
        "verified": "Diverifikasi oleh {person} pada {issued}, satu per satu penyimpanan.",
        "head": ["Penyimpanan", "Apa", "Cara", "Entri"],
        "kept": "Apa yang tidak dihapus, dan alasannya",
        "backups": "Cadangan yang memuat data dibersihkan paling lambat {backups}.",
        "nothing": "Tidak ada lagi yang disimpan.",
        ErasureMethod.DELETED: "dihapus",
        ErasureMethod.NAMES_REMOVED: "nama dihilangkan",
    },
}
_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(margin: 2.4cm)
#set text(font: "Noto Sans", size: 10.5pt)
#text(size: 22pt, weight: "bold", data.title)
#v(0.2em)
#text(fill: luma(90), data.number)
#v(0.6em)
#data.about
#v(0.4em)
#data.verified
#v(0.8em)
#table(
  columns: (auto, 1fr, auto, auto), inset: 8pt, stroke: 0.4pt + luma(180),
  fill: (_, y) => if y == 0 { luma(235) },
  ..data.head.map(cell => strong(cell)), ..data.rows.flatten(),
)
#v(0.8em)
#strong(data.kept_title)
#for line in data.kept [\\ #line]
#v(0.4em)
#data.backups
"""


class Certificates:
    """CertificatesPort in a folder of the instance."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def issue(self, request: IssueCertificate) -> str:
        """See CertificatesPort."""
        number = stable_id("cert", request.key)
        await asyncio.to_thread(self._write, number, request)
        return number

    async def find(self, number: str) -> Path:
        """See CertificatesPort."""
        path = self._folder / f"{number}.pdf"
        if not path.is_file():
            raise PermanentFault("UnknownCertificate", f"there is no certificate '{number}'; see 'retention status'")
        return path

    def _write(self, number: str, request: IssueCertificate) -> None:
        path = self._folder / f"{number}.pdf"
        if path.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        begun = path.with_suffix(".part")
        begun.write_bytes(_pdf(number, request))
        begun.replace(path)


def _pdf(number: str, request: IssueCertificate) -> bytes:
    words = _WORDS.get(request.locale[:2].lower(), _WORDS["en"])
    rows = [[s.store, s.what, words[s.method], f"{s.rows:,}"] for s in request.stores]
    kept = [f"{s.store}: {s.kept}" for s in request.stores if s.kept] or [str(words["nothing"])]
    data = {
        "title": words["title"],
        "number": str(words["number"]).format(number=number),
        "about": str(words["about"]).format(account=request.account_id, day=f"{request.deleted_at:%Y-%m-%d %H:%M}"),
        "verified": str(words["verified"]).format(person=request.verified_by, issued=f"{request.at:%Y-%m-%d}"),
        "head": words["head"],
        "rows": rows,
        "kept_title": words["kept"],
        "kept": kept,
        "backups": str(words["backups"]).format(backups=request.backups_until),
    }
    return printed(_PAGE, data)
