"""Sentences, and where words stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from models.inbound_policy import plain

Span = tuple[int, int]
_SENTENCE_ENDS = re.compile(r"[.!?;](?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*[-*•·–])")
NEVER = re.compile(r"(?!)")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text as words are looked up in them; the end of a line ends none, an empty line does."""
    return tuple(said for piece in _SENTENCE_ENDS.split(text) if (said := plain(piece)))


def spans(sentence: str, words: Mapping[str, tuple[str, ...]]) -> tuple[Span, ...]:
    """Where one of the words stands as a whole word, the longest of several at one place."""
    return tuple(found.span() for found in pattern(all_of(words)).finditer(sentence))


def all_of(words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words of all languages, each once."""
    return tuple(dict.fromkeys(word for each in words.values() for word in each))


@lru_cache(maxsize=128)
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, whole, the longest first."""
    return re.compile(rf"(?<!\w)(?:{alternatives(words)})(?!\w)") if words else NEVER


def alternatives(words: Iterable[str]) -> str:
    """The words as the alternatives of a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def blanked(sentence: str, taken: Iterable[Span]) -> str:
    """The sentence with what stands there covered, so that it is not found again."""
    for begin, end in taken:
        sentence = sentence[:begin] + "·" * (end - begin) + sentence[end:]
    return sentence


def apart(sentence: str, one: Span, other: Span) -> int:
    """How many words lie between two places."""
    first, second = sorted((one, other))
    return len(sentence[first[1] : second[0]].split())
