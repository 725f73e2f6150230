"""The monthly digest of the themes, as a text for product, support and leadership (OFFB-36, METR-9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.directory import DirectoryPerson
from models.metrics import Amount, Theme, Themes
from models.metrics_policy import MetricsPolicy
from models.people import PersonId


def digest(found: Themes, policy: MetricsPolicy) -> str:
    """One text, with a part for each audience: its patterns, with the customers' own words."""
    days = _days(found)
    lines = [
        f"Why customers left, {days}",
        f"{found.leavers} left; {found.threshold} or more on a theme are a pattern.",
    ]
    for audience in policy.patterns.told:
        lines += ["", f"For {audience.name} ({', '.join(audience.roles)})"]
        own = [theme for theme in (*found.reasons, *found.named) if audience.name in theme.told]
        lines += [line for theme in own for line in _theme(theme, policy.patterns.quotes)] or ["  no pattern"]
    below = [f"{theme.name} {theme.customers}" for theme in found.reasons if not theme.pattern]
    return "\n".join([*lines, "", f"Below the threshold: {', '.join(below) or 'nothing'}"])


def addressed(
    found: Themes, policy: MetricsPolicy, people: Sequence[DirectoryPerson]
) -> dict[PersonId, tuple[str, ...]]:
    """Who is written to, as which audiences: everybody active who holds a role that hears of one of the patterns."""
    heard = {name for theme in (*found.reasons, *found.named) for name in theme.told}
    audiences = [audience for audience in policy.patterns.told if audience.name in heard]
    by_person = {
        person.id: tuple(one.name for one in audiences if set(one.roles) & set(person.roles))
        for person in people
        if person.active
    }
    return {person: names for person, names in by_person.items() if names}


def amounts(arr: tuple[Amount, ...]) -> str:
    """Amounts in whole units with their currency, as ``USD 12,000 + EUR 3,000``; a dash for none."""
    return " + ".join(f"{one.currency} {one.minor / 100:,.0f}" for one in arr) or "-"


def _theme(theme: Theme, quotes: int) -> Iterator[str]:
    named = f"{theme.name}, {theme.title}" if theme.title else theme.name
    yield f"  {named}: {theme.customers} customers, {amounts(theme.arr)} a year"
    for quote in theme.quotes[:quotes]:
        yield f'    "{" ".join(quote.text.split())}" ({quote.account_id})'


def _days(found: Themes) -> str:
    since = f"from {found.period.since:%Y-%m-%d} " if found.period.since else ""
    until = found.period.until or found.at
    return f"{since}until {until:%Y-%m-%d}"
