"""Letters from Jinja2 templates, in the reader's language and time zone. What people write is never a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_currency, get_currency_precision
from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.account import Money
from models.base import Record
from models.case import RefusalType
from models.faults import PermanentFault

FALLBACK = "en"
_UNBROKEN = "\u00a0"

Values = Mapping[str, Any]
"""What a template may name: models, texts and moments."""


class Reader(Record):
    """How to write for somebody: the language of the templates, the locale of dates and money, and the time zone."""

    language: str = FALLBACK
    locale: str = FALLBACK
    time_zone: str = "UTC"


class Written(Record):
    """A rendered letter: its subject and its text."""

    subject: str
    text: str


class Templates:
    """The templates of a messages folder, one subfolder per language; what a language lacks is written in English."""

    def __init__(self, folder: Path, filters: Mapping[str, Callable[..., Any]] | None = None) -> None:
        self._folder = folder
        self._jinja = _environment(folder, tuple((filters or {}).items()))

    def reader(self, template: str, locale: str, time_zone: str) -> Reader:
        """The reader of a template by their locale (``ms``, ``ms-MY``, ``id_ID``), with the fallback en (AMB-42)."""
        asked = re.split(r"[-_]", locale.strip().lower())[0]
        known = bool(re.fullmatch(r"[a-z]{2,3}", asked)) and (self._folder / asked / f"{template}.j2").is_file()
        language = asked if known else FALLBACK
        return Reader(language=language, locale=_babel_locale(locale, language), time_zone=zone(time_zone).key)

    def write(self, template: str, reader: Reader, values: Values) -> Written:
        """Render a letter.

        Raises ``PermanentFault(BadPlaybook)`` where the template is missing, broken or names a value that is not there.
        """
        with self._source(template, reader) as source:
            everything = _everything(reader, values)
            return Written(subject=_block(source, "subject", everything), text=_tidy(source.render(everything)))

    def said(self, how: str, value: Any, reader: Reader) -> str:
        """A value as the templates' filter of that name writes it for the reader: ``moment``, ``money``."""
        source = self._jinja.from_string("{{ value | " + how + " }}")
        return source.render(_everything(reader, {"value": value}))

    def block(self, name: str, template: str, reader: Reader, values: Values) -> str:
        """One block of a letter, alone. Raises as ``write`` does."""
        with self._source(template, reader) as source:
            return _tidy(_block(source, name, _everything(reader, values))).strip()

    @contextmanager
    def _source(self, template: str, reader: Reader) -> Iterator[Template]:
        name = f"{reader.language}/{template}.j2"
        try:
            yield self._jinja.get_template(name)
        except (TemplateError, TypeError, ValueError, AttributeError) as fault:
            raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"The template {name} fails: {fault}.") from fault


def full_day(day: date, locale: str) -> str:
    """A day with its weekday, as a person of that locale writes it: without a zero before the number of the day."""
    pattern = Locale.parse(locale).date_formats["full"].pattern
    return format_date(day, pattern.replace("dd", "d"), locale=locale)


@lru_cache(maxsize=16)
def _environment(folder: Path, filters: tuple[tuple[str, Callable[..., Any]], ...]) -> ImmutableSandboxedEnvironment:
    """What reads a folder. All that write from it share one: to compile its templates takes longer than to fill them in.

    A file that has changed since is compiled anew.
    """
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"day": _day, "date": _date, "moment": _moment, "money": _money} | dict(filters)
    return made


def _everything(reader: Reader, values: Values) -> dict[str, Any]:
    return dict(values) | {"reader_locale": reader.locale, "reader_zone": reader.time_zone}


def _block(source: Template, name: str, values: dict[str, Any]) -> str:
    if name not in source.blocks:
        raise TemplateError(f"it has no block '{name}'")
    return "".join(source.blocks[name](source.new_context(values))).strip()


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


@lru_cache
def zone(name: str) -> ZoneInfo:
    """The time zone of that name; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")


@lru_cache
def _babel_locale(asked: str, language: str) -> str:
    try:
        found = Locale.parse(asked.strip().replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return language
    return str(found) if found.language == language else language


@pass_context
def _day(context: Context, moment: datetime) -> str:
    """The day of a moment as the reader's calendar shows it, with the weekday."""
    local = moment.astimezone(zone(context["reader_zone"]))
    return full_day(local, context["reader_locale"])


@pass_context
def _date(context: Context, day: date) -> str:
    """A day of the calendar, which is the same in every time zone, with the weekday."""
    return full_day(day, context["reader_locale"])


@pass_context
def _moment(context: Context, moment: datetime) -> str:
    """A moment on the reader's clock, with the name of the time zone."""
    theirs, locale = zone(context["reader_zone"]), context["reader_locale"]
    local = moment.astimezone(theirs)
    clock = format_time(local, "short", tzinfo=theirs, locale=locale)
    return f"{_day(context, moment)}, {clock} ({get_timezone_name(local, locale=locale)})"


@pass_context
def _money(context: Context, amount: Money) -> str:
    """An amount as the reader writes it; a currency that is named by its letters stands apart from the figure."""
    major = Decimal(amount.minor).scaleb(-get_currency_precision(amount.currency))
    said = format_currency(major, amount.currency, locale=context["reader_locale"])
    return re.sub(rf"{amount.currency}(?=\d)", f"{amount.currency}{_UNBROKEN}", said)
