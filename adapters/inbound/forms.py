"""What the forms in JSON share: a JSON object of bounded depth, and moments as they are written."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.inbound.cleaning import one_line
from adapters.inbound.fault import Unreadable
from models import misfit

Model = TypeVar("Model", bound=BaseModel)


class Shape(BaseModel):
    """A part of a payload of others: what is not read is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


def json_object(content: bytes) -> dict[str, Any]:
    """The payload. Raises ``Unreadable`` for what is no JSON object."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is no JSON ({one_line(str(error), 120)}); ask for the payload again") from error
    if not isinstance(found, dict):
        raise Unreadable("this JSON is no object of a helpdesk or of the portal; send the payload as it was given out")
    return found


def shaped(model: type[Model], payload: dict[str, Any], what: str) -> Model:
    """The payload as the model. Raises ``Unreadable`` with the first thing that does not fit."""
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        sentence = one_line(f"this is no {what}: {misfit.named(error.errors()[0])}")
        raise Unreadable(f"{sentence}; ask for the payload again") from error


def moment(text: str) -> datetime | None:
    """A moment in ISO text as UTC; none for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
        at = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if 2000 <= at.year < 2200 else None


def day(text: str) -> date | None:
    """A day in ISO text, or that of a moment; none for anything else."""
    try:
        found = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None
