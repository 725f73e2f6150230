"""Writes the facts of a portfolio through the ports; each says which file it came from."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import timedelta
from functools import partial

from adapters.facts.port import FactsPort
from adapters.portfolio import records, tables, told
from adapters.portfolio.table import RowT, Table
from adapters.portfolio.tally import Entry, Tally, put_all
from adapters.usage.port import UsagePort
from models.base import Utc
from models.facts import Origin, UsageDay
from models.portfolio import Portfolio


async def load_facts(portfolio: Portfolio, facts: FactsPort, usage: UsagePort, at: Utc) -> tuple[Tally, ...]:
    """Write what is new or changed, received at ``at``, and tell per file what became of the rows."""
    return (
        await _usage(portfolio, usage, at),
        await _tickets(portfolio, facts, at),
        await _nps(portfolio, facts, at),
        await _inbound(portfolio, facts, at),
        await _signals(portfolio, facts, at),
        await _figures(portfolio, facts, at),
        await _payments(portfolio, facts, at),
    )


async def _usage(portfolio: Portfolio, usage: UsagePort, at: Utc) -> Tally:
    rows = portfolio.usage
    known: dict[Hashable, UsageDay] = {}
    if rows:
        since, until = min(row.day for row in rows), max(row.day for row in rows) + timedelta(days=1)
        days = await usage.days_of({row.account for row in rows}, since, until)
        known = {(day.account_id, day.day): day.model_copy(update={"more": {}}) for day in days}
    entries = [Entry(row, (row.account, row.day), records.usage_day(row)) for row in rows]
    return await put_all(tables.USAGE.file, entries, known, partial(usage.put, origin=_from(tables.USAGE, at)))


async def _tickets(portfolio: Portfolio, facts: FactsPort, at: Utc) -> Tally:
    accounts = sorted({row.account for row in portfolio.tickets})
    known = {ticket.id: ticket for account in accounts for ticket in await facts.tickets(account)}
    entries = [Entry(row, row.id, records.ticket_record(row)) for row in portfolio.tickets]
    put = partial(facts.put_tickets, origin=_from(tables.TICKETS, at))
    return await put_all(tables.TICKETS.file, entries, known, put)


async def _nps(portfolio: Portfolio, facts: FactsPort, at: Utc) -> Tally:
    accounts = sorted({row.account for row in portfolio.nps})
    answers = [answer for account in accounts for answer in await facts.nps(account)]
    known = {(answer.account_id, answer.contact_id, answer.at): answer for answer in answers}
    entries = [Entry(row, (row.account, row.contact, row.at), records.nps_answer(row)) for row in portfolio.nps]
    return await put_all(tables.NPS.file, entries, known, partial(facts.put_nps, origin=_from(tables.NPS, at)))


async def _inbound(portfolio: Portfolio, facts: FactsPort, at: Utc) -> Tally:
    known = {fact.id: fact for fact in await facts.inbound()} if portfolio.inbound else {}
    entries = [Entry(row, row.id, records.inbound_fact(row)) for row in portfolio.inbound]
    put = partial(facts.put_inbound, origin=_from(tables.INBOUND, at))
    return await put_all(tables.INBOUND.file, entries, known, put)


async def _signals(portfolio: Portfolio, facts: FactsPort, at: Utc) -> Tally:
    known = {fact.id: fact for fact in await facts.inbound()} if portfolio.signals else {}
    entries = [Entry(row, row.id, records.signal(row)) for row in portfolio.signals]
    put = partial(facts.put_inbound, origin=_from(told.SIGNALS, at))
    return await put_all(told.SIGNALS.file, entries, known, put)


async def _figures(portfolio: Portfolio, facts: FactsPort, at: Utc) -> Tally:
    accounts = sorted({row.account for row in portfolio.figures})
    figures = [figure for account in accounts for figure in await facts.figures(account)]
    known = {(one.account_id, one.kind, one.name, one.day): one for one in figures}
    rows = portfolio.figures
    entries = [Entry(row, (row.account, row.kind, row.name, row.day), records.figure(row)) for row in rows]
    put = partial(facts.put_figures, origin=_from(told.SUBMETRICS, at))
    return await put_all(told.SUBMETRICS.file, entries, known, put)


async def _payments(portfolio: Portfolio, facts: FactsPort, at: Utc) -> Tally:
    accounts = sorted({row.account for row in portfolio.payments})
    known = {payment.id: payment for account in accounts for payment in await facts.payments(account)}
    entries = [Entry(row, row.id, records.payment(row)) for row in portfolio.payments]
    put = partial(facts.put_payments, origin=_from(told.PAYMENTS, at))
    return await put_all(told.PAYMENTS.file, entries, known, put)


def _from(table: Table[RowT], at: Utc) -> Origin:
    return Origin(source=f"csv:{table.file}", received_at=at)
