"""A document that was prepared once and is kept as it was."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record, Utc
from models.people import PersonId


class DocumentKind(StrEnum):
    """What a document is."""

    BRIEF = "brief"
    VALUE_SUMMARY = "value_summary"
    ROI = "roi"
    VALUE_REPORT = "value_report"
    MEETING = "meeting"
    CHART = "chart"
    REVIEW = "review"


class Document(Record):
    """A page of Markdown, or a chart as SVG. Natural key: ``key``.

    ``person`` is who it was prepared for, ``at`` its moment (UTC);
    ``id`` is given by whoever keeps it.
    """

    id: str = ""
    key: str
    kind: DocumentKind
    account_id: str
    case_id: str = ""
    person: PersonId = ""
    title: str
    text: str
    at: Utc

    @property
    def chart_key(self) -> str:
        """The key of the chart that belongs to a page."""
        return f"{self.key}/chart"
