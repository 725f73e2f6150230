"""From the records of a CRM and the people of the directory to the file that a case reads when it opens."""

from __future__ import annotations

from datetime import datetime

from adapters.directory.calendars import Years, snapshot
from adapters.directory.port import DirectoryPort
from models.account import Account, AccountFile
from models.crm import AccountRecord, SeatRecord
from models.effects import Joined
from models.people import PersonId, Seat, Team


async def account_file(
    record: AccountRecord,
    seats: tuple[SeatRecord, ...],
    extra: tuple[PersonId, ...],
    directory: DirectoryPort,
    at: datetime,
    *,
    email_only: bool,
) -> AccountFile:
    """The file of an account; the team is everyone with a seat, their deputies, and ``extra``.

    ``at`` (UTC) places the calendars; ``email_only`` is the wish of the account's contact (DIS-7). People
    whom the directory does not know are left out.
    """
    holders = tuple(person for seat in seats for person in (seat.person, seat.deputy) if person)
    joined = await directory.joined_all((*holders, *extra))
    return AccountFile(account=_facts(record, at, email_only=email_only), team=_team(seats, joined))


def _facts(record: AccountRecord, at: datetime, *, email_only: bool) -> Account:
    shared = {name: value for name, value in record if name in Account.model_fields}
    return Account(**shared, calendar=snapshot(record.works, Years.around(at)), email_only=email_only)


def _team(seats: tuple[SeatRecord, ...], joined: tuple[Joined, ...]) -> Team:
    calendars = {each.calendar.id: each.calendar for each in joined}
    return Team(
        seats=tuple(Seat(role=seat.role, person=seat.person, deputy=seat.deputy) for seat in seats),
        people=tuple(each.person for each in joined),
        calendars=tuple(calendars.values()),
    )
