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


class _Thing(Record):
    """Something that verbs are said of, where it stands; without a scope it is no part of the subscription."""

    span: Span
    scope: Scope | None


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
    verbs, phrases = spans(sentence, rules.wish.verbs), spans(sentence, rules.wish.phrases)
    things = _things(sentence, rules.wish)
    about = {verb: _about(sentence, verb, things, rules.near) for verb in verbs}
    wished = [(scope, verb) for verb, found in about.items() for scope in found if scope]
    wished += [(Scope.WHOLE, phrase) for phrase in phrases]
    undecided = any(not found for found in about.values())
    if not (wished or undecided or spans(sentence, rules.wish.hints)):
        return _Said(sentence=sentence)
    first = min((span for _, span in wished), default=(len(sentence), len(sentence)))
    doubt, denied = _doubt(sentence, first, rules.wish)
    scopes = tuple(dict.fromkeys(scope for scope, _ in wished))
    return _Said(sentence=sentence, scopes=scopes, speaks_of_it=True, doubt=doubt, denied=denied)


def _about(sentence: str, verb: Span, things: tuple[_Thing, ...], near: int) -> tuple[Scope | None, ...]:
    """What a verb is said of: the first thing near behind it, else the last one near before; nothing where there is none.

    A whole that is followed by a part or by users means both, or one of them.
    """
    close = [one for one in things if apart(sentence, verb, one.span) <= near]
    behind = [one for one in close if one.span[0] >= verb[1]]
    before = [one for one in close if one.span[1] <= verb[0]]
    if not (behind or before):
        return ()
    first = behind[0] if behind else before[-1]
    follow = [one for one in things if one.span[0] >= first.span[1] and apart(sentence, first.span, one.span) <= near]
    narrower = [one.scope for one in follow if one.scope in (Scope.PART, Scope.USERS)]
    return (first.scope, *narrower) if first.scope is Scope.WHOLE else (first.scope,)


def _things(sentence: str, words: WishWords) -> tuple[_Thing, ...]:
    """What may end in its order; a part of the subscription is not the subscription, all users are not some."""
    found: list[_Thing] = []
    kinds = (
        (Scope.PART, words.part),
        (Scope.WHOLE, words.whole),
        (Scope.USERS, words.users),
        (None, words.other_things),
    )
    for scope, names in kinds:
        taken = spans(sentence, names)
        found += [_Thing(span=span, scope=scope) for span in taken]
        sentence = blanked(sentence, taken)
    return tuple(sorted(found, key=lambda one: one.span))


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
