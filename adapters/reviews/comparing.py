"""What billing, access and the CRM say of accounts, beside what the book says; nothing is decided here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from adapters.access.port import AccessPort
from adapters.billing.port import BillingPort
from adapters.book.port import BookPort
from adapters.crm.port import CrmPort
from models.access import AccessState
from models.billing import BillingState
from models.book import CaseEntry, CaseFilter
from models.cancellation import CancellationOutcome
from models.case import CaseKind
from models.crm import AccountRecord, SeatRecord
from models.faults import PermanentFault
from models.people import RoleId
from models.reconciling import Compared, Difference

_ALL = 100_000
_BILLED = (Difference.BILLED_AFTER_CLOSURE, Difference.CANCELLED_ELSEWHERE)


@dataclass(frozen=True)
class Comparing:
    """The ports that are read back, and the book."""

    crm: CrmPort
    book: BookPort
    billing: BillingPort
    access: AccessPort

    async def all(self, kind: Difference, since: datetime, at: datetime, lead: RoleId) -> list[Compared]:
        """Every account that may differ in this way: of those who left since a moment (UTC), or of those who are here."""
        accounts = await self.crm.accounts()
        cases = await self._cases(since)
        wanted = [one for one in accounts if _may(kind, one, cases[one.id])]
        return [await self._read(kind, one, cases[one.id], at, lead) for one in wanted]

    async def one(self, kind: Difference, account_id: str, at: datetime, lead: RoleId) -> Compared:
        """How one account stands now, however long ago it left."""
        account = await self.crm.account(account_id)
        cases = (await self._cases(None, account_id))[account_id]
        return await self._read(kind, account, cases, at, lead)

    async def open_reviews(self) -> tuple[str, ...]:
        """The workflow ids of the reviews that somebody is asked for now."""
        open_ones = CaseFilter(kind=CaseKind.REVIEW, open_only=True, limit=_ALL)
        return tuple(entry.workflow_id for entry in await self.book.cases(open_ones))

    async def _cases(self, since: datetime | None, account_id: str | None = None) -> dict[str, list[CaseEntry]]:
        found: dict[str, list[CaseEntry]] = defaultdict(list)
        for entry in await self.book.cases(CaseFilter(since=since, account_id=account_id, limit=_ALL)):
            found[entry.account_id].append(entry)
        return found

    async def _read(
        self, kind: Difference, account: AccountRecord, cases: list[CaseEntry], at: datetime, lead: RoleId
    ) -> Compared:
        left = _left(account, cases)
        if left and left.closed_at and await self.book.came_back(account.id, left.closed_at.date()):
            left = None
        return Compared(
            account=account,
            left=left,
            open=tuple(entry for entry in cases if entry.closed_at is None),
            billing=await self._billing(account.id, at) if kind in _BILLED else None,
            access=await self._access(account.id) if kind is Difference.ACCESS_AFTER_CLOSURE else None,
            lead=await self._lead(account.id, cases, lead) if kind is Difference.OWNER_CHANGED else None,
        )

    async def _billing(self, account_id: str, at: datetime) -> BillingState | None:
        try:
            return await self.billing.read_back(account_id, at.date())
        except PermanentFault as fault:
            if fault.kind != "UnknownSubscription":
                raise
            return None

    async def _access(self, account_id: str) -> AccessState | None:
        try:
            return await self.access.read_back(account_id)
        except PermanentFault as fault:
            if fault.kind != "UnknownAccount":
                raise
            return None

    async def _lead(self, account_id: str, cases: Iterable[CaseEntry], role: RoleId) -> SeatRecord | None:
        """The seat of whoever leads the account, by the CRM."""
        team = (await self.crm.account_file(account_id)).team
        seat = next((seat for seat in team.seats if seat.role == role), None)
        if seat is None or not any(entry.closed_at is None for entry in cases):
            return None
        return SeatRecord(account_id=account_id, role=role, person=seat.person, deputy=seat.deputy)


def _left(account: AccountRecord, cases: Iterable[CaseEntry]) -> CaseEntry | None:
    """The last cancellation by which a customer left who is none any more."""
    ended = [
        entry
        for entry in cases
        if entry.kind == CaseKind.CANCELLATION and entry.outcome == CancellationOutcome.LEFT and entry.closed_at
    ]
    return None if account.active else max(ended, key=lambda entry: entry.opened_at, default=None)


def _may(kind: Difference, account: AccountRecord, cases: list[CaseEntry]) -> bool:
    """Whether it is worth asking the other system about an account."""
    match kind:
        case Difference.CANCELLED_ELSEWHERE:
            return account.active
        case Difference.OWNER_CHANGED:
            return any(entry.closed_at is None for entry in cases)
        case _:
            return _left(account, cases) is not None
