"""What a letter to the customer may tell of its case: facts alone, put into words in the reader's language."""

from __future__ import annotations

from models.base import Record, Utc
from models.concession import PriceTerm
from models.people import PersonId
from models.promise import PromiseKind, PromiseState


class Promised(Record):
    """A promise as a letter tells of it: what, who owes it, by when (UTC), and where it honestly stands (POST-8)."""

    title: str
    owner: PersonId
    due: Utc
    state: PromiseState = PromiseState.OPEN
    kind: PromiseKind = PromiseKind.GENERAL


class Told(Record):
    """What a case has to tell. ``heard`` are the customer's own words, newest last.

    ``terms`` and ``tied_to`` are of the offer that was approved or accepted last; ``standard_from`` is when it ends (UTC).
    """

    promises: tuple[Promised, ...] = ()
    heard: tuple[str, ...] = ()
    terms: tuple[PriceTerm, ...] = ()
    tied_to: str = ""
    standard_from: Utc | None = None
