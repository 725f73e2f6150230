"""Cells: from the text of a CSV to the value that it means. Each reader raises ``UnfitError`` with what is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import TypeVar
from unicodedata import category
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, list_currencies
from holidays import list_supported_countries

from models.billing import Tax
from models.calendar import Offset, Shift
from models.directory import Week
from models.portfolio import Locale

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}")
_STEP_ID = re.compile(r"[a-z][a-z0-9_]{1,40}(/[1-9][0-9]{0,3})?")
_AMOUNT = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_COUNT = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = re.compile(r"[^\s@,;:<>\"()\[\]\\]{1,64}@[^\s@,;:<>\"()\[\]\\.]+(?:\.[^\s@,;:<>\"()\[\]\\.]+)+")
_SHIFT = re.compile(r"([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_TAX = re.compile(r"(?P<name>[A-Za-z][A-Za-z ./-]{0,30}?) (?P<rate>[0-9]{1,3}(\.[0-9]{1,2})?) ?%")
_NOTICE = re.compile(r"P[0-9]{1,3}[DWM]")
_WEEK_HINT = "working hours such as 'Mon-Thu 09:00-13:00 14:00-18:00; Fri 09:00-12:15'"
_TRUE = frozenset({"yes", "true", "1", "y"})
_FALSE = frozenset({"no", "false", "0", "n"})
_YEARS = range(1990, 2101)
_BREAKS = frozenset({"Cc", "Zl", "Zp"})

EnumT = TypeVar("EnumT", bound=StrEnum)


class UnfitError(ValueError):
    """A cell that does not mean what its column asks for; ``right`` says what would be accepted."""

    def __init__(self, right: str) -> None:
        super().__init__(right)
        self.right = right


def identifier(cell: str) -> str:
    """An opaque id."""
    if not _ID.fullmatch(cell):
        raise UnfitError("an id of letters, digits, '-', '_' and '.', at most 80 characters, such as acc-0017")
    return cell


def step_identifier(cell: str) -> str:
    """The id of a playbook's step, with ``/n`` for an occurrence of a recurring one."""
    if not _STEP_ID.fullmatch(cell):
        raise UnfitError("the id of a step of the playbook, such as ack_call or weekly_update/2")
    return cell


def line_of_text(cell: str) -> str:
    """A short text on one line, kept as it is: what looks like a formula stays text."""
    if len(cell) > 200 or any(category(char) in _BREAKS for char in cell):
        raise UnfitError("one line of at most 200 characters, without control characters")
    return cell


def text(cell: str) -> str:
    """A longer text, which may have several lines."""
    if len(cell) > 4000 or "\x00" in cell:
        raise UnfitError("a text of at most 4000 characters")
    return cell


def texts(cell: str) -> tuple[str, ...]:
    """One to five texts, separated by ``|``."""
    parts = tuple(part.strip() for part in cell.split("|"))
    if len(parts) > 5 or not all(parts):
        raise UnfitError("one to five whys separated by '|', none of them empty")
    return tuple(text(part) for part in parts)


def email(cell: str) -> str:
    """A mail address without a display name."""
    if len(cell) > 254 or not cell.isprintable() or not _EMAIL.fullmatch(cell):
        raise UnfitError("one plain address, such as nur.aini@company.example")
    return cell


def day(cell: str) -> date:
    """A calendar day."""
    try:
        found = date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        raise UnfitError("a day of the calendar written YYYY-MM-DD, from 1990 to 2100")
    return found


def moment(cell: str) -> datetime:
    """A moment with its time zone, given in UTC."""
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in _YEARS:
        raise UnfitError("a moment with its time zone, such as 2026-11-16T09:30:00+08:00 or 2026-11-16T01:30:00Z")
    return found.astimezone(UTC)


def count(cell: str) -> int:
    """A whole number, 0 or more."""
    if not _COUNT.fullmatch(cell):
        raise UnfitError("a whole number, 0 or more, written with digits alone")
    return int(cell)


def number(cell: str) -> float:
    """A number."""
    if not _NUMBER.fullmatch(cell):
        raise UnfitError("a number such as 89.5, written with digits and one point")
    return float(cell)


