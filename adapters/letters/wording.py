"""Questions about the wording of a text: is it specific, does it hold a date, is a placeholder left in it? Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from babel.dates import get_month_names

_LANGUAGES = ("en", "ms", "id")
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
_NUMERIC_DATE = (
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<![\d/.\-])(?:0?[1-9]|[12]\d|3[01])([/.\-])(?:0?[1-9]|1[0-2]|[12]\d|3[01])\1(?:\d{4}|\d{2})(?!\d)"
    r"|(?<![\d/])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/])"
    r"|(?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日"
)


def folded(text: str) -> str:
    """The text without case and without variants of a sign, such as wide digits."""
    return unicodedata.normalize("NFKC", text).casefold()


def plain(text: str) -> str:
    """The words of a text alone: case, punctuation and spacing taken away, so that texts compare as a reader would."""
    return " ".join("".join(sign if _in_word(sign) else " " for sign in folded(text)).split())


def _in_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def weight(text: str) -> int:
    """How much a text says: its letters and digits in UTF-8 bytes, so that a CJK sign weighs 3."""
    return len("".join(plain(text).split()).encode())


@lru_cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted({plain(phrase) for phrase in phrases}, key=len, reverse=True)
    return re.compile(r"(?<!\S)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\S)")


def without(text: str, phrases: Iterable[str]) -> str:
    """The words of a text once these phrases are taken out of it."""
    return _any_of(tuple(phrases)).sub(" ", plain(text))


def first_of(text: str, phrases: tuple[str, ...]) -> str | None:
    """The first of these phrases that a text holds, as the list writes it, or None."""
    found = _any_of(phrases).search(plain(text))
    return next((phrase for phrase in phrases if plain(phrase) == found.group()), None) if found else None


def vague_without_date(text: str, phrases: tuple[str, ...]) -> str | None:
    """The first phrase that promises a time and names none, on a line without a date (SAVE-17), or None."""
    for line in text.splitlines():
        found = _any_of(phrases).search(plain(line))
        if found and not holds_date(line):
            return found.group()
    return None


@lru_cache
def _date_pattern() -> re.Pattern[str]:
    names = {
        name.casefold().rstrip(".")
        for language in _LANGUAGES
        for width in ("wide", "abbreviated")
        for name in get_month_names(width, locale=language).values()
    }
    month = "(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b"
    day = r"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|hb)?"
    year = r"(?:,?\s+(?:19|20)\d\d\b)?"
    return re.compile(rf"{_NUMERIC_DATE}|{day}\s+(?:of\s+|haribulan\s+)?{month}\.?{year}|\b{month}\.?\s+{day}\b{year}")


def holds_date(text: str) -> bool:
    """Whether a text names a calendar day: 2026-12-04, 4/12/2026, 4 December, 4 Disember, 4 Desember."""
    return _date_pattern().search(folded(text)) is not None


def figures(text: str) -> int:
    """How many figures a text holds besides its dates: two in "from 24 to 4 hours by 2026-12-04"."""
    return len(re.findall(r"\d+(?:[.,:]\d+| \d{3}(?!\d))*", _date_pattern().sub(" ", folded(text))))


def first_match(text: str, patterns: Iterable[str]) -> str | None:
    """What matches the first of these patterns that is found, as it stands in the text, or None."""
    found = (re.search(pattern, text) for pattern in patterns)
    return next((match.group() for match in found if match), None)


def hidden_sign(text: str, *, lines: bool = False) -> str | None:
    """The name of the first control sign, line break or override of the writing direction, or None.

    ``lines`` allows line feeds and tabs, as in the body of a letter.
    """
    allowed = "\n\t" if lines else ""
    sign = next((sign for sign in text if sign not in allowed and _is_hidden(sign)), None)
    return None if sign is None else f"U+{ord(sign):04X}"


def flat(text: str) -> str:
    """The text on one line, without control signs."""
    return " ".join("".join(" " if _is_hidden(sign) else sign for sign in text).split())


def _is_hidden(sign: str) -> bool:
    return sign in _OVERRIDES or unicodedata.category(sign) in ("Cc", "Cs")
