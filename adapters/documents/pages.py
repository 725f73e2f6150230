"""Documents as one page of Markdown, from the templates of the messages folder."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.documents.signs import FILTERS
from adapters.letters.templates import Reader, Templates, Values, Written
from models.brief import Brief
from models.brief_policy import BriefRules
from models.crm import AccountRecord
from models.value import RoiModel, ValueSummary

_BRIEF, _VALUE, _ROI = "brief.md", "value_summary.md", "roi.md"
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

    def value_summary(self, summary: ValueSummary, account: AccountRecord) -> Written:
        """A value summary for the customer."""
        return self._page(_VALUE, self._reader(_VALUE, account), {"summary": summary})

    def roi(self, model: RoiModel, account: AccountRecord) -> Written:
        """An ROI model that the customer can present."""
        return self._page(_ROI, self._reader(_ROI, account), {"model": model, "account": account})

    def _reader(self, template: str, account: AccountRecord) -> Reader:
        return self._templates.reader(template, account.locale, account.works.time_zone)


def words(text: str) -> int:
    """How many words a page has, marks that stand alone included."""
    return len(text.split())
