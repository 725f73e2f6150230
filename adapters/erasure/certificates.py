"""Certificates of deletion as PDF files: what, where, when, how, who verified, and what is not erased, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from adapters.crm.port import CrmPort
from adapters.directory.port import DirectoryPort
from adapters.erasure.telling import WORDS, Telling
from adapters.exports.report import printed
from adapters.invoices.embedded import Party
from adapters.letters.templates import Templates
from adapters.rows import stable_id
from models.case import RefusalType
from models.erasing import IssueCertificate
from models.faults import PermanentFault
from models.retention import Erased, ErasureMethod

_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(margin: 2.4cm, numbering: "1 / 1")
#set text(size: 10.5pt, lang: data.language)
#set par(justify: false, leading: 0.75em)
#text(size: 22pt, weight: "bold", data.title)
#v(0.2em)
#text(fill: luma(90), data.number)
#v(0.6em)
#data.about
#v(0.4em)
#data.issuer.join(linebreak())
#v(0.4em)
#data.verified
#v(0.8em)
#table(
  columns: (22%, 1fr, 19%, auto), inset: 8pt, stroke: 0.4pt + luma(180),
  align: (x, _) => if x == 3 { right } else { left }, fill: (_, y) => if y == 0 { luma(235) },
  table.header(..data.head.map(cell => strong(cell))), ..data.rows.flatten(),
)
#v(0.8em)
#strong(data.kept_title)
#list(..data.kept, spacing: 0.9em)
#v(0.4em)
#data.backups
"""


class Certificates:
    """CertificatesPort in a folder of the instance, in the words of the messages folder; people by their names.

    The customer is named as the CRM still does; ``issuer`` is the company that deleted.
    """

    def __init__(self, folder: Path, messages: Path, directory: DirectoryPort, crm: CrmPort, issuer: Party) -> None:
        self._folder = folder
        self._templates = Templates(messages)
        self._directory = directory
        self._crm = crm
        self._issuer = issuer

    async def issue(self, request: IssueCertificate) -> str:
        """See CertificatesPort."""
        number = stable_id("cert", request.key)
        customer = await self._customer(request.account_id)
        await asyncio.to_thread(self._write, number, await self._named(request), customer)
        return number

    async def find(self, number: str) -> Path:
        """See CertificatesPort."""
        path = self._folder / f"{number}.pdf"
        if not path.is_file():
            raise PermanentFault("UnknownCertificate", f"there is no certificate '{number}'; see 'retention status'")
        return path

    async def _customer(self, account_id: str) -> str:
        """The name of the customer, or the id where the CRM has neither any more."""
        try:
            return (await self._crm.account(account_id)).name
        except PermanentFault as fault:
            if fault.kind != RefusalType.UNKNOWN_ACCOUNT:
                raise
            return account_id

    async def _named(self, request: IssueCertificate) -> IssueCertificate:
        """The request with names in place of ids, and with the title of whoever verified."""
        people = {one.by for one in request.stores if one.by} | {request.verified_by}
        cards = {person: await self._directory.card(person) for person in people}
        stores = (one.model_copy(update={"by": cards[one.by].name}) if one.by else one for one in request.stores)
        verified = cards[request.verified_by]
        verified_by = ", ".join(filter(None, (verified.name, verified.title)))
        return request.model_copy(update={"verified_by": verified_by, "stores": tuple(stores)})

    def _write(self, number: str, request: IssueCertificate, customer: str) -> None:
        path = self._folder / f"{number}.pdf"
        if path.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        begun = path.with_suffix(".part")
        begun.write_bytes(printed(_PAGE, told(number, request, self._templates, customer, self._issuer)))
        begun.replace(path)


def told(
    number: str, request: IssueCertificate, templates: Templates, customer: str, issuer: Party
) -> Mapping[str, object]:
    """What a certificate says, in the account's language; ``customer`` is the name."""
    reader = templates.reader(WORDS, request.locale, request.time_zone)
    telling = Telling(templates, reader)
    values = {
        "number": number,
        "account": request.account_id,
        "customer": customer,
        "deleted_at": request.deleted_at,
        "issued_at": request.at,
        "person": request.verified_by,
        "backups_until": request.backups_until,
    }
    deleted = [store for store in request.stores if store.method is not ErasureMethod.KEPT]
    said = {name: telling.word(name, **values) for name in ("title", "number", "about", "verified", "backups")}
    return said | {
        "language": reader.language,
        "issuer": issuer.lines,
        "head": telling.word("head").split("|"),
        "rows": [_row(store, telling) for store in deleted],
        "kept_title": telling.word("kept"),
        "kept": [telling.kept(store) for store in request.stores if store.kept],
    }


def _row(store: Erased, telling: Telling) -> list[str]:
    counted = "" if store.method is ErasureMethod.BY_HAND else telling.count(store.rows)
    return [telling.store(store), telling.what(store), telling.how(store), counted]
