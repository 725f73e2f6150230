"""The signals that a review hears: those of every case."""

from __future__ import annotations

from datetime import datetime

from models.base import Request
from models.review import ReviewCase
from rules import hearing
from rules.reviews import lifecycle


def receive(case: ReviewCase, signal: Request, now: datetime) -> ReviewCase:
    """The case after a signal of the contract; a refused one is on the timeline."""
    return lifecycle.settle(hearing.receive(hearing.RECEIVERS, case, signal, now), now)
