"""What the cells of a page say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from models.account import Money
from models.review_page import AccountState, ReviewSection


def cut(
    heading: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], most: int, nothing: str
) -> ReviewSection:
    """A table of at most so many lines, which says how many more there are; a sentence where there is nothing."""
    if not rows:
        return ReviewSection(heading=heading, says=nothing)
    shown = tuple(rows[:most])
    return ReviewSection(heading=heading, columns=tuple(columns), rows=shown, more=len(rows) - len(shown))


def named(one: AccountState) -> str:
    """An account by its name and id."""
    return f"{one.account.name} ({one.account.id})"


def amounts(worth: Sequence[Money]) -> str:
    """Amounts in whole units, one sum for each currency."""
    sums: dict[str, int] = {}
    for one in worth:
        sums[one.currency] = sums.get(one.currency, 0) + one.minor
    said = (f"{currency} {minor / 100:,.0f}" for currency, minor in sorted(sums.items()) if minor)
    return ", ".join(said) or "-"


def points(score: float) -> str:
    """A score in whole points."""
    return f"{score:.0f}"


def day(when: date) -> str:
    """A day, such as 3 Mar 2027."""
    return f"{when.day} {when:%b %Y}"
