"""The policy of the two meetings of day thirty: one counts from the risk, the other from the save (DIS-23)."""

from __future__ import annotations

from models.base import Id, Request
from models.calendar import Offset


class DayThirty(Request):
    """The ``save`` step that counts from the trigger and the ``recovery`` step that counts from the save.

    Where the customer was saved ``one_meeting_within`` the trigger, one meeting may be both.
    """

    save: Id
    recovery: Id
    one_meeting_within: Offset
