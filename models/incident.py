"""What many cases share: an incident or a product gap, recorded once, with its progress."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from models.base import Id, Record, Utc
from models.people import PersonId


class IncidentKind(StrEnum):
    """Something is broken now, or something is missing in the product."""

    INCIDENT = "incident"
    PRODUCT_GAP = "product_gap"


class Progress(Record):
    """One note of progress. ``number`` counts from 1; ``estimate`` is when it will be solved, as far as is known (UTC)."""

    number: int = Field(ge=1)
    at: Utc
    by: PersonId
    text: str
    estimate: Utc | None = None
    closes: bool = False


class IncidentLink(Record):
    """A case that shares it, or did. ``workflow_id`` is where the case hears of progress.

    ``left_at`` is when it turned out to be linked by mistake; ``left_by`` and ``left_because`` say who said so, and why.
    """

    case_id: str
    account_id: str
    workflow_id: str
    by: PersonId
    at: Utc
    left_at: Utc | None = None
    left_by: PersonId | None = None
    left_because: str = ""


class Incident(Record):
    """An incident or product gap with its progress, the oldest first, the cases that share it, and those that left it."""

    id: Id
    kind: IncidentKind = IncidentKind.INCIDENT
    title: str
    opened_by: PersonId
    opened_at: Utc
    closed_at: Utc | None = None
    progress: tuple[Progress, ...] = ()
    links: tuple[IncidentLink, ...] = ()
    former: tuple[IncidentLink, ...] = ()


class SharedIncident(Record):
    """What a case knows of an incident that it shares: the last progress that it heard."""

    id: Id
    kind: str = IncidentKind.INCIDENT
    title: str = ""
    linked_at: Utc
    number: int = 0
    text: str = ""
    estimate: Utc | None = None
    heard_at: Utc
    closed: bool = False
