"""The signals of a cancellation: how the save attempt of the account ended, and what every case hears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import cancellation_commands as cc
from models.base import Request
from models.cancellation import CancellationCase
from rules import ending, hearing
from rules.cancellation import erased, save_beside, save_talk, stages
from rules.cancellation.commands import NEXT
from rules.edit import say
from rules.talking import warn_manager


def receive(case: CancellationCase, signal: Request, now: datetime) -> CancellationCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return stages.settle(hearing.receive(_RECEIVERS, case, signal, now), now)


def save_finished(case: CancellationCase, signal: cc.SaveFinished, now: datetime) -> CancellationCase:
    """The save attempt is over: its outcome decides whether the customer leaves."""
    ending.check_open(case, NEXT)
    case = save_talk.finished(case, signal, now)
    if case.save_outcome in save_talk.WON and not stages.can_turn_back(case):
        text = f"the save of {case.account_id} ended as {case.save_outcome}, but its closing has begun; speak to them"
        return warn_manager(say(case, now, "saved_too_late", text), now, text)
    return case


def save_opened(case: CancellationCase, _: cc.SaveOpened, now: datetime) -> CancellationCase:
    """A save was opened beside it by a person or by a deferral: it hears at once what is left to it."""
    return case if case.closed else save_beside.opened(case, now)


def save_attempted(case: CancellationCase, signal: cc.SaveAttempted, now: datetime) -> CancellationCase:
    """The save case of the account spoke to the customer: it counts as an attempt."""
    return case if case.closed else save_beside.known_open(save_talk.attempted(case, signal, now), now)


_RECEIVERS: Mapping[type[Request], hearing.Receiver] = {
    **hearing.RECEIVERS,
    cc.SaveOpened: save_opened,
    cc.SaveAttempted: save_attempted,
    cc.SaveFinished: save_finished,
    ac.DataErased: erased.data_erased,
}
