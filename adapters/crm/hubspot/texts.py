"""Plain text in HubSpot's fields, which show HTML, and what people wrote there as plain text."""

from __future__ import annotations

import html
import re

_BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|h\d)>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_LIMIT = 60_000
"""HubSpot refuses a body of more than 65,536 characters."""


def written(text: str) -> str:
    """The text as HTML that shows the same."""
    return html.escape(text[:_LIMIT], quote=False).replace("\n", "<br>")[: _LIMIT + 5_000]


def plain(body: str) -> str:
    """The text of a field, without its tags."""
    return html.unescape(_TAGS.sub("", _BREAKS.sub("\n", body))).strip()
