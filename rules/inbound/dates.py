"""The end that a text names: the first day without the service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from models.base import Record
from models.inbound_policy import DateWords
from rules.inbound.words import all_of, alternatives, spans

_YEARS = range(2000, 2200)
_FILLER = re.compile(r"(?:the|day|hari|tarikh|tanggal|:)\s*$")


class Named(Record):
    """The end that was named, or ``remark``: why there is none although days are named."""

    day: date | None = None
    remark: str = ""


class _Day(Record):
    day: date
    begin: int


def end_named(where: tuple[str, ...], received: date, words: DateWords) -> Named:
    """The one end that the sentences name; ``received`` is the day of the mail, which a day without a year follows."""
    found, unsure = [], []
    for sentence in where:
        found += list(_ends(sentence, received, words))
        unsure += [m.group() for m in _NUMERIC.finditer(sentence) if _is_two_days(m)]
    days = tuple(dict.fromkeys(found))
    if len(days) == 1 and not unsure:
        return Named(day=days[0])
    if len(days) > 1:
        return Named(
            remark=f"several ends are named: {', '.join(str(day) for day in sorted(days))}; ask which is meant"
        )
    return Named(remark=f"'{unsure[0]}' may be two days; ask which is meant" if unsure else "")


def _ends(sentence: str, received: date, words: DateWords) -> Iterator[date]:
    yield from (_next_month(received.year, received.month) for _ in spans(sentence, words.this_month))
    yield from (date(received.year + 1, 1, 1) for _ in spans(sentence, words.this_year))
    yield from _month_ends(sentence, received, words)
    for named in _days(sentence, received, words):
        lead = _lead(sentence[: named.begin], words)
        past = named.day < received
        if lead == "until":
            yield named.day + timedelta(days=1)
        elif lead == "starts" or (lead == "on" and not past):
            yield named.day


def _lead(before: str, words: DateWords) -> str:
    before = _FILLER.sub("", before.rstrip()).rstrip()
    for name in ("until", "starts", "on"):
        if re.search(rf"(?<!\w)(?:{alternatives(all_of(getattr(words, name)))})$", before):
            return name
    return ""


def _month_ends(sentence: str, received: date, words: DateWords) -> Iterator[date]:
    for found in _of_months(all_of(words.ends), words.months).finditer(sentence):
        month = _month(found["month"], words.months)
        year = int(found["year"]) if found["year"] else received.year + (month < received.month)
        if year in _YEARS:
            yield _next_month(year, month)


def _days(sentence: str, received: date, words: DateWords) -> Iterator[_Day]:
    months, lately = words.months, words.lately_days
    for found in _written(months).finditer(sentence):
        month = _month(found["month"] or found["month_first"], months)
        day, year = int(found["day"] or found["day_second"]), found["year"] or found["year_last"]
        yield from _made(int(year) if year else 0, month, day, received, found.start(), lately)
    for found in _ISO.finditer(sentence):
        year, month, day = (int(part) for part in found.groups())
        yield from _made(year, month, day, received, found.start(), lately)
    for found in _NUMERIC.finditer(sentence):
        if not _is_two_days(found):
            day, month = _ordered(int(found[1]), int(found[2]))
            yield from _made(_century(found[3]), month, day, received, found.start(), lately)


def _made(year: int, month: int, day: int, received: date, begin: int, lately: int) -> Iterator[_Day]:
    """The day where there is one; without a year the next one, or none where it was lately."""
    try:
        made = date(year or received.year, month, day)
        if not year and made < received:
            if (received - made).days <= lately:
                return
            made = made.replace(year=received.year + 1)
    except ValueError:
        return
    if made.year in _YEARS:
        yield _Day(day=made, begin=begin)


def _is_two_days(found: re.Match[str]) -> bool:
    first, second = int(found[1]), int(found[2])
    return first != second and 1 <= first <= 12 and 1 <= second <= 12


def _ordered(first: int, second: int) -> tuple[int, int]:
    """Day and month of a numeric date that can be read in one way."""
    return (first, second) if second <= 12 else (second, first)


def _century(year: str) -> int:
    return 2000 + int(year) if len(year) == 2 else int(year)


def _next_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def _month(name: str, months: tuple[tuple[str, ...], ...]) -> int:
    return next(n for n, names in enumerate(months, 1) if name in names)


_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?![\d/-])")


@lru_cache(maxsize=16)
def _written(months: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    """``31 December 2026``, ``31st of December``, ``December 31, 2026``."""
    names = alternatives(name for each in months for name in each)
    first = rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|hb)?\.?\s+(?:of\s+)?(?P<month>{names})\.?(?:,?\s+(?P<year>\d{{4}}))?"
    last = rf"(?P<month_first>{names})\.?\s+(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year_last>\d{{4}}))?"
    return re.compile(rf"(?<![\w-])(?:{first}|{last})(?!\w)")


@lru_cache(maxsize=16)
def _of_months(ends: tuple[str, ...], months: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    names = alternatives(name for each in months for name in each)
    return re.compile(rf"(?<!\w)(?:{alternatives(ends)})\s+(?P<month>{names})(?:,?\s+(?P<year>\d{{4}}))?(?!\w)")
