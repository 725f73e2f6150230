"""Whether a text asks to cancel, and how much: the whole, a part, or some users."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record
from models.cancellation import Scope
from models.inbound_policy import InboundRules, WishWords
from rules.inbound.words import Span, apart, blanked, sentences, spans


class Clarity(StrEnum):
    """How clearly a text asks to cancel."""

    CLEAR = "clear"
    UNCLEAR = "unclear"
    NONE = "none"


class Wish(Record):
    """What a text asks for; ``why`` says what is unclear. ``where`` are the sentences that speak of the end."""

    clarity: Clarity
    why: str = ""
    scope: Scope = Scope.WHOLE
    no_sales_contact: bool = False
    where: tuple[str, ...] = ()


class _Said(Record):
    """A sentence: the scopes that it asks to end, and what keeps it from being clear."""

    sentence: str
    scopes: tuple[Scope, ...] = ()
    speaks_of_it: bool = False
    doubt: str = ""
    denied: bool = False


def wish_of(text: str, rules: InboundRules) -> Wish:
    """What the sender's own words ask for. A wish that is taken back, or asked of two scopes, is unclear."""
    said = tuple(_said(sentence, rules) for sentence in sentences(text))
    spoken = tuple(one for one in said if one.speaks_of_it)
    clear = tuple(one for one in spoken if one.scopes and not one.doubt)
    scopes = tuple(dict.fromkeys(scope for one in clear for scope in one.scopes))
    if not spoken:
        return Wish(clarity=Clarity.NONE, why="nothing in it asks to end anything")
    why = _unclear(spoken, clear, scopes)
    return Wish(
        clarity=Clarity.UNCLEAR if why else Clarity.CLEAR,
        why=why,
        scope=scopes[0] if scopes else Scope.WHOLE,
        no_sales_contact=any(spans(one.sentence, rules.wish.no_sales) for one in said),
        where=tuple(one.sentence for one in spoken),
    )


def _unclear(spoken: tuple[_Said, ...], clear: tuple[_Said, ...], scopes: tuple[Scope, ...]) -> str:
    denied = next((one.doubt for one in spoken if one.denied), "")
    if denied:
        return denied
    if not clear:
        return next((one.doubt for one in spoken if one.doubt), "it speaks of ending, and does not plainly ask for it")
    return "it asks to end the whole, and also a part or some users" if len(scopes) > 1 else ""


def _said(sentence: str, rules: InboundRules) -> _Said:
    words = rules.wish
    bare = blanked(sentence, spans(sentence, words.other_matters))
    verbs, phrases = spans(bare, words.verbs), spans(bare, words.phrases)
    wished = (*_asked(bare, verbs, rules), *((Scope.WHOLE, span) for span in phrases))
    speaks = bool(wished or verbs or spans(bare, words.hints))
    if not speaks:
        return _Said(sentence=sentence)
    scopes = tuple(dict.fromkeys(scope for scope, _ in wished))
    first = min((span for _, span in wished), default=(len(bare), len(bare)))
    doubt, denied = _doubt(bare, first, words)
    return _Said(sentence=sentence, scopes=scopes, speaks_of_it=True, doubt=doubt, denied=denied)


def _asked(sentence: str, verbs: tuple[Span, ...], rules: InboundRules) -> tuple[tuple[Scope, Span], ...]:
    """What the verbs are said of, each with the place of its verb."""
    found = []
    for scope, things in _things(sentence, rules.wish):
        found += [(scope, verb) for verb in verbs for thing in things if apart(sentence, verb, thing) <= rules.near]
    return tuple(found)


def _things(sentence: str, words: WishWords) -> tuple[tuple[Scope, tuple[Span, ...]], ...]:
    """What may end, by scope; a part of the subscription is not the subscription, all users are not some."""
    parts = spans(sentence, words.part)
    rest = blanked(sentence, parts)
    whole = spans(rest, words.whole)
    return (Scope.PART, parts), (Scope.WHOLE, whole), (Scope.USERS, spans(blanked(rest, whole), words.users))


def _doubt(sentence: str, wished: Span, words: WishWords) -> tuple[str, bool]:
    denials = spans(sentence, words.denials)
    if denials:
        begin, end = denials[0]
        return f"it says '{sentence[begin:end]}' of it", True
    before = [span for span in spans(sentence, words.conditions) if span[0] < wished[0]]
    if before:
        begin, end = before[0]
        return f"it only asks or thinks about it ('{sentence[begin:end]}')", False
    return "", False
