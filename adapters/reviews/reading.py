"""What reviews are made of, read from the ports; nothing is decided here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from adapters.alerts.port import AlertsPort
from adapters.book.port import BookPort
from adapters.crm.port import CrmPort
from adapters.directory.port import DirectoryPort
from adapters.email.outbox import Outbox
from adapters.health.port import HealthPort
from adapters.incidents.port import IncidentsPort
from adapters.playbooks.port import PlaybookPort
from adapters.reviews.comparing import Comparing
from models.account import Account, AccountFile
from models.book import CaseEntry, CaseFilter
from models.case import CaseKind
from models.crm import AccountRecord, SeatRecord
from models.letter import LetterKind
from models.people import PersonId, RoleId, Seat, Team
from models.policy import Policy
from models.review import PrepareReview, ReviewScope
from models.review_page import AccountState, SentLetter
from models.status import Status
from rules.reviews.asked import Led, led

_ALL = 100_000
_PIECE = 500
_LEAVING = (CaseKind.CANCELLATION, CaseKind.RETENTION, CaseKind.WIN_BACK)
_STALE = timedelta(days=14)
"""A score older than this says nothing of today."""


@dataclass(frozen=True)
class ReviewSources:
    """The ports that know the accounts, the cases, the letters and the people."""

    crm: CrmPort
    directory: DirectoryPort
    book: BookPort
    playbooks: PlaybookPort
    health: HealthPort
    alerts: AlertsPort
    outbox: Outbox
    incidents: IncidentsPort
    comparing: Comparing

    async def seats(self, *roles: RoleId) -> tuple[SeatRecord, ...]:
        """Every seat of these roles, by person, also of those who have left."""
        holders = [person.id for person in await self.directory.people()]
        found = [await self.crm.seats_held(person) for person in holders]
        own = ((person, seat) for person, seats in zip(holders, found, strict=True) for seat in seats)
        return tuple(seat for person, seat in own if seat.role in roles and seat.person == person)

    async def led(self, scope: ReviewScope, policy: Policy) -> Led:
        """Who holds the reviews of a team or of a CSM's accounts, account by account."""
        first = policy.manager_role if scope is ReviewScope.TEAM else policy.lead_role
        line = tuple(dict.fromkeys((first, policy.manager_role, policy.executive_role)))
        active = {person.id for person in await self.directory.people() if person.active}
        return led(await self.crm.accounts(), await self.seats(*line), line, active)

    async def began(self, workflow_id: str) -> CaseEntry | None:
        """The review of that workflow id, as the book has it; None where it never was, or was turned away."""
        found = await self.book.cases(CaseFilter(workflow_id=workflow_id))
        return next((entry for entry in found if entry.outcome != "rejected"), None)

    async def saves(self) -> tuple[str, ...]:
        """The accounts with an open save."""
        wanted = CaseFilter(open_only=True, kind=CaseKind.SAVE, limit=_ALL)
        return tuple(entry.account_id for entry in await self.book.cases(wanted))

    async def file(self, account: Account, seats: Sequence[Seat]) -> AccountFile:
        """The file of a review that is about no account: its people with their calendars."""
        ids = tuple(person for seat in seats for person in (seat.person, seat.deputy) if person)
        joined = await self.directory.joined_all(ids)
        calendars = {one.calendar.id: one.calendar for one in joined}
        people = tuple(one.person for one in joined)
        team = Team(seats=tuple(seats), people=people, calendars=tuple(calendars.values()))
        own = next((calendars[one.calendar] for one in people), account.calendar)
        return AccountFile(account=account.model_copy(update={"calendar": own}), team=team)

    async def names(self) -> dict[PersonId, str]:
        """What everybody is called."""
        return {person.id: person.name for person in await self.directory.people()}

    async def accounts(self, scope: ReviewScope, asked: PrepareReview, policy: Policy) -> tuple[AccountRecord, ...]:
        """The accounts that a review is of: those of its person, the one account, or all that are customers."""
        everybody = await self.crm.accounts()
        if scope is ReviewScope.STRATEGIC_ACCOUNT:
            return tuple(one for one in everybody if one.id == asked.subject)
        if scope is ReviewScope.COMPANY:
            return everybody
        held = (await self.led(scope, policy)).seats
        own = {seat.account_id for seat in held if seat.person == asked.subject}
        return tuple(one for one in everybody if one.id in own)

    async def states(self, accounts: Sequence[AccountRecord], asked: PrepareReview) -> list[AccountState]:
        """How these accounts are at the moment of the page."""
        ids = {one.id for one in accounts}
        rules = (await self.playbooks.detection()).health
        scores = await self._scores(ids, asked)
        cases, late, found = await self._cases(ids, asked), await self._late(asked.at), await self._alerts(ids)
        states = []
        for one in accounts:
            before, now = scores.get(one.id, (None, None))
            states.append(
                AccountState(
                    account=one,
                    before=before,
                    score=now,
                    band=rules.band_of(now).name if now is not None else "",
                    open=tuple(entry for entry in cases[one.id] if entry.closed_at is None),
                    ended=tuple(entry for entry in cases[one.id] if entry.closed_at is not None),
                    late=late[one.id],
                    alerts=tuple(found[one.id]),
                )
            )
        return states

    async def statuses(self, accounts: Sequence[AccountRecord]) -> list[Status]:
        """The open cases of these accounts, each whole."""
        ids = sorted(one.id for one in accounts)
        pieces = [await self.book.cases(_cases_of(piece, open_only=True)) for piece in _pieces(ids)]
        return [await self.book.status_of(entry.case_id) for entries in pieces for entry in entries]

    async def letters(self, since: date, until: date) -> list[SentLetter]:
        """The letters to customers who leave that went out in these days."""
        sent = await self.outbox.sent(_starts(since), _starts(until))
        theirs = [one for one in sent if one.letter.kind is LetterKind.CUSTOMER]
        accounts: dict[str, str] = {}
        for piece in _pieces(sorted({one.letter.case_id for one in theirs})):
            found = await self.book.cases(CaseFilter(case_ids=piece, limit=len(piece)))
            accounts |= {entry.case_id: entry.account_id for entry in found if entry.kind in _LEAVING}
        return [
            SentLetter(key=one.key, account_id=accounts[case_id], step=one.key.split("/")[1], sent_at=one.sent_at)
            for one in theirs
            if (case_id := one.letter.case_id) in accounts and one.sent_at
        ]

    async def _scores(self, ids: set[str], asked: PrepareReview) -> dict[str, tuple[float | None, float | None]]:
        """The score of each account when the period began, and now; None where there was none lately."""
        today = asked.at.date() + timedelta(days=1)
        buckets = sorted({self.health.bucket(one) for one in ids})
        before, now = [await self._last_scores(buckets, ids, day) for day in (asked.since, today)]
        return {one: (before.get(one), now.get(one)) for one in before.keys() | now.keys()}

    async def _last_scores(self, buckets: Sequence[int], ids: set[str], until: date) -> dict[str, float]:
        """The last score of each account before that day, where it is not too old to count."""
        frame = await self.health.scores(buckets, until - _STALE, until)
        known = frame.filter(pl.col("score").is_not_null() & pl.col("account_id").is_in(sorted(ids)))
        last = known.group_by("account_id").agg(pl.col("score").sort_by("day").last())
        return dict(last.select("account_id", "score").iter_rows())

    async def _cases(self, ids: set[str], asked: PrepareReview) -> dict[str, list[CaseEntry]]:
        """The open cases of accounts, and those that ended in the days that are looked back on or since."""
        found: dict[str, list[CaseEntry]] = defaultdict(list)
        for piece in _pieces(sorted(ids)):
            for entry in await self.book.cases(_cases_of(piece, since=_starts(asked.since))):
                if entry.kind != CaseKind.REVIEW:
                    found[entry.account_id].append(entry)
        return found

    async def _late(self, at: datetime) -> dict[str, int]:
        late: dict[str, int] = defaultdict(int)
        for step in await self.book.overdue(at):
            late[step.account_id] += 1
        return late

    async def _alerts(self, ids: set[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for piece in _pieces(sorted(ids)):
            for alert in await self.alerts.entries(*piece):
                found[alert.account_id].append(alert.rule)
        return found


def _pieces(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The ids, so many at a time as a query takes."""
    for first in range(0, len(ids), _PIECE):
        yield tuple(ids[first : first + _PIECE])


def _cases_of(ids: tuple[str, ...], *, open_only: bool = False, since: datetime | None = None) -> CaseFilter:
    return CaseFilter(account_ids=ids, open_only=open_only, since=since, limit=_ALL)


def _starts(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
