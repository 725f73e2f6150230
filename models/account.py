"""The customer: what a case needs to know of an account, without personal data."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.base import Id, Record
from models.calendar import Calendar
from models.people import Team


class Money(Record):
    """An amount in minor units (cents) of an ISO 4217 currency."""

    minor: int = 0
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")

    @property
    def major(self) -> float:
        """The amount in whole units, for display and for search attributes only."""
        return self.minor / 100


class Account(Record):
    """The facts of an account that rules decide on; names and addresses stay in the CRM (AMB-41).

    ``email_only``: the contact does not want to be called (DIS-7).
    """

    id: Id
    arr: Money = Money()
    tier: str = "standard"
    strategic: bool = False
    customer_since: date | None = None
    renewal_date: date | None = None
    locale: str = "en"
    jurisdiction: str = ""
    calendar: Calendar = Calendar()
    contact_id: str | None = None
    email_only: bool = False


class AccountFile(Record):
    """An account together with its team, as read from the CRM when a case opens.

    ``deferred``: a save of it was put off before, so that something may still wait for the day of that decision.
    """

    account: Account
    team: Team
    deferred: bool = False
