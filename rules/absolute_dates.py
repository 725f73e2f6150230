"""Whether a text names a day of the calendar: a milestone that was promised is no "soon" (SAVE-17, PLAY-35)."""

from __future__ import annotations

import re

_MONTHS = "jan|feb|mar|mac|apr|may|mei|jun|jul|aug|ogo|agu|sep|oct|okt|nov|dec|dis|des"
_DAY = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}\.?\s+(?:{_MONTHS})|\b(?:{_MONTHS})[a-z]*\.?\s+\d{{1,2}}\b|\d+\s*月\s*\d+\s*日",
    re.IGNORECASE,
)


def named(text: str) -> bool:
    """Whether there is one: in ISO form, or a day with its month in English, Malay, Indonesian or Chinese."""
    return _DAY.search(text) is not None
