"""Which statements of the dictionary a text may hold (RISK-25..52). It only proposes; a CSM tags.

Words are looked up as they are written; nothing guesses what somebody means.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise, product

from models.base import Record
from models.facts_policy import MatchingRules, Spotted
from rules.inbound.words import Span, apart, pattern, sentences

_MOST_PLACES = 30
"""Of one group in one sentence; beyond it nobody speaks, and combining them would take for ever."""


class Proposed(Record):
    """A code that is proposed, with the words of the text that it goes by and the sentence that they stand in."""

    code: str
    words: str
    sentence: str


class _Found(Record):
    code: str
    span: Span


def proposed(text: str, rules: MatchingRules) -> tuple[Proposed, ...]:
    """The codes that the text may hold, in the order of the text, each once.

    Of two where one lies within the other, such as "we are fine" in "we are fine, just busy", the longer one counts. A
    denial right before takes a statement back.
    """
    found = [
        Proposed(code=one.code, words=sentence[slice(*one.span)], sentence=sentence)
        for sentence in sentences(text)
        for one in _in(sentence, rules)
    ]
    return tuple({one.code: one for one in reversed(found)}.values())[::-1]


def _in(sentence: str, rules: MatchingRules) -> list[_Found]:
    every = [
        _Found(code=each.code, span=span)
        for each in rules.words
        for span in _spans(sentence, each, rules.gap)
        if not _denied(sentence, span, rules)
    ]
    widest = [one for one in every if not any(_within(one.span, other.span) for other in every)]
    return sorted(widest, key=lambda one: one.span)


def _spans(sentence: str, each: Spotted, gap: int) -> Iterator[Span]:
    yield from _places(sentence, each.phrases)
    for groups in each.together:
        for places in product(*(_places(sentence, group) for group in groups)):
            ordered = sorted(places)
            if all(one[1] <= other[0] and apart(sentence, one, other) <= gap for one, other in pairwise(ordered)):
                yield ordered[0][0], ordered[-1][1]


def _places(sentence: str, words: tuple[str, ...]) -> list[Span]:
    return [found.span() for found in islice(pattern(words).finditer(sentence), _MOST_PLACES)]


def _denied(sentence: str, span: Span, rules: MatchingRules) -> bool:
    """Whether a denial stands shortly before what was found; one that a comma sets apart is an answer of its own."""
    before = (place for place in _places(sentence, rules.denials) if place[1] <= span[0])
    near = (place for place in before if apart(sentence, place, span) <= rules.denied_within)
    return any("," not in sentence[place[1] : span[0]] for place in near)


def _within(one: Span, other: Span) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]
