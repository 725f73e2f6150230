"""What the files of a portfolio must agree on: whoever a row names is in the other file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from adapters.portfolio import tables, told
from adapters.portfolio.sheet import shown
from models.facts import FigureKind
from models.facts_policy import FactWords
from models.portfolio import AccountRow, ContactRow, Portfolio, RowError, RowNote, SeatRow
from models.told import PaymentRow, Row

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True)
class Known:
    """Accounts with their currency, and the ids of people and contacts, as an instance has them."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()


NOBODY = Known()
"""What a new instance knows."""


@dataclass(frozen=True)
class Link:
    """A column that names a row of another file, or ``also`` who is known already; an empty cell is no fault."""

    column: str
    known: Container[str]
    where: str
    also: Collection[str] = ()


def check_portfolio(portfolio: Portfolio, words: FactWords | None = None, known: Known = NOBODY) -> Portfolio:
    """The portfolio without the rows that name somebody or something unknown; those are errors of it now.

    Facts may name also who is ``known`` already.
    """
    errors: list[RowError] = []
    people = Link("person", {row.id for row in portfolio.people}, tables.PEOPLE.file)
    accounts = Link("account", {row.id for row in portfolio.accounts}, tables.ACCOUNTS.file)
    deputies, askers = replace(people, column="deputy"), replace(people, column="by", also=known.people)
    roles = Link("role", {role for row in portfolio.people for role in row.roles}, "the roles of people.csv")
    contacts = linked(tables.CONTACTS.file, portfolio.contacts, (accounts,), errors)
    contacts = _one_primary(contacts, errors)
    answerers = Link("contact", {row.id for row in contacts}, tables.CONTACTS.file, known.contacts)
    customers = replace(accounts, also=known.accounts)
    paid_in = {**known.accounts, **{row.id: row.currency for row in portfolio.accounts}}
    seats = linked(tables.SEATS.file, portfolio.seats, (accounts, people, deputies, roles), errors)
    return portfolio.model_copy(
        update={
            "absences": linked(tables.ABSENCES.file, portfolio.absences, (people,), errors),
            "contacts": contacts,
            "seats": seats,
            "usage": linked(tables.USAGE.file, portfolio.usage, (customers,), errors),
            "tickets": linked(tables.TICKETS.file, portfolio.tickets, (customers,), errors),
            "nps": linked(tables.NPS.file, portfolio.nps, (customers, answerers), errors),
            "inbound": linked(tables.INBOUND.file, portfolio.inbound, (customers, askers), errors),
            **heard(portfolio, customers, askers, words, paid_in, errors),
            "errors": (*portfolio.errors, *errors),
            "notes": (*portfolio.notes, *_notes(portfolio.accounts, contacts, seats)),
        }
    )


def heard(
    portfolio: Portfolio,
    accounts: Link,
    askers: Link,
    words: FactWords | None,
    paid_in: Mapping[str, str],
    errors: list[RowError],
) -> dict[str, tuple[Row, ...]]:
    """The signals, figures and payments whose links lead somewhere, whose words are known and whose money is one."""
    signals = linked(told.SIGNALS.file, portfolio.signals, (accounts, askers), errors)
    figures = linked(told.SUBMETRICS.file, portfolio.figures, (accounts,), errors)
    payments = linked(told.PAYMENTS.file, portfolio.payments, (accounts,), errors)
    if words is not None:
        kinds = Link("kind", set(words.signals), "the signals of detection.yaml")
        names = Link("name", set(words.submetrics), "the sub-metrics of detection.yaml")
        signals = linked(told.SIGNALS.file, signals, (kinds,), errors)
        given = linked(
            told.SUBMETRICS.file, [row for row in figures if row.kind is not FigureKind.KPI], (names,), errors
        )
        figures = tuple(row for row in figures if row.kind is FigureKind.KPI or row in given)
    return {"signals": signals, "figures": figures, "payments": _in_their_currency(paid_in, payments, errors)}


def _in_their_currency(
    paid_in: Mapping[str, str], payments: Sequence[PaymentRow], errors: list[RowError]
) -> tuple[PaymentRow, ...]:
    """The payments in the currency of their account; amounts are never converted."""
    good = []
    for row in payments:
        own = paid_in[row.account]
        if row.currency in ("", own):
            good.append(row)
            continue
        wrong = f"{shown(row.currency)} is not the currency of {row.account}, and amounts are not converted"
        right = f"an amount in {own}"
        errors.append(RowError(file=told.PAYMENTS.file, line=row.line, field="currency", wrong=wrong, right=right))
    return tuple(good)


def linked(file: str, rows: Sequence[RowT], links: Sequence[Link], errors: list[RowError]) -> tuple[RowT, ...]:
    """The rows whose links all lead somewhere; each of the others adds one error per broken link."""
    good = []
    for row in rows:
        broken = list(_broken(file, row, links))
        errors.extend(broken)
        if not broken:
            good.append(row)
    return tuple(good)


def _broken(file: str, row: Row, links: Sequence[Link]) -> Iterator[RowError]:
    for link in links:
        value = getattr(row, link.column)
        if value is None or value in link.known or value in link.also:
            continue
        nor = ", and is not known already" if link.also else ""
        wrong = f"{shown(value)} is not in {link.where}, or has a fault there{nor}"
        right = f"the {link.column} as {link.where} spells it"
        yield RowError(file=file, line=row.line, field=link.column, wrong=wrong, right=right)


def _one_primary(contacts: Sequence[ContactRow], errors: list[RowError]) -> tuple[ContactRow, ...]:
    """A second primary contact of an account is refused as such and kept as a contact."""
    first: dict[str, ContactRow] = {}
    kept = []
    for row in contacts:
        if row.primary and first.setdefault(row.account, row) is not row:
            wrong = f"{shown(row.account)} has its primary contact on line {first[row.account].line}"
            right = "'no', since messages of a case go to one primary contact"
            errors.append(RowError(file=tables.CONTACTS.file, line=row.line, field="primary", wrong=wrong, right=right))
            row = row.model_copy(update={"primary": False})
        kept.append(row)
    return tuple(kept)


def _notes(
    accounts: Sequence[AccountRow], contacts: Sequence[ContactRow], seats: Sequence[SeatRow]
) -> Iterator[RowNote]:
    yield from _currencies(accounts)
    reached = {row.account for row in contacts if row.primary}
    served = {row.account for row in seats}
    yield from _without(accounts, lambda row: row.id in reached, "no primary contact, so no message can be sent to it")
    yield from _without(accounts, lambda row: row.id in served, "nobody on its team, so no case can run for it")


def _without(accounts: Sequence[AccountRow], has: Callable[[AccountRow], bool], lack: str) -> Iterator[RowNote]:
    for row in accounts:
        if not has(row):
            text = f"{row.id} has {lack}"
            yield RowNote(file=tables.ACCOUNTS.file, line=row.line, field="id", text=text)


def _currencies(accounts: Sequence[AccountRow]) -> Iterator[RowNote]:
    found = sorted({row.currency for row in accounts})
    if len(found) > 1:
        text = f"accounts are kept in {len(found)} currencies ({', '.join(found)}); amounts are not converted"
        yield RowNote(file=tables.ACCOUNTS.file, line=0, field="currency", text=text)
