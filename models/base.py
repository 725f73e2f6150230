"""The two kinds of model, and the field types that all of them share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from models.plain_text import as_line, as_text

_YEARS = range(2000, 2200)  # what a business speaks of; far beyond it, counting on from a moment would overflow


def _to_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment lies in a year that a calendar has") from None


def _of_this_age(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise ValueError(f"a moment lies in the years {_YEARS.start} to {_YEARS.stop - 1}")
    return moment


Utc = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An aware moment, kept in UTC. A naive one is refused."""

Given = Annotated[AwareDatetime, AfterValidator(_of_this_age), AfterValidator(_to_utc)]
"""A moment that somebody names. One of another century is refused; what a case counts on from it has room."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}$")]
"""An opaque id that is safe in a workflow id, a key and a search attribute."""

StepId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}(/\d{1,6})?$")]
"""The id of a step; one that recurs has its number behind it, as ``weekly_update/2``."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), BeforeValidator(as_text)]
"""Something a person wrote: never empty, never endless, since a case that outgrows its payloads stands still."""

Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), BeforeValidator(as_text)]
"""Something a person may leave out."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), BeforeValidator(as_line)]
"""What a thing is called, on one line."""

LineRemark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), BeforeValidator(as_line)]
"""The same where a person may leave it out."""


class Record(BaseModel):
    """What is stored: a field of a newer version is ignored, one of an older version has a default."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Request(BaseModel):
    """What somebody asks for: a field that is not of the contract is refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Command(Request):
    """A command of a person."""

    by: Id
