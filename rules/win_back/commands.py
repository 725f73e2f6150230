"""The commands on who left: something happened, a contact that is worth it, a clean break, a return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import after_commands as ac
from models import commands as c
from models.case import CaseKind, Sibling
from models.contract_names import NAMES
from models.leaving_stages import WinBackStage
from models.people import PersonId
from models.win_back import WinBackCase, WinBackOutcome
from rules import authority, ending, obeying, talking
from rules.edit import change
from rules.win_back import lifecycle, outreach, telling_fixed

NEXT = "the next cancellation of the account starts a new one"


def apply(case: WinBackCase, command: c.Command, now: datetime) -> WinBackCase:
    """The case after a person's command at ``now`` (UTC). Raises ``Refused``; the case is unharmed then."""
    ending.check_open(case, NEXT)
    authority.check(case, NAMES[type(command)], command.by)
    changed: WinBackCase = _HANDLERS[type(command)](case, command, now)
    return lifecycle.settle(changed, now)


def leave_in_peace(case: WinBackCase, command: ac.LeaveInPeace, now: datetime) -> WinBackCase:
    """They want no contact any more: it ends here (OFFB-51)."""
    text = f"no contact any more: {command.words}".rstrip(": ")
    return ending.close(case, WinBackOutcome.CLEAN_BREAK, WinBackStage.CLOSED, text, now, command.by)


def returned(case: WinBackCase, command: ac.CustomerReturned, now: datetime) -> WinBackCase:
    """They are back, as a person says; the retention of their data hears of it."""
    case = _ended(case, command.detail, now, command.by)
    told = Sibling(kind=CaseKind.RETENTION, at=now, detail=command.detail, only_told=True)
    return change(case, siblings=(*case.siblings, told))


def came_back(case: WinBackCase, signal: ac.CameBack, now: datetime) -> WinBackCase:
    """They are back, as another case of the account heard."""
    return case if case.closed else _ended(case, signal.detail, now)


def _ended(case: WinBackCase, detail: str, now: datetime, by: PersonId | None = None) -> WinBackCase:
    text = f"the customer is back: {detail}".rstrip(": ")
    return ending.close(case, WinBackOutcome.RETURNED, WinBackStage.CLOSED, text, now, by)


_HANDLERS: Mapping[type[c.Command], obeying.Handler] = {
    **{kind: handler for kind, handler in obeying.HANDLERS.items() if kind not in (c.HoldCase, c.Resume)},
    c.LogContact: talking.logged,
    c.ReopenStep: outreach.reopen,
    ac.RecordTrigger: outreach.record_trigger,
    ac.ContactAgain: outreach.contact,
    ac.TellFixed: telling_fixed.tell,
    ac.SetOptIn: telling_fixed.set_opt_in,
    ac.LeaveInPeace: leave_in_peace,
    ac.CustomerReturned: returned,
}
