"""What a letter to the customer may tell of its case: facts alone, put into words in the reader's language."""

from __future__ import annotations

from datetime import date

from models.base import Record, Utc
from models.concession import Detail, PriceTerm
from models.offer import OfferKind
from models.people import PersonId
from models.promise import PromiseKind, PromiseState


class Promised(Record):
    """A promise as a letter tells of it: what, who owes it, by when (UTC), and where it honestly stands (POST-8)."""

    title: str
    owner: PersonId
    due: Utc
    state: PromiseState = PromiseState.OPEN
    kind: PromiseKind = PromiseKind.GENERAL


class Offered(Record):
    """The offer that a letter makes: its prices by month, what it says besides, and what it is tied to (SAVE-45).

    ``until`` is the promise that it holds until (SAVE-38). ``starts`` (a day of the customer) and ``ends_at`` (UTC) are
    known once it was accepted.
    """

    kind: OfferKind | None = None
    terms: tuple[PriceTerm, ...] = ()
    details: tuple[Detail, ...] = ()
    tied_to: str = ""
    until: Promised | None = None
    starts: date | None = None
    ends_at: Utc | None = None

    def detail(self, name: str) -> str:
        """What the offer says under that name; empty where it says nothing."""
        return next((detail.text for detail in self.details if detail.name == name), "")


class Told(Record):
    """What a case has to tell. ``heard`` are the customer's own words, newest last; ``offered`` what the letter offers."""

    promises: tuple[Promised, ...] = ()
    heard: tuple[str, ...] = ()
    offered: Offered | None = None
