"""What an offer comes to: its rates month by month, its headline and blended rate, and what it costs in a year (DIS-12)."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from models.account import Money
from models.calendar import Offset
from models.case import RefusalType
from models.concession import PriceTerm
from models.concession_policy import ConcessionRules
from models.offer import TEMPORARY, OfferKind, OfferSpec
from models.offer_commands import ProposeOffer
from rules.dating import later
from rules.refusal import Refused

YEAR = 12
WHOLE = 100
STEPPED = (OfferKind.PHASE_IN, OfferKind.GRADUAL_INCREASE)
"""Kinds whose price comes back in steps; one rate alone would be another kind."""
LESS_FOR_LESS = (OfferKind.REDUCED_SCOPE, OfferKind.FEWER_USERS, OfferKind.QUARTERLY_PLAN)
"""Kinds in which the customer buys less, at a price of its own (SAVE-48)."""


def terms_of(spec: OfferSpec, command: ProposeOffer, lasts: Offset, rules: ConcessionRules) -> tuple[PriceTerm, ...]:
    """The rates of an offer of a price. Raises ``Refused`` for a figure that makes no sense or lies above a limit."""
    if command.price is not None or (command.schedule and command.pct is not None):
        raise _absurd(f"{spec.id} takes a rate: either 'pct' or a 'schedule', and no 'price'")
    if command.schedule:
        terms = tuple(_term(step.months, step.pct) for step in command.schedule)
    elif command.pct is not None:
        terms = (PriceTerm(pct=command.pct, first=1, last=_whole_months(spec, lasts)),)
    else:
        terms = tuple(_term(step.months, step.pct) for step in spec.schedule if step.pct)
    if not terms:
        raise _absurd(f"{spec.id} needs a rate: give 'pct' and 'lasts', or a 'schedule'")
    _check_figures(spec, terms, rules)
    _check_limits(spec, terms)
    return terms


def headline(terms: tuple[PriceTerm, ...]) -> int:
    """The highest rate, in percent; it decides who approves."""
    return max((term.pct for term in terms), default=0)


def blended(terms: tuple[PriceTerm, ...]) -> int:
    """The rate of the first twelve months as a whole, in hundredths of a percent, rounded half up."""
    return _half_up(_first_year(terms) * WHOLE, YEAR)


def yearly_cost(terms: tuple[PriceTerm, ...], arr: Money) -> Money:
    """What the rates cost in the first twelve months, in the currency of the yearly revenue."""
    return Money(minor=_half_up(arr.minor * _first_year(terms), YEAR * WHOLE), currency=arr.currency)


def cost_without_rate(kind: OfferKind, command: ProposeOffer, lasts: Offset, arr: Money, now: datetime) -> Money:
    """What an offer without a rate costs in a year: the days of a pause, or the revenue that less scope gives up."""
    if kind is OfferKind.PAUSE:
        days = (later(now, lasts) - now).days
        return Money(minor=_half_up(arr.minor * days, 365), currency=arr.currency)
    lost = arr.minor - command.price if command.price is not None else 0
    return Money(minor=lost, currency=arr.currency)


def check_without_rate(spec: OfferSpec, kind: OfferKind, command: ProposeOffer, arr: Money) -> None:
    """Raises ``Refused(AbsurdFigure)`` for a rate where there is none, and for a price that is no reduction."""
    if command.pct is not None or command.schedule:
        raise _absurd(f"{spec.id} ({kind}) has no rate; leave 'pct' and 'schedule' out")
    if kind in LESS_FOR_LESS:
        if command.price is None or not 0 < command.price < arr.minor:
            raise _absurd(
                f"{spec.id} needs the new 'price' of a year in minor units, between 1 and {arr.minor - 1} {arr.currency}"
            )
    elif command.price is not None:
        raise _absurd(f"{spec.id} ({kind}) has no price of its own; leave 'price' out")


def lasting(spec: OfferSpec, command: ProposeOffer, rules: ConcessionRules, now: datetime) -> Offset:
    """For how long it is offered: as asked, else as long as the playbook allows. Raises ``Refused``."""
    if command.lasts and "until_date" in spec.needs:
        raise _absurd(f"{spec.id} says its end as 'until_date'; leave 'lasts' out")
    lasts = command.lasts or spec.limit_duration or Offset()
    if spec.kind in TEMPORARY and not (lasts.months or lasts.days):
        raise _absurd(f"{spec.id} ends on a day; give 'lasts' in whole days or months, like P30D")
    if command.lasts and later(now, command.lasts) <= now:
        raise _absurd(f"{spec.id} cannot last for no time; give 'lasts' like P3M or P90D")
    if spec.limit_duration and later(now, lasts) > later(now, spec.limit_duration):
        raise Refused(RefusalType.ABOVE_LIMIT, f"{spec.id} lasts for {spec.limit_duration} at most, not {lasts}")
    if later(now, lasts) > later(now, rules.longest):
        raise _absurd(f"nothing is offered for longer than {rules.longest}; {lasts} is too long")
    return lasts


def _term(months: str, pct: int) -> PriceTerm:
    first, _, last = months.rstrip("+").partition("-")
    return PriceTerm(pct=pct, first=int(first), last=int(last or first))


def _whole_months(spec: OfferSpec, lasts: Offset) -> int:
    if not lasts.months or lasts.days or lasts.minutes:
        raise _absurd(f"{spec.id} needs 'lasts' in whole months, like P3M, so that the standard price comes back")
    return lasts.months


def _check_figures(spec: OfferSpec, terms: tuple[PriceTerm, ...], rules: ConcessionRules) -> None:
    for term in terms:
        if not 0 < term.pct <= WHOLE:
            raise _absurd(f"{term.pct} % is no discount; give a rate from 1 to {WHOLE}")
    expected = 1
    for term in terms:
        if term.first != expected or term.last < term.first:
            raise _absurd("the steps of a schedule follow each other from month 1 on, like 1-3 and then 4-6")
        expected = term.last + 1
    if terms[-1].last > rules.longest.months:
        raise _absurd(f"nothing is offered for longer than {rules.longest}; month {terms[-1].last} lies beyond it")
    falls = all(one.pct > two.pct for one, two in pairwise(terms))
    if spec.kind in STEPPED and (len(terms) == 1 or not falls):
        raise _absurd(f"{spec.id} comes back to the standard price in steps; give at least two rates, each lower")


def _check_limits(spec: OfferSpec, terms: tuple[PriceTerm, ...]) -> None:
    if spec.limit_pct is not None and headline(terms) > spec.limit_pct:
        raise Refused(
            RefusalType.ABOVE_LIMIT, f"{spec.id} goes up to {spec.limit_pct} %; {headline(terms)} % lies above it"
        )
    for month, pct in _monthly(terms) if spec.schedule else ():
        allowed = dict(_monthly(tuple(_term(step.months, step.pct) for step in spec.schedule))).get(month, 0)
        if pct > allowed:
            raise Refused(
                RefusalType.ABOVE_LIMIT, f"{spec.id} goes up to {allowed} % in month {month}; {pct} % lies above it"
            )
    if spec.limit_duration and spec.limit_duration.months and terms[-1].last > spec.limit_duration.months:
        raise Refused(
            RefusalType.ABOVE_LIMIT, f"{spec.id} lasts for {spec.limit_duration} at most, not {terms[-1].last} months"
        )


def _monthly(terms: tuple[PriceTerm, ...]) -> list[tuple[int, int]]:
    """The rate of each month, counted from 1."""
    return [(month, term.pct) for term in terms for month in range(term.first, term.last + 1)]


def _first_year(terms: tuple[PriceTerm, ...]) -> int:
    """The sum of the rates of months 1 to 12."""
    return sum(term.pct * max(min(term.last, YEAR) - term.first + 1, 0) for term in terms)


def _half_up(amount: int, parts: int) -> int:
    return (2 * amount + parts) // (2 * parts)


def _absurd(sentence: str) -> Refused:
    return Refused(RefusalType.ABSURD_FIGURE, sentence)
