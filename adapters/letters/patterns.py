"""The patterns of who left, as a letter to those who can change something, in each reader's language (OFFB-36, METR-9)."""

from __future__ import annotations

from datetime import timedelta

from adapters.letters import checks, hypertext
from adapters.letters.templates import Templates, Values
from adapters.letters.wording import flat
from models.account import Money
from models.directory import Card
from models.letter import Letter, LetterKind, Mailbox
from models.metrics import Theme, Themes
from models.metrics_policy import Patterns

_TEMPLATE = "patterns"


class PatternLetters:
    """Writes to whoever hears of patterns; the customers' own words stay in the language in which they were said."""

    def __init__(self, templates: Templates, sender: Mailbox) -> None:
        self._templates = templates
        self._sender = sender

    def letter(self, found: Themes, rules: Patterns, audiences: tuple[str, ...], card: Card) -> Letter:
        """The patterns of a whole period that are for these audiences, to one person who belongs to them."""
        reader = self._templates.reader(_TEMPLATE, card.locale, card.time_zone)
        values = _facts(found, rules, audiences) | {"reader": flat(card.name)}
        done = self._templates.write(_TEMPLATE, reader, values)
        return Letter(
            to=checks.mailbox(card.email, flat(card.name), card.id),
            sender=self._sender,
            subject=flat(done.subject),
            text=done.text,
            html=hypertext.from_text(done.text, reader.language),
            kind=LetterKind.STAFF,
            automatic=True,
        )


def _facts(found: Themes, rules: Patterns, audiences: tuple[str, ...]) -> dict[str, object]:
    themes = [theme for theme in (*found.reasons, *found.named) if set(theme.told) & set(audiences)]
    return {
        "since": (found.period.since or found.at).date(),
        "until": ((found.period.until or found.at) - timedelta(microseconds=1)).date(),
        "leavers": found.leavers,
        "threshold": found.threshold,
        "audiences": audiences,
        "themes": [_shown(theme, rules.quotes) for theme in themes],
        "below": [theme for theme in found.reasons if not theme.pattern],
    }


def _shown(theme: Theme, quotes: int) -> Values:
    return {
        "name": f"{theme.name}, {flat(theme.title)}" if theme.title else theme.name,
        "customers": theme.customers,
        "arr": [Money(minor=amount.minor, currency=amount.currency) for amount in theme.arr],
        "quotes": [{"text": flat(quote.text), "account": quote.account_id} for quote in theme.quotes[:quotes]],
    }
