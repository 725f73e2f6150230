"""The value summary (SAVE-10, SAVE-11, TMPL-3, TMPL-10, TMPL-11) and the ROI model (PLAY-51)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from models.account import Money
from models.usage import Period
from models.value import Ask, CostLine, Quote, RoiInputs, RoiModel, ValueFacts, ValueSummary
from rules.brief import compared

_MONTHS_PER_YEAR = 12
_TENTH = Decimal("0.1")
_NAMES = {"alternative": "the alternative", "manual": "work by hand"}


def value_summary(facts: ValueFacts, period: Period) -> ValueSummary:
    """What the product did for this customer in a period, from what was measured, said and given."""
    measured = compared(facts.usage, period, facts.rules)
    return ValueSummary(
        account_id=facts.account.id,
        account_name=facts.account.name,
        period=period,
        quantitative=tuple(each for each in measured if each.now.measured_days),
        qualitative=_quotes(facts, period),
        ours=facts.account.arr,
        comparative=tuple(_costs(facts)),
        asks=tuple(_asks(facts)),
        source=facts.figures.source,
    )


def _quotes(facts: ValueFacts, period: Period) -> tuple[Quote, ...]:
    """Their own words of praise, the latest first (SAVE-10 b)."""
    found = (*_answers(facts, period), *_tickets(facts, period))
    return tuple(sorted(found, key=lambda quote: (quote.day, quote.where), reverse=True))


def _answers(facts: ValueFacts, period: Period) -> Iterator[Quote]:
    names = {contact.id: contact.name for contact in facts.contacts}
    for answer in facts.nps:
        said = answer.comment.strip()
        if said and answer.score >= facts.rules.praise_from_score and period.holds(answer.at.date()):
            yield Quote(text=said, day=answer.at.date(), where="nps", name=names.get(answer.contact_id, ""))


def _tickets(facts: ValueFacts, period: Period) -> Iterator[Quote]:
    for ticket in facts.tickets:
        said, day = ticket.text.strip(), ticket.opened_at.date()
        if said and ticket.sentiment in facts.rules.positive_sentiments and period.holds(day):
            yield Quote(text=said, day=day, where=ticket.id)


def _costs(facts: ValueFacts) -> Iterator[CostLine]:
    """What they would pay without us, as far as a person gave figures (SAVE-10 c, PLAY-49)."""
    figures, ours = facts.figures, facts.account.arr
    if figures.alternative is not None:
        difference = _less(figures.alternative, ours)
        name = figures.alternative_name
        yield CostLine(what="alternative", name=name, yearly=figures.alternative, difference=difference)
    if figures.manual_hours is not None and figures.hourly_rate is not None:
        by_hand = _times(figures.hourly_rate, figures.manual_hours)
        difference = _less(by_hand, ours)
        hours, rate = figures.manual_hours, figures.hourly_rate
        yield CostLine(what="manual", yearly=by_hand, difference=difference, hours=hours, rate=rate)


def _asks(facts: ValueFacts) -> Iterator[Ask]:
    figures = facts.figures
    given = {
        "alternative": figures.alternative,
        "manual_hours": figures.manual_hours,
        "hourly_rate": figures.hourly_rate,
    }
    yield from (Ask(what=what) for what, figure in given.items() if figure is None)


def losses(summary: ValueSummary) -> tuple[str, ...]:
    """What of a summary argues against us, for whoever is about to show it: use that fell, and a cheaper comparison."""
    fell = (one for one in summary.quantitative if one.change_pct is not None and one.change_pct < 0)
    used = (f"{one.now.metric.replace('_', ' ')} {one.change_pct:+d} % a day" for one in fell)
    cheaper = (cost for cost in summary.comparative if cost.difference.minor < 0)
    paid = (
        f"{cost.name or _NAMES[cost.what]} costs {_amount(cost.difference)} a year less than we do" for cost in cheaper
    )
    return (*used, *paid)


def losses_of(model: RoiModel) -> tuple[str, ...]:
    """The same of an ROI model: a year that returns less than its price."""
    return (f"the year returns {_amount(model.net)} less than its price",) if model.net.minor < 0 else ()


def _amount(money: Money) -> str:
    return f"{money.currency} {abs(money.major):,.0f}"


def roi(inputs: RoiInputs) -> RoiModel:
    """The return of a year: labour saved, revenue enabled and cost avoided, net of the yearly price (PLAY-51)."""
    nothing = Money(minor=0, currency=inputs.price.currency)
    labour = _times(inputs.hourly_rate or nothing, inputs.hours_saved)
    revenue, avoided = inputs.revenue_enabled or nothing, inputs.cost_avoided or nothing
    benefit = nothing.model_copy(update={"minor": labour.minor + revenue.minor + avoided.minor})
    net = _less(benefit, inputs.price)
    return RoiModel(
        inputs=inputs,
        labour_saved=labour,
        revenue_enabled=revenue,
        cost_avoided=avoided,
        benefit=benefit,
        net=net,
        return_pct=round(Decimal(net.minor) / inputs.price.minor * 100),
        payback_months=_payback(inputs.price, benefit),
    )


def _payback(price: Money, benefit: Money) -> Decimal | None:
    """After how many months the benefit has paid the yearly price, rounded up to a tenth."""
    if not benefit.minor:
        return None
    return (Decimal(price.minor * _MONTHS_PER_YEAR) / benefit.minor).quantize(_TENTH, ROUND_UP)


def _times(rate: Money, hours: Decimal) -> Money:
    minor = (rate.minor * hours).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(minor=int(minor), currency=rate.currency)


def _less(amount: Money, other: Money) -> Money:
    return Money(minor=amount.minor - other.minor, currency=amount.currency)
