"""What of a mail its sender wrote themselves: quoted answers, forwarded mails and signatures are the words of others."""

from __future__ import annotations

import re
from functools import lru_cache

from models.inbound_policy import QuoteWords, plain
from rules.inbound.words import all_of, alternatives

_SIGNATURE = re.compile(r"^-- ?$")
_ATTRIBUTION_LINES = 3  # mail programs break the line "On ..., ... wrote:"


def own_words(text: str, quotes: QuoteWords) -> str:
    """The text up to where the words of others or a signature begin, without quoted lines."""
    lines = text.split("\n")
    end = next((n for n in range(len(lines)) if _others_begin(lines, n, quotes)), len(lines))
    return "\n".join(line for line in lines[:end] if not line.lstrip().startswith(">")).strip()


def is_answer(subject: str, quotes: QuoteWords) -> bool:
    """Whether the subject is that of an answer or of a forwarded mail, and so another's words."""
    return bool(re.match(rf"(?:{alternatives(all_of(quotes.replies))})\s*(?:\[\d+\])?\s*:", plain(subject)))


def _others_begin(lines: list[str], n: int, quotes: QuoteWords) -> bool:
    line = lines[n]
    if _SIGNATURE.match(line.rstrip("\r")) or _marks(all_of(quotes.marks)).match(plain(line)):
        return True
    return _is_attribution(lines, n, quotes) or _is_quoted_head(lines[n : n + 4], quotes)


def _is_attribution(lines: list[str], n: int, quotes: QuoteWords) -> bool:
    """``On 3 Nov, Sam <sam@...> wrote:``, over up to three lines and with a quotation or nothing else below."""
    wrote = _wrote(all_of(quotes.wrote))
    if not lines[n].strip() or lines[n].lstrip().startswith(">"):
        return False
    joined = plain(" ".join(lines[n : n + _ATTRIBUTION_LINES]))
    first = plain(lines[n])
    return bool(wrote.search(first)) or (_begins_with_a_day(first) and bool(wrote.search(joined.split(":>")[0])))


def _begins_with_a_day(line: str) -> bool:
    return bool(re.match(r"(?:on|pada|le|am)\b.*\d", line))


def _is_quoted_head(lines: list[str], quotes: QuoteWords) -> bool:
    """Two lines or more one after the other that begin like ``From:`` and ``Sent:``."""
    head = _head(all_of(quotes.headers))
    return len(lines) > 1 and all(head.match(plain(line.strip("* "))) for line in lines[:2])


@lru_cache(maxsize=16)
def _wrote(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:\d.*|@.*|>.*)\b(?:{alternatives(words)})\s*:(?:\s*>|\s*$)")


@lru_cache(maxsize=16)
def _head(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words)})\*?\s?:\*?\s?\S")


@lru_cache(maxsize=16)
def _marks(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"[-_ ]*(?:{alternatives(words)})\b")
