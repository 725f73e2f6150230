"""The signals that it hears: those of every case, that the customer is back, and that they were heard of again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.base import Request
from models.contact import RiskFact
from models.effects import Word
from models.win_back import WinBackCase
from rules import ending, hearing, talking
from rules.edit import say, tell
from rules.routing import holder, policy_of
from rules.win_back import commands, lifecycle, outreach


def risk_signal(case: WinBackCase, signal: c.RiskSignal, now: datetime) -> WinBackCase:
    """A former customer was heard of (RISK-60): whoever led them is told, and decides whether it is worth a contact."""
    ending.check_open(case, commands.NEXT)
    fact = RiskFact(at=signal.at or now, kind=signal.kind, detail=signal.detail, by=signal.by)
    if signal.at and fact in case.facts:  # sent again, since nobody knew that it had arrived
        return case
    told = f"{signal.kind}: {signal.detail}".rstrip(": ")
    case = say(talking.noted(case, fact), now, "risk_signal", told, by=signal.by)
    lead = holder(case, policy_of(case).lead_role, now)
    return tell(case, now, lead, Word.PROPOSED, f"{told}; 'win-back trigger' records what makes a contact worthwhile")


_RECEIVERS: Mapping[type[Request], hearing.Receiver] = {
    **hearing.RECEIVERS,
    ac.CameBack: commands.came_back,
    ac.DataErased: outreach.data_erased,
    c.RiskSignal: risk_signal,
}


def receive(case: WinBackCase, signal: Request, now: datetime) -> WinBackCase:
    """The case after a signal of the contract; a refused one is on the timeline, and whoever sent it is told."""
    return lifecycle.settle(hearing.receive(_RECEIVERS, case, signal, now), now)
