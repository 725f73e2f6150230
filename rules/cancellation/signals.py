"""The signals of a cancellation: how the save attempt of the account ended, and what every case hears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import cancellation_commands as cc
from models.base import Request
from models.cancellation import CancellationCase
from rules import ending, hearing
from rules.cancellation import save_talk, stages
from rules.cancellation.commands import NEXT


def receive(case: CancellationCase, signal: Request, now: datetime) -> CancellationCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return stages.settle(hearing.receive(_RECEIVERS, case, signal, now), now)


def save_finished(case: CancellationCase, signal: cc.SaveFinished, now: datetime) -> CancellationCase:
    """The save attempt is over: its outcome decides whether the customer leaves."""
    ending.check_open(case, NEXT)
    return save_talk.finished(case, signal, now)


_RECEIVERS: Mapping[type[Request], hearing.Receiver] = {**hearing.RECEIVERS, cc.SaveFinished: save_finished}
