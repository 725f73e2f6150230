"""Writes a portfolio through the ports. The same folder twice changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from adapters.billing.port import BillingPort
from adapters.clock import utc_now
from adapters.crm.port import CrmPort
from adapters.directory.port import DirectoryPort
from adapters.facts.port import FactsPort
from adapters.portfolio import records, tables
from adapters.portfolio.known import known_of
from adapters.portfolio.load_facts import load_facts
from adapters.portfolio.read import read_portfolio
from adapters.portfolio.tally import Entry, RecordT, Tally
from adapters.usage.port import UsagePort
from models.crm import AccountRecord
from models.directory import AwayTime
from models.facts_policy import FactWords
from models.faults import PermanentFault
from models.portfolio import FileReport, ImportReport, Portfolio, RowError
from models.told import Row


class Ports(Protocol):
    """Where a portfolio goes."""

    @property
    def directory(self) -> DirectoryPort:
        """The team directory."""
        ...

    @property
    def crm(self) -> CrmPort:
        """Accounts, contacts and seats."""
        ...

    @property
    def billing(self) -> BillingPort:
        """Subscriptions."""
        ...

    @property
    def facts(self) -> FactsPort:
        """Tickets, NPS answers, signals, figures and payments."""
        ...

    @property
    def usage(self) -> UsagePort:
        """The history of product use."""
        ...


async def import_portfolio(
    folder: Path, ports: Ports, today: date | None = None, words: FactWords | None = None
) -> ImportReport:
    """Read the CSV files of ``folder`` and write their good rows through the ports.

    Rows are compared with what the ports know, so that only new and changed ones are written. ``today`` is the last day
    (UTC) that a fact may have. Rows that a port refuses for good become errors of the report; a ``TransientFault`` is
    raised, and the import can be run again.
    """
    known = await known_of(ports, folder)
    return await load_portfolio(read_portfolio(folder, today, words, known), ports)


async def load_portfolio(portfolio: Portfolio, ports: Ports) -> ImportReport:
    """Write the rows of a portfolio through the ports, and report per file what became of them."""
    tallies = [
        await _load_people(portfolio, ports.directory),
        await _load_absences(portfolio, ports.directory),
        await _load_accounts(portfolio, ports),
        await _load_contacts(portfolio, ports.crm),
        await _load_seats(portfolio, ports),
        *await load_facts(portfolio, ports.facts, ports.usage, utc_now()),
    ]
    errors = (*portfolio.errors, *(error for tally in tallies for error in tally.errors))
    files = tuple(_file_report(tally, errors) for tally in tallies)
    touched = sorted({account for tally in tallies for account in tally.accounts})
    return ImportReport(files=files, errors=errors, notes=portfolio.notes, accounts=tuple(touched))


def _file_report(tally: Tally, errors: Sequence[RowError]) -> FileReport:
    refused = {error.line for error in errors if error.file == tally.file and error.line > 1}
    return FileReport(
        file=tally.file,
        created=tally.created,
        changed=tally.changed,
        unchanged=tally.unchanged,
        refused=len(refused),
    )


async def _load_people(portfolio: Portfolio, directory: DirectoryPort) -> Tally:
    known = {person.id: person for person in await directory.people()}
    entries = [Entry(row, row.id, records.person_record(row)) for row in portfolio.people]
    return await _put_each(tables.PEOPLE.file, entries, known, directory.put_person)


async def _load_absences(portfolio: Portfolio, directory: DirectoryPort) -> Tally:
    zones = {row.id: row.time_zone for row in portfolio.people}
    joined = await directory.joined_all(tuple(sorted({row.person for row in portfolio.absences})))
    known = {
        (found.person.id, absence.start): AwayTime(person=found.person.id, start=absence.start, end=absence.end)
        for found in joined
        for absence in found.person.absences
    }
    tally = Tally(tables.ABSENCES.file)
    for row in portfolio.absences:
        planned = records.away_time(row, zones[row.person])
        old = known.get((planned.person, planned.start))
        # the port tells when somebody is away, not why, so that a changed reason alone is not seen
        new = planned.model_copy(update={"reason": ""})
        if old == new or await _taken(tally, row, directory.add_absence(planned)):
            tally.count(old, new)
    return tally


async def _load_accounts(portfolio: Portfolio, ports: Ports) -> Tally:
    known = {account.id: account for account in await ports.crm.accounts()}
    primary = {row.account: row.id for row in portfolio.contacts if row.primary}
    taxes = {row.id: row.tax for row in portfolio.accounts}
    entries = [
        Entry(row, row.id, records.still_left(records.account_record(row, primary.get(row.id)), known.get(row.id)))
        for row in portfolio.accounts
    ]

    async def put(account: AccountRecord) -> None:
        await ports.crm.put_account(account)
        if opening := records.subscription(account, taxes[account.id]):
            with suppress(PermanentFault):  # billing has its own subscription of the account, and that one stands
                await ports.billing.open_subscription(opening)

    return await _put_each(tables.ACCOUNTS.file, entries, known, put, lambda account: account.id)


async def _load_contacts(portfolio: Portfolio, crm: CrmPort) -> Tally:
    accounts = {account.id for account in await crm.accounts()} & {row.account for row in portfolio.contacts}
    known = {contact.id: contact for account in sorted(accounts) for contact in await crm.contacts(account)}
    entries = [Entry(row, row.id, records.contact_record(row)) for row in portfolio.contacts]
    return await _put_each(tables.CONTACTS.file, entries, known, crm.put_contact, lambda contact: contact.account_id)


async def _load_seats(portfolio: Portfolio, ports: Ports) -> Tally:
    people = [person.id for person in await ports.directory.people()]
    held = [seat for person in people for seat in await ports.crm.seats_held(person)]
    known = {(seat.account_id, seat.role): seat for seat in held}
    entries = [Entry(row, (row.account, row.role), records.seat_record(row)) for row in portfolio.seats]
    return await _put_each(tables.SEATS.file, entries, known, ports.crm.put_seat)


async def _put_each(
    file: str,
    entries: Sequence[Entry[RecordT]],
    known: Mapping[Any, RecordT],
    put: Callable[[RecordT], Awaitable[None]],
    whose: Callable[[RecordT], str] | None = None,
) -> Tally:
    """Write new and changed records one by one; one that the port refuses for good is an error of its row."""
    tally = Tally(file)
    for entry in entries:
        old = known.get(entry.key)
        if old == entry.record or await _taken(tally, entry.row, put(entry.record)):
            tally.count(old, entry.record)
            tally.accounts |= {whose(entry.record)} if whose and old != entry.record else set()
    return tally


async def _taken(tally: Tally, row: Row, writing: Awaitable[None]) -> bool:
    try:
        await writing
    except PermanentFault as fault:
        right = "a row that the system it is written to accepts"
        tally.errors.append(RowError(file=tally.file, line=row.line, wrong=fault.sentence, right=right))
        return False
    return True
