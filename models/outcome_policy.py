"""The policy of outcomes: what each asks to be documented, what follows it, and who owes that."""

from __future__ import annotations

from models.base import Id, Request, Text
from models.calendar import Offset
from models.people import RoleId


class OutcomePolicy(Request):
    """What holds for one outcome of a save (CONV-21..23).

    ``needs`` are fields of ``close`` or of the case that may not be empty. ``follows`` is what happens next, and
    ``owed_by`` the role that owes it. ``wakes_within`` is the longest that
    a decision may be deferred; a case with it is taken up again then.
    """

    outcome: Id
    follows: Text
    owed_by: RoleId
    needs: tuple[Id, ...] = ()
    wakes_within: Offset | None = None
