"""Reviews in the database."""

from __future__ import annotations

from sqlmodel import col, select

from adapters.clock import Now, utc_now
from adapters.database import Database
from adapters.rows import flat, insert_new
from models.metrics import Review
from models.people import PersonId
from models.tables import ReviewRow


class EmbeddedReviews:
    """ReviewsPort on our own table."""

    def __init__(self, database: Database, now: Now = utc_now) -> None:
        self._database = database
        self._now = now

    async def note(self, kind: str, by: PersonId, notes: str) -> Review:
        """See ReviewsPort."""
        done = Review(kind=kind, at=self._now(), by=by, notes=notes)
        async with self._database.writing() as session:
            await insert_new(session, [ReviewRow(**flat(done))])
        return done

    async def reviews(self) -> tuple[Review, ...]:
        """See ReviewsPort."""
        async with self._database.reading() as session:
            rows = await session.scalars(select(ReviewRow).order_by(col(ReviewRow.at), col(ReviewRow.kind)))
            return tuple(Review.model_validate(row, from_attributes=True) for row in rows)
