"""What Followthrough needs of a record of the reviews of the process."""

from __future__ import annotations

from typing import Protocol

from models.metrics import Review
from models.people import PersonId


class ReviewsPort(Protocol):
    """Each review that somebody did, once. Moments are UTC."""

    async def note(self, kind: str, by: PersonId, notes: str) -> Review:
        """A review of that kind was done now."""
        ...

    async def reviews(self) -> tuple[Review, ...]:
        """All of them, the oldest first."""
        ...
