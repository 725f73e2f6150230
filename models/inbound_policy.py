"""By which words a request to cancel is known, in every language of the house."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from models.base import Request
from models.survey import LANGUAGES


def plain(text: str) -> str:
    """Text as words are looked up in it: small letters, straight apostrophes, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'")
    return re.sub(r"\s+", " ", folded).strip()


def _as_looked_up(word: str) -> str:
    if word != plain(word) or not re.match(r"\w", word):
        raise ValueError(f"'{word}' would never be found; write it in small letters, with single spaces")
    return word


def _each_once(words: tuple[str, ...]) -> tuple[str, ...]:
    again = sorted({word for word in words if words.count(word) > 1})
    if again:
        raise ValueError(f"there twice: {', '.join(again)}; keep one of each")
    return words


def _complete(words: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    lacking = [language for language in LANGUAGES if not words.get(language)]
    unknown = sorted(set(words) - set(LANGUAGES))
    if lacking or unknown:
        named = f"no words in: {', '.join(lacking)}" if lacking else f"not a language here: {', '.join(unknown)}"
        raise ValueError(f"{named}; give words in {', '.join(LANGUAGES)}")
    return words


Word = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_as_looked_up)]
Words = Annotated[tuple[Word, ...], Field(max_length=200), AfterValidator(_each_once)]
ByLanguage = Annotated[dict[str, Words], AfterValidator(_complete)]
"""Words and phrases by language, in every language."""

Months = Annotated[tuple[Words, ...], Field(min_length=12, max_length=12)]


class WishWords(Request):
    """How the wish to end is said: a verb and the first thing near it, or a whole phrase.

    ``other_things`` are what else such verbs are said of; ``hints`` may mean an end or something else. A sentence with a
    word of ``denials`` takes the wish back, one with a word of ``conditions`` before it only thinks of it.
    """

    verbs: ByLanguage
    whole: ByLanguage
    part: ByLanguage
    users: ByLanguage
    phrases: ByLanguage
    hints: ByLanguage
    other_things: ByLanguage
    denials: ByLanguage
    conditions: ByLanguage
    no_sales: ByLanguage


class DateWords(Request):
    """How the end is named. ``starts`` and ``on`` stand before the first day without the service, ``until`` before the
    last day with it; ``ends`` before a month whose end is meant. ``this_month`` and ``this_year`` name their own end.

    ``months`` are the names of the twelve months in any language. A day without a year that is not longer past than
    ``lately_days`` is read as one that was, and any other as one ahead.
    """

    lately_days: int = Field(ge=0, le=366)
    starts: ByLanguage
    on: ByLanguage
    until: ByLanguage
    ends: ByLanguage
    this_month: ByLanguage
    this_year: ByLanguage
    months: Months


class QuoteWords(Request):
    """Where in a mail the words of others begin.

    ``replies`` stand before the subject of an answer; ``wrote`` ends the line above a quotation; ``headers`` begin the
    lines of a quoted head; ``marks`` are lines that divide.
    """

    replies: ByLanguage
    wrote: ByLanguage
    headers: ByLanguage
    marks: ByLanguage


class InboundRules(Request):
    """By what a request to cancel is known (CANC-10).

    ``near`` is how many words may lie between a verb and its thing. ``public_domains`` are those of mail providers, which
    say nothing of an account. What is older than ``stale_days`` is not acted upon by itself. A person looks at what waits
    within ``look_within_hours`` of its receipt, since the acknowledgement is owed by then (CANC-20).
    """

    near: int = Field(default=4, ge=1, le=20)
    stale_days: int = Field(default=365, ge=1)
    look_within_hours: int = Field(default=24, ge=1)
    public_domains: Words
    wish: WishWords
    dates: DateWords
    quotes: QuoteWords
