"""The tables of incidents and product gaps that cases share."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from models.tables.columns import long_text, moment, natural


class IncidentRow(SQLModel, table=True):
    """An incident or a product gap."""

    __tablename__ = "incidents"
    id: str = natural()
    kind: str
    title: str
    opened_by: str
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(default=None, nullable=True)


class IncidentProgressRow(SQLModel, table=True):
    """A note of its progress; written once."""

    __tablename__ = "incident_progress"
    incident_id: str = natural()
    number: int = natural()
    at: datetime = moment()
    by: str
    text: str = long_text()
    estimate: datetime | None = moment(default=None, nullable=True)
    closes: bool = False


class IncidentLinkRow(SQLModel, table=True):
    """A case that shares it, or did until it left."""

    __tablename__ = "incident_links"
    incident_id: str = natural()
    case_id: str = natural()
    account_id: str
    workflow_id: str
    by: str
    at: datetime = moment()
    left_at: datetime | None = moment(default=None, nullable=True)
    left_by: str | None = None
    left_because: str = long_text()
