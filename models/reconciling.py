"""Where billing, access and the CRM say something else than the book of cases does."""

from __future__ import annotations

from enum import StrEnum

from models.access import AccessState
from models.base import Record
from models.billing import BillingState
from models.book import CaseEntry
from models.crm import AccountRecord, SeatRecord


class Difference(StrEnum):
    """A difference; the review of that name asks a person to put it right."""

    BILLED_AFTER_CLOSURE = "billed_after_closure"
    ACCESS_AFTER_CLOSURE = "access_after_closure"
    CANCELLED_ELSEWHERE = "cancelled_elsewhere"
    OWNER_CHANGED = "owner_changed"


class Compared(Record):
    """What is compared of an account; None where a system does not know it, or was not asked for this difference.

    ``left`` is the last cancellation by which the customer left, None where they are one; ``open`` are its open cases,
    ``lead`` is the seat of whoever leads the account in the CRM.
    """

    account: AccountRecord
    left: CaseEntry | None = None
    open: tuple[CaseEntry, ...] = ()
    billing: BillingState | None = None
    access: AccessState | None = None
    lead: SeatRecord | None = None
