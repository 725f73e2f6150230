"""The tables of the team directory."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from models.directory import Hours, Week
from models.tables.columns import moment, natural, shaped


class PersonRow(SQLModel, table=True):
    """A person of the directory."""

    __tablename__ = "people"
    id: str = natural()
    name: str
    email: str
    title: str = ""
    phone: str = ""
    locale: str = "en"
    roles: tuple[str, ...] = shaped(tuple[str, ...], default=())
    active: bool = True
    time_zone: str = "UTC"
    region: str = ""
    hours: Hours = shaped(Hours, default=())
    week: Week | None = shaped(Week, default=None, nullable=True)


class AbsenceRow(SQLModel, table=True):
    """A planned absence."""

    __tablename__ = "absences"
    person: str = natural(foreign_key="people.id")
    start: datetime = moment(primary_key=True)
    end: datetime = moment()
    reason: str = ""
