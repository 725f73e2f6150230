"""The policy of promises: how soon a kept one is told and seen, what proves each, and who hears of a breach."""

from __future__ import annotations

from models.base import Id, Request
from models.calendar import ZERO, Offset


class PromiseRules(Request):
    """What holds for every promise to a customer (SAVE-28, SAVE-29).

    ``communicate_within`` counts from the delivery, ``confirm_within`` from when the customer was told of it. The three
    forms of evidence prove the delivery, the telling and the customer's own confirmation. ``told_by`` is the letter that
    tells the customer; without one, whoever owes it writes. ``longest`` is how far ahead one may be due; none by default.
    """

    ladder: str = "standard"
    communicate_within: Offset = ZERO
    confirm_within: Offset = ZERO
    told_by: Id | None = None
    longest: Offset = ZERO
    delivered_by: Id = "note"
    communicated_by: Id = "note"
    confirmed_by: Id = "note"
