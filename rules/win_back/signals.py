"""The signals that it hears: those of every case."""

from __future__ import annotations

from datetime import datetime

from models.base import Request
from models.win_back import WinBackCase
from rules import hearing
from rules.win_back import lifecycle


def receive(case: WinBackCase, signal: Request, now: datetime) -> WinBackCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return lifecycle.settle(hearing.receive(hearing.RECEIVERS, case, signal, now), now)
