"""The signals that a retention hears: those of every case, and that the customer is back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.base import Request
from models.retention import RetentionCase
from models.starts import ClosedAgain
from rules import hearing
from rules.retention import closing_again, deleting, giving_back, lifecycle, returning


def receive(case: RetentionCase, signal: Request, now: datetime) -> RetentionCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return lifecycle.settle(hearing.receive(_RECEIVERS, case, signal, now), now)


def _retry_now(case: RetentionCase, signal: c.RetryNow, now: datetime) -> RetentionCase:
    """Whatever waits is tried at once, and so is what the system could not do."""
    return deleting.system_again(hearing.retry_now(case, signal, now), now)


def _want_proof(case: RetentionCase, signal: ac.ProofWanted, now: datetime) -> RetentionCase:
    """The customer wants it in writing, as their cancellation heard."""
    if closing_again.speaks_of_next(case, signal.case_id):
        return closing_again.wished(case, proof_wanted=True)
    return case if case.closed else deleting.want_proof(case, None, now)


_RECEIVERS: Mapping[type[Request], hearing.Receiver] = {
    **hearing.RECEIVERS,
    c.RetryNow: _retry_now,
    ac.CameBack: returning.came_back,
    ac.ProofWanted: _want_proof,
    ac.DataChosen: giving_back.chosen,
    ClosedAgain: closing_again.closed_again,
}
