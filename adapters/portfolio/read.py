"""Reads a folder of CSV files into a portfolio: good rows are kept, each broken one is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adapters.portfolio import tables, told
from adapters.portfolio.references import NOBODY, Known, check_portfolio
from adapters.portfolio.rows import Rows, read_rows
from adapters.portfolio.table import RowT, Table
from models.facts_policy import FactWords
from models.portfolio import Portfolio, RowError

_FURTHEST_AHEAD = timedelta(hours=14)


def today_anywhere() -> date:
    """The latest day that it is anywhere on earth at this moment."""
    return (datetime.now(UTC) + _FURTHEST_AHEAD).date()


_FACTS = (tables.USAGE, tables.TICKETS, tables.NPS, tables.INBOUND, told.SIGNALS, told.SUBMETRICS, told.PAYMENTS)


def read_portfolio(
    folder: Path, today: date | None = None, words: FactWords | None = None, known: Known = NOBODY
) -> Portfolio:
    """The portfolio in a folder: people.csv and accounts.csv, and the other files where they are there.

    ``today`` is the last day that a fact may have; by default the present one; ``words`` are the kinds of
    signals and the sub-metrics that are known, any without it. Facts of accounts that are ``known`` already may come
    alone, without the files of people and accounts. Never raises for what a file holds:
    every fault is an error of the portfolio, with file, line, column and what would be right.
    """
    day = today or today_anywhere()
    alone = bool(known.accounts) and any((folder / table.file).exists() for table in _FACTS)
    people = read_file(folder, replace(tables.PEOPLE, required=not alone), day)
    accounts = read_file(folder, replace(tables.ACCOUNTS, required=not alone), day)
    absences, contacts = read_file(folder, tables.ABSENCES, day), read_file(folder, tables.CONTACTS, day)
    seats, usage = read_file(folder, tables.SEATS, day), read_file(folder, tables.USAGE, day)
    tickets, nps = read_file(folder, tables.TICKETS, day), read_file(folder, tables.NPS, day)
    inbound = read_file(folder, tables.INBOUND, day)
    signals, figures = read_file(folder, told.SIGNALS, day), read_file(folder, told.SUBMETRICS, day)
    payments = read_file(folder, told.PAYMENTS, day)
    found = (people, absences, accounts, contacts, seats, usage, tickets, nps, inbound, signals, figures, payments)
    portfolio = Portfolio(
        people=tuple(people.good),
        absences=tuple(absences.good),
        accounts=tuple(accounts.good),
        contacts=tuple(contacts.good),
        seats=tuple(seats.good),
        usage=tuple(usage.good),
        tickets=tuple(tickets.good),
        nps=tuple(nps.good),
        inbound=tuple(inbound.good),
        signals=tuple(signals.good),
        figures=tuple(figures.good),
        payments=tuple(payments.good),
        errors=(*_strangers(folder), *(error for rows in found for error in rows.errors)),
        notes=tuple(note for rows in found for note in rows.notes),
    )
    return check_portfolio(portfolio, words, known)


def read_file(folder: Path, table: Table[RowT], today: date) -> Rows[RowT]:
    """The rows of one file of the folder; a file that may be absent and is gives none."""
    try:
        data = (folder / table.file).read_bytes()
    except FileNotFoundError:
        return Rows(errors=[_unreadable(table, "the file is missing")] if table.required else [])
    except OSError as fault:
        return Rows(errors=[_unreadable(table, f"the file cannot be read ({fault.strerror})")])
    return read_rows(table, data, today)


def _unreadable(table: Table[RowT], wrong: str) -> RowError:
    header = ",".join(column.name for column in table.columns)
    return RowError(file=table.file, line=0, wrong=wrong, right=f"a readable CSV file with the header {header}")


def _strangers(folder: Path) -> list[RowError]:
    names = sorted(path.name for path in folder.glob("*.csv") if path.name not in tables.PORTFOLIO_FILES)
    right = "one of " + ", ".join(sorted(tables.PORTFOLIO_FILES))
    return [RowError(file=name, line=0, wrong="no portfolio has a file of this name", right=right) for name in names]
