"""What would follow if an account cancelled now."""

from __future__ import annotations

from datetime import date

from models.base import Id, Record
from models.eligibility import Verdict
from models.leaving import LeavingPolicy
from models.terms import EndDate


class Prospect(Record):
    """The policy that holds and why, whether there is a save attempt and how many may be made, and the dates.

    The data can be fetched until ``retrievable_until`` and is deleted on ``deleted_on``; the backups are gone by
    ``backups_purged_by``. All three count from the end of the account.
    """

    account_id: Id
    policy: LeavingPolicy
    why: str
    severity: str | None
    verdict: Verdict
    attempts: int
    end: EndDate
    retrievable_until: date
    deleted_on: date
    backups_purged_by: date
