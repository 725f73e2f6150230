"""Documents as one page of Markdown, from the templates of the messages folder."""

from __future__ import annotations

import re
from pathlib import Path

from babel.dates import format_date

from adapters.documents import charts
from adapters.documents.signs import FILTERS
from adapters.letters.templates import Reader, Templates, Values, Written
from models.brief import Brief
from models.brief_policy import BriefRules
from models.crm import AccountRecord
from models.document import DocumentKind
from models.review_page import ReviewPage
from models.value import RoiModel, ValueSummary
from models.value_report import ValueReport

_BRIEF, _VALUE, _ROI, _REVIEW = "brief.md", "value_summary.md", "roi.md", "review.md"
_REPORTS = {DocumentKind.VALUE_REPORT: "value_report.md", DocumentKind.MEETING: "meeting.md"}
_MARKS = re.compile(r"\*\*|`")
_GAP = re.compile(r"^( *- .*\n(?:  .*\n)*)\n+(?= *- )", re.MULTILINE)


class Pages:
    """The pages, in the language of who reads them; the brief is for the team and in English."""

    def __init__(self, folder: Path) -> None:
        self._templates = Templates(folder, FILTERS)

    def brief(self, brief: Brief, rules: BriefRules, time_zone: str) -> Written:
        """A brief that is read in two minutes: where the words run out it lists fewer of a kind, and says how many more.

        Raises ``PermanentFault(BadPlaybook)`` where the template is at fault, as the others do.
        """
        reader = self._templates.reader(_BRIEF, "en", time_zone)
        for most in range(rules.most_lines, 0, -1):
            page = self._page(_BRIEF, reader, {"brief": brief, "most": most, "rules": rules})
            if words(page.text) <= rules.most_words:
                break
        return page

    def _page(self, template: str, reader: Reader, values: Values) -> Written:
        """A page whose lists have no gaps."""
        found = self._templates.write(template, reader, values)
        return found.model_copy(update={"text": _GAP.sub(r"\1", found.text)})

    def review(self, page: ReviewPage, time_zone: str) -> Written:
        """The page of a review, for the team and in English."""
        return self._page(_REVIEW, self._templates.reader(_REVIEW, "en", time_zone), {"page": page})

    def value_summary(self, summary: ValueSummary, account: AccountRecord) -> Written:
        """A value summary for the customer."""
        return self._page(_VALUE, self._reader(_VALUE, account), {"summary": summary})

    def report(self, kind: DocumentKind, report: ValueReport, account: AccountRecord) -> Written:
        """A value report, or the page of a review, in the language of the account."""
        template = _REPORTS[kind]
        reader = self._reader(template, account)
        titled = report.model_copy(update={"title": report.titles.get(reader.language, report.title)})
        return self._page(template, reader, {"report": titled, "summary": report.summary})

    def chart(self, report: ValueReport, title: str) -> str:
        """The chart of a report, as SVG."""
        return charts.draw(report, title)

    def letter_parts(self, report: ValueReport, account: AccountRecord) -> dict[str, str]:
        """What a report gives to the letter that it goes out with: its period and its figures, as plain text.

        Figures that are old say so there, too.
        """
        reader = self._reader(_VALUE, account)
        old = self._templates.block("note", _REPORTS[DocumentKind.VALUE_REPORT], reader, {"report": report})
        period = report.summary.period
        days = (format_date(day, "long", locale=reader.locale) for day in (period.since, period.last))
        figures = self._templates.block("figures", _VALUE, reader, {"summary": report.summary})
        said = f"{old}\n\n{figures}" if old else figures
        return {"period": " - ".join(days), "figures": _MARKS.sub("", _GAP.sub(r"\1", said))}

    def roi(self, model: RoiModel, account: AccountRecord) -> Written:
        """An ROI model that the customer can present."""
        return self._page(_ROI, self._reader(_ROI, account), {"model": model, "account": account})

    def _reader(self, template: str, account: AccountRecord) -> Reader:
        return self._templates.reader(template, account.locale, account.works.time_zone)


def words(text: str) -> int:
    """How many words a page has, marks that stand alone included."""
    return len(text.split())
