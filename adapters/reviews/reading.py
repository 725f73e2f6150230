"""What reviews are made of, read from the ports; nothing is decided here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
from adapters.usage.bucketed import BUCKETS
from models.account import Account, AccountFile
from models.book import CaseEntry, CaseFilter
from models.case import CaseKind
from models.crm import AccountRecord, SeatRecord
from models.letter import LetterKind, OutboxState
from models.people import PersonId, RoleId, Seat, Team
from models.policy import Policy
from models.review import PrepareReview, ReviewScope
from models.review_page import AccountState, SentLetter
from models.status import Status
from rules.reviews.asked import Led, led

_ALL = 100_000
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

    async def states(self, accounts: Sequence[AccountRecord], asked: PrepareReview, lead: RoleId) -> list[AccountState]:
        """How these accounts are at the moment of the page."""
        ids = {one.id for one in accounts}
        rules = (await self.playbooks.detection()).health
        scores = await self._scores(ids, asked)
        cases, late, found = await self._cases(ids, asked), await self._late(asked.at), await self._alerts(ids)
        csms = {seat.account_id: seat.person for seat in await self.seats(lead)}
        states = []
        for one in accounts:
            before, now = scores.get(one.id, (None, None))
            states.append(
                AccountState(
                    account=one,
                    csm=csms.get(one.id),
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
        ids = {one.id for one in accounts}
        entries = await self.book.cases(CaseFilter(open_only=True, limit=_ALL))
        return [await self.book.status_of(entry.case_id) for entry in entries if entry.account_id in ids]

    async def letters(self, since: date, until: date) -> list[SentLetter]:
        """The letters to customers who leave that went out in these days."""
        kinds = (CaseKind.CANCELLATION, CaseKind.RETENTION, CaseKind.WIN_BACK)
        entries = [entry for kind in kinds for entry in await self.book.cases(CaseFilter(kind=kind, limit=_ALL))]
        accounts = {entry.case_id: entry.account_id for entry in entries}
        sent = await self.outbox.entries((OutboxState.SENT,), tuple(accounts), _ALL)
        return [
            SentLetter(key=one.key, account_id=accounts[case_id], step=one.key.split("/")[1], sent_at=one.sent_at)
            for one in sent
            if (case_id := one.letter.case_id) in accounts
            and one.letter.kind is LetterKind.CUSTOMER
            and one.sent_at
            and since <= one.sent_at.date() < until
        ]

    async def _scores(self, ids: set[str], asked: PrepareReview) -> dict[str, tuple[float | None, float | None]]:
        """The score of each account when the period began, and now; None where there was none lately."""
        today = asked.at.date() + timedelta(days=1)
        frame = await self.health.scores(range(BUCKETS), min(asked.since, today - _STALE) - _STALE, today)
        own = frame.filter(pl.col("account_id").is_in(sorted(ids)) & pl.col("score").is_not_null()).sort("day")
        days: dict[str, list[tuple[date, float]]] = defaultdict(list)
        for account, day, score in own.select("account_id", "day", "score").iter_rows():
            days[account].append((day, score))
        return {one: (_last(known, asked.since), _last(known, today)) for one, known in days.items()}

    async def _cases(self, ids: set[str], asked: PrepareReview) -> dict[str, list[CaseEntry]]:
        """The open cases of accounts, and those that ended in the days that are looked back on or since."""
        since = datetime.combine(asked.since, time(), tzinfo=UTC)
        found: dict[str, list[CaseEntry]] = defaultdict(list)
        for entry in await self.book.cases(CaseFilter(limit=_ALL)):
            of_them = entry.account_id in ids and entry.kind != CaseKind.REVIEW
            if of_them and (entry.closed_at is None or entry.closed_at >= since):
                found[entry.account_id].append(entry)
        return found

    async def _late(self, at: datetime) -> dict[str, int]:
        late: dict[str, int] = defaultdict(int)
        for step in await self.book.overdue(at):
            late[step.account_id] += 1
        return late

    async def _alerts(self, ids: set[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for alert in await self.alerts.entries():
            if alert.account_id in ids:
                found[alert.account_id].append(alert.rule)
        return found


def _last(known: Sequence[tuple[date, float]], before: date) -> float | None:
    """The last score before that day, where it is not too old to count."""
    return next((score for day, score in reversed(known) if before - _STALE <= day < before), None)
