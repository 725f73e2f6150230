"""Whether the policy of concessions answers every offer: a ladder up to the top, known words, time to decide."""

from __future__ import annotations

from itertools import pairwise

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import parsed
from adapters.playbooks.source import Place, Source
from adapters.playbooks.vocabulary import ACTIVITIES, CATEGORIES
from adapters.playbooks.words import Words, twice, unknown, unknown_each
from models.calendar import ZERO
from models.concession_policy import ConcessionRules

_AT: Place = ("concessions",)
_WHOLE = 100


def concession_faults(source: Source, words: Words) -> list[Fault]:
    """Every fault of the policy of concessions beyond its shape."""
    rules = parsed(ConcessionRules, source.data["concessions"]) if "concessions" in source.data else None
    if rules is None:
        return []
    return [
        *_ladder(source, rules, words),
        *_words_twice(source, "ties", rules.ties, "tie"),
        *_words_twice(source, "price_kinds", (*rules.price_kinds, *rules.term_kinds), "kind"),
        *unknown_each(
            source, (*_AT, "blocked_categories"), "category", list(rules.blocked_categories), list(CATEGORIES)
        ),
        *_known(source, rules, words),
        *_letters(source, rules, words),
        *_nothing_listed(source, rules),
        *_no_time(source, rules),
    ]


def _ladder(source: Source, rules: ConcessionRules, words: Words) -> list[Fault]:
    found: list[Fault] = []
    for n, rung in enumerate(rules.ladder):
        found += unknown(source, (*_AT, "ladder", n, "role"), "role", rung.role, words.roles)
        found += unknown(source, (*_AT, "ladder", n, "activity"), "activity", rung.activity, ACTIVITIES)
    for n, (lower, upper) in enumerate(pairwise(rules.ladder), start=1):
        if upper.up_to_pct <= lower.up_to_pct:
            wrong = f"{upper.up_to_pct} % does not lie above the {lower.up_to_pct} % before it"
            place: Place = (*_AT, "ladder", n, "up_to_pct")
            found.append(source.fault(place, wrong, "write the rungs from the lowest rate to the highest"))
    return found + _top(source, rules)


def _top(source: Source, rules: ConcessionRules) -> list[Fault]:
    highest = max((rung.up_to_pct for rung in rules.ladder), default=0)
    if highest >= _WHOLE:
        return []
    wrong = f"nobody approves a rate above {highest} %"
    return [source.fault((*_AT, "ladder"), wrong, f"end with a rung of up_to_pct: {_WHOLE}")]


def _words_twice(source: Source, field: str, listed: tuple[str, ...], kind: str) -> list[Fault]:
    named: list[tuple[Place, object]] = [((*_AT, field, n), str(word)) for n, word in enumerate(listed)]
    return twice(source, named, kind)


def _known(source: Source, rules: ConcessionRules, words: Words) -> list[Fault]:
    """Who carries an offer out, and the ladder that a late approval climbs."""
    return [
        *unknown(source, (*_AT, "applied_by"), "role", rules.applied_by, words.roles),
        *unknown(source, (*_AT, "escalation"), "ladder", rules.escalation, words.ladders),
    ]


def _letters(source: Source, rules: ConcessionRules, words: Words) -> list[Fault]:
    """The letters of approved offers: templates of every language, one for each kind."""
    everywhere = sorted(set.intersection(*words.languages.values())) if words.languages else []
    found: list[Fault] = []
    named: list[tuple[Place, object]] = []
    for n, letter in enumerate(rules.letters):
        found += unknown(source, (*_AT, "letters", n, "template"), "template", letter.template, everywhere)
        named += [((*_AT, "letters", n, "kinds", m), str(kind)) for m, kind in enumerate(letter.kinds)]
    return found + twice(source, named, "kind")


def _nothing_listed(source: Source, rules: ConcessionRules) -> list[Fault]:
    """A concession must be tied to something, and some kind of offer must count as one."""
    return [
        source.fault((*_AT, field), f"'{field}' lists nothing", f"write '{field}: [...]'")
        for field, listed in (("ties", rules.ties), ("price_kinds", rules.price_kinds))
        if not listed
    ]


def _no_time(source: Source, rules: ConcessionRules) -> list[Fault]:
    return [
        source.fault((*_AT, field), f"'{field}' gives no time", "write a duration like PT24H or P14D")
        for field, given in (
            ("valid_for", rules.valid_for),
            ("approval_within", rules.approval_within),
            ("applied_within", rules.applied_within),
            *((("told_within", rules.told_within),) if rules.letters else ()),
        )
        if given == ZERO
    ]