def score(lowest: int, highest: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds, both included."""

    def read(cell: str) -> int:
        number = int(cell) if _COUNT.fullmatch(cell) else -1
        if not lowest <= number <= highest:
            raise UnfitError(f"a whole number from {lowest} to {highest}")
        return number

    return read


def amount(cell: str) -> int:
    """An amount of money, 0 or more, given in minor units (cents)."""
    found = _AMOUNT.fullmatch(cell)
    if not found:
        raise UnfitError("an amount such as 48500 or 48500.50, not negative: digits and one point, nothing else")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def currency(cell: str) -> str:
    """The code of one currency that has hundredths."""
    if cell not in list_currencies() or get_currency_precision(cell) != 2:
        raise UnfitError("the ISO 4217 code of one currency with two decimals, such as USD, MYR, EUR or IDR")
    return cell


def yes_or_no(cell: str) -> bool:
    """A truth value."""
    if cell.lower() not in _TRUE | _FALSE:
        raise UnfitError("yes or no")
    return cell.lower() in _TRUE


def one_of(choices: type[EnumT]) -> Callable[[str], EnumT]:
    """A reader of the values of an enum, in small or capital letters."""

    def read(cell: str) -> EnumT:
        try:
            return choices(cell.lower())
        except ValueError:
            raise UnfitError("one of " + ", ".join(choices)) from None

    return read


def locale(cell: str) -> Locale:
    """The language of a locale such as ``ms`` or ``ms-MY``; English for one that nothing is written in."""
    language = re.split(r"[-_]", cell.lower())[0]
    return Locale(language) if language in set(Locale) else Locale.EN


def tax(cell: str) -> Tax:
    """A tax with its rate, such as ``SST 8%``."""
    found = _TAX.fullmatch(cell)
    if found is None or Decimal(found["rate"]) > 100:
        raise UnfitError("the name of a tax and its rate of at most 100 %, such as SST 8% or GST 9.5%")
    return Tax(name=found["name"], bp=int(Decimal(found["rate"]) * 100))


def time_zone(cell: str) -> str:
    """The name of a time zone of the IANA database."""
    try:
        ZoneInfo(cell)
    except (ValueError, OSError, KeyError):
        raise UnfitError("a time zone of the IANA database, such as Asia/Kuala_Lumpur or Europe/Berlin") from None
    return cell


def holiday_region(cell: str) -> str:
    """A country, or a country and one of its parts, whose public holidays are known."""
    country, _, part = cell.partition("-")
    known = _regions()
    if country not in known or ("-" in cell and part not in known[country]):
        raise UnfitError("an ISO 3166 region with known public holidays, such as MY-14, ID, SG or DE-BE")
    return cell


@cache
def _regions() -> dict[str, list[str]]:
    return list_supported_countries(include_aliases=False)


def jurisdiction(cell: str) -> str:
    """A country, or a country and one of its parts, by whose law the contract is."""
    if not _JURISDICTION.fullmatch(cell):
        raise UnfitError("an ISO 3166 code in capital letters, such as DE or US-CA")
    return cell


def notice_period(cell: str) -> Offset:
    """The notice that a contract asks for, in days, weeks or months."""
    if not _NOTICE.fullmatch(cell):
        raise UnfitError("a period such as P30D, P6W or P3M")
    return Offset.model_validate(cell)


def roles(cell: str) -> tuple[str, ...]:
    """Role ids, separated by spaces, commas or semicolons."""
    return tuple(identifier(part) for part in re.split(r"[\s,;]+", cell) if part)


def working_hours(cell: str) -> Week:
    """Shifts by weekday, from text such as ``Mon-Thu 09:00-13:00 14:00-18:00; Fri 09:00-12:15``."""
    week: list[tuple[Shift, ...]] = [()] * 7
    for group in cell.split(";"):
        names, *spans = group.split()[:20] or [""]
        shifts = tuple(_shift(span) for span in spans)
        if not shifts or any(later.start < earlier.end for earlier, later in pairwise(shifts)):
            raise UnfitError(_WEEK_HINT + ", in the order of the day and without overlap")
        for index in _weekdays(names):
            if week[index]:
                raise UnfitError(_WEEK_HINT + ", each weekday once")
            week[index] = shifts
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = week
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def _shift(span: str) -> Shift:
    found = _SHIFT.fullmatch(span)
    try:
        start, end = map(time.fromisoformat, found.groups() if found else ())
        return Shift(start=start, end=end)
    except ValueError:
        raise UnfitError(_WEEK_HINT) from None


def _weekdays(names: str) -> list[int]:
    first, _, last = names.partition("-")
    if first not in _DAYS or ("-" in names and last not in _DAYS):
        raise UnfitError(_WEEK_HINT)
    start = _DAYS.index(first)
    end = _DAYS.index(last or first)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]
