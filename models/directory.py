"""The team directory: the people who work on cases, with the names and addresses that a case never carries (AMB-41)."""

from __future__ import annotations

from datetime import time

from pydantic import Field

from models.base import Id, Record, Utc
from models.calendar import Shift
from models.people import PersonId, RoleId

Hours = tuple[Shift, ...]
"""The stretches of work of one local day."""

Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
"""The stretches of work of each weekday, Monday first."""

OFFICE_HOURS: Hours = (Shift(start=time(9), end=time(13)), Shift(start=time(14), end=time(18)))


class WorkingTime(Record):
    """When someone works: time zone, holiday region (``MY-14``, ``ID``, ``US-CA``) and local hours.

    ``hours`` hold on every day that is no weekend of the region; ``week`` replaces them where the days differ.
    Without a region there are no public holidays and the weekend is Saturday and Sunday.
    """

    time_zone: str = "UTC"
    region: str = ""
    hours: Hours = OFFICE_HOURS
    week: Week | None = None


class DirectoryPerson(Record):
    """A person as the directory keeps them."""

    id: Id
    name: str = Field(min_length=1)
    email: str
    title: str = ""
    phone: str = ""
    locale: str = "en"
    roles: tuple[RoleId, ...] = ()
    active: bool = True
    works: WorkingTime = WorkingTime()


class AwayTime(Record):
    """A planned absence from ``start`` until ``end`` (UTC, end not included), with its reason for the team."""

    person: PersonId
    start: Utc
    end: Utc
    reason: str = ""


class Card(Record):
    """What is needed to write to a person, or to sign in their name."""

    id: PersonId
    name: str
    email: str
    title: str = ""
    phone: str = ""
    locale: str = "en"
    time_zone: str = "UTC"
