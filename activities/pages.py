"""The pages of steps: computed from what was measured, kept once with their chart, and drafted as a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.documents import document_of
from activities.faults import reporting_faults
from models.case import Edit
from models.document import DocumentKind
from models.value import GivenFigures
from models.value_report import ValueReport
from models.work import PreparePage, Receipt
from rules.value_report import measured_period, period_of, value_report

if TYPE_CHECKING:
    from adapters.documents.pages import Pages
    from adapters.documents.port import DocumentsPort
    from adapters.documents.reading import DocumentSources
    from adapters.letters.port import LettersPort
    from models.crm import AccountRecord


class PageActivities:
    """What the system puts together for whoever does a step."""

    def __init__(self, sources: DocumentSources, pages: Pages, documents: DocumentsPort, letters: LettersPort) -> None:
        self._sources = sources
        self._pages = pages
        self._documents = documents
        self._letters = letters

    @activity.defn
    @reporting_faults
    async def prepare_page(self, request: PreparePage) -> Receipt:
        """Prepare and keep the page of a step, its chart, and the draft of its letter, each once (POST-1, POST-6).

        The receipt's id is the page's. Fails with ``UnknownAccount``, ``UnknownMessage`` or ``BadPlaybook``.
        """
        account = await self._sources.crm.account(request.account_id)
        figures = GivenFigures(currency=account.arr.currency)
        wanted = period_of(request)
        days = await self._sources.measured(request.account_id, wanted, request.rules.look_back_days)
        measured = measured_period(wanted, days)
        facts = await self._sources.for_value(request.account_id, measured, figures, request.rules)
        names = await self._sources.names(one.owner for one in request.commitments)
        report = value_report(facts, request, measured, names)
        if request.letter:
            given = self._pages.letter_parts(report, account).items()
            edits = tuple(Edit(name=name, text=text) for name, text in given)
            await self._letters.draft(request.letter.model_copy(update={"given": edits}))
        return await self._kept(request, report, account)

    async def _kept(self, request: PreparePage, report: ValueReport, account: AccountRecord) -> Receipt:
        written = self._pages.report(request.kind, report, account)
        page = document_of(request, request.kind, written.subject, written.text)
        chart = {"key": page.chart_key, "kind": DocumentKind.CHART, "text": self._pages.chart(report, page.title)}
        await self._documents.keep(page.model_copy(update=chart))
        return await self._documents.keep(page)
