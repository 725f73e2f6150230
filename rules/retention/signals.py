"""The signals that it hears: those of every case."""

from __future__ import annotations

from datetime import datetime

from models.base import Request
from models.retention import RetentionCase
from rules import hearing
from rules.retention import lifecycle


def receive(case: RetentionCase, signal: Request, now: datetime) -> RetentionCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return lifecycle.settle(hearing.receive(hearing.RECEIVERS, case, signal, now), now)
