"""Documents that a person needs before they act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.brief import Prepared
from models.document import Document, DocumentKind
from models.work import PrepareBrief, PreparePage, Receipt
from rules.brief import brief

if TYPE_CHECKING:
    from adapters.documents.pages import Pages
    from adapters.documents.port import DocumentsPort
    from adapters.documents.reading import DocumentSources


class DocumentActivities:
    """What a case asks for to prepare its people."""

    def __init__(self, sources: DocumentSources, pages: Pages, documents: DocumentsPort) -> None:
        self._sources = sources
        self._pages = pages
        self._documents = documents

    @activity.defn
    @reporting_faults
    async def prepare_brief(self, request: PrepareBrief) -> Receipt:
        """Prepare and keep the page for a first call, once for the key (CONV-8, DIS-6); the receipt's id is the page's.

        Fails with ``UnknownAccount``, ``UnknownPerson``, ``UnknownPlaybook`` or ``BadPlaybook``.
        """
        first = await self._documents.find(request.key)
        if first is not None:
            return Receipt(id=first.id, at=first.at, replayed=True)
        return await self._documents.keep((await self.prepared(request)).page)

    async def prepared(self, request: PrepareBrief) -> Prepared:
        """The same without keeping it."""
        facts = await self._sources.for_brief(request)
        found = brief(facts, request.at)
        card = await self._sources.directory.card(request.person)
        page = self._pages.brief(found, facts.plan.policy.brief, card.time_zone)
        return Prepared(brief=found, page=document_of(request, DocumentKind.BRIEF, page.subject, page.text))


def document_of(request: PrepareBrief | PreparePage, kind: DocumentKind, title: str, text: str) -> Document:
    """The page that a request asked for, as it is kept."""
    return Document(
        key=request.key,
        kind=kind,
        account_id=request.account_id,
        case_id=request.case_id,
        person=request.person,
        title=title,
        text=text,
        at=request.at,
    )
