"""How a save or a recovery is ended by a person, with what its outcome asks for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.base import Command, Given, Id, Remark, Text


class CloseSave(Command):
    """End the save with an outcome, with notes and the evidence that the outcome asks for (CONV-21).

    The customer's own words, the offer that they accepted, and when they are spoken to again are kept with it (CONV-23).
    ``without_quotes`` is why there are no words of theirs, where nobody spoke to them.
    """

    outcome: Id
    notes: Text
    evidence: Remark = ""
    decision_date: Given | None = None
    customer_quotes: Annotated[tuple[Text, ...], Field(max_length=10)] = ()
    without_quotes: Remark = ""
    accepted_offer: Id | None = None
    follow_up: Given | None = None


class CorrectOutcome(Command):
    """The save that this recovery follows was closed wrongly; a linked save puts its outcome right (CONV-21).

    ``case_id`` is the save that is meant, as whoever says so saw it; left out, it is the last one that was won.
    """

    why: Text
    case_id: Id | None = None


class CloseRecovery(Command):
    """End a recovery with an outcome (POST-12)."""

    outcome: Id
    notes: Text
    evidence: Remark = ""
