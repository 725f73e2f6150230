"""The signals that it hears: those of every case, and that the customer is back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models.base import Request
from models.win_back import WinBackCase
from rules import hearing
from rules.win_back import commands, lifecycle, outreach

_RECEIVERS: Mapping[type[Request], hearing.Receiver] = {
    **hearing.RECEIVERS,
    ac.CameBack: commands.came_back,
    ac.DataErased: outreach.data_erased,
}


def receive(case: WinBackCase, signal: Request, now: datetime) -> WinBackCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return lifecycle.settle(hearing.receive(_RECEIVERS, case, signal, now), now)
