"""What was agreed on a subscription, each under our key, in the metadata of the subscription itself.

Stripe forgets idempotency keys after a day, metadata never: it says what was done already, and to which dates.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from adapters.billing.prorating import Pause
from adapters.billing.statement import refuse
from models.base import Record, Utc
from models.billing import DatedDiscount

_PREFIX, _LONGEST = "followthrough_", 500


class Kind(StrEnum):
    """What was agreed."""

    DISCOUNT = "discount"
    PAUSE = "pause"
    STOP = "stop"
    RESUME = "resume"


class Agreed(Record):
    """What was agreed under a key, when it was noted (UTC), and for which days; a pause is all of the price off."""

    key: str
    kind: Kind
    at: Utc
    parts: tuple[DatedDiscount, ...] = ()
    ends_on: date | None = None

    @property
    def name(self) -> str:
        """The name of its metadata."""
        return _PREFIX + hashlib.sha256(self.key.encode()).hexdigest()[:20]


def written(notes: Iterable[Agreed]) -> dict[str, str]:
    """The metadata that says so. Refused where Stripe has no room for it."""
    values = {note.name: note.model_dump_json(exclude_defaults=True) for note in notes}
    if any(len(value) > _LONGEST for value in values.values()):
        raise refuse("Stripe has no room for so many steps of a price; agree on fewer, or set them in Stripe by hand")
    return values


def read(metadata: Mapping[str, str]) -> tuple[Agreed, ...]:
    """What was agreed, the oldest first."""
    values = (value for name, value in metadata.items() if name.startswith(_PREFIX) and value.startswith("{"))
    notes = (Agreed.model_validate(json.loads(value)) for value in values)
    return tuple(sorted(notes, key=lambda note: (note.at, note.key)))


def discounts(notes: Iterable[Agreed]) -> tuple[DatedDiscount, ...]:
    """The discounts by their first day."""
    parts = (part for note in notes if note.kind is Kind.DISCOUNT for part in note.parts)
    return tuple(sorted(parts, key=lambda part: part.starts))


def pauses(notes: Iterable[Agreed]) -> tuple[Pause, ...]:
    """The pauses by their first day."""
    parts = (part for note in notes if note.kind is Kind.PAUSE for part in note.parts)
    return tuple(Pause(starts=part.starts, ends=part.ends) for part in sorted(parts, key=lambda part: part.starts))


def shortened(notes: Iterable[Agreed], day: date) -> tuple[Agreed, ...]:
    """The pauses that run past a day, as they end on it."""
    running = (note for note in notes if note.kind is Kind.PAUSE and any(part.ends > day for part in note.parts))
    return tuple(note.model_copy(update={"parts": _until(note.parts, day)}) for note in running)


def _until(parts: tuple[DatedDiscount, ...], day: date) -> tuple[DatedDiscount, ...]:
    cut = (part.model_copy(update={"ends": min(part.ends, day)}) for part in parts if part.starts < day)
    return tuple(cut)
