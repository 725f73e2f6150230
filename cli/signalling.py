"""``signal``: what was seen of risk is checked before it is sent, and what the case made of it is told."""

from __future__ import annotations

import asyncio

from rich.text import Text

from adapters.playbooks.folder import FolderPlaybooks
from cli import cases
from cli.command import Reply
from cli.desk import Desk
from cli.exits import Failure, refused
from cli.save import Sent
from models.case import CaseKind, TimelineEvent
from models.commands import RiskSignal
from models.faults import PermanentFault, TransientFault
from rules import risk_kinds
from rules.refusal import Refused

_WAIT_SECONDS = 10.0
_ANSWERS = ("risk_signal", "relapse", "signal_refused")
_LATER = "the signal is with the case; nothing came of it yet (see 'case history')"


async def send(desk: Desk, account: str, fact: RiskSignal, kind: CaseKind) -> Reply:
    """Send the open case a fact, and wait briefly for what it makes of it.

    Raises ``Failure`` for a word that is no kind of signal, and for a person whom the directory or the case does not know.
    """
    before = (await cases.see(desk, account, kind)).status
    if not before.outcome:
        await _check(desk, fact)
    await cases.signal(desk, account, fact, kind)
    with desk.working("waiting for what the case makes of it"):
        became = await _became(desk, account, kind, max((event.n for event in before.timeline), default=0))
    wrong = next((event for event in became if event.kind == "signal_refused"), None)
    if wrong:
        raise refused("SignalRefused", wrong.text)
    said = "\n".join(event.text for event in became if event.kind in _ANSWERS)
    view = Text(f"the case of {account} has the signal {said}") if said else Text(_LATER, style="yellow")
    return Reply(Sent(account_id=account, became=became), view)


async def _check(desk: Desk, fact: RiskSignal) -> None:
    parts = await desk.parts()
    try:
        if fact.by:
            await parts.directory.person(fact.by)
        risk_kinds.check_kind(await FolderPlaybooks(desk.settings.playbooks).policy(), fact.kind)
    except (Refused, PermanentFault) as no:
        raise refused(no.kind, no.sentence) from no


async def _became(desk: Desk, account: str, kind: CaseKind, seen: int) -> tuple[TimelineEvent, ...]:
    """The new lines of the history, as soon as one of them answers; nothing where none does in time."""
    try:
        async with asyncio.timeout(_WAIT_SECONDS):
            while True:
                now = (await cases.see(desk, account, kind)).status
                new = tuple(event for event in now.timeline if event.n > seen)
                if any(event.kind in _ANSWERS for event in new):
                    return new
                await asyncio.sleep(cases.LOOK_EVERY_SECONDS)
    except (TimeoutError, TransientFault, Failure):
        return ()
