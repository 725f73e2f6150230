"""What product or engineering estimate for a fix, and where the case goes when that is too long (DIS-14)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from models.case import RefusalType
from models.commands import CompleteStep
from models.fix_policy import FixEstimates
from models.save import SaveCase
from rules import adopting, asking
from rules.dating import later
from rules.edit import say
from rules.refusal import Refused
from rules.routing import policy_of

_HOURS = re.compile(r"\d{1,6}(?:\.\d{1,2})?")
_SHOWN = 40


def weighed(case: SaveCase, command: CompleteStep, now: datetime) -> SaveCase:
    """The case after a step was done: one that says that the fix takes too long for its module moves it on.

    Raises ``Refused(AbsurdFigure)`` for an estimate that is no number of hours, or an impossible one.
    """
    rules = policy_of(case).fix_estimates
    if rules is None or command.step_id != rules.step:
        return case
    hours = _hours(command.evidence.items.get(rules.item, ""), rules, now)
    runs = case.plan is not None and any(module.name == rules.module for module in case.plan.modules)
    return _moved(case, rules, hours, command.by, now) if runs and _too_long(hours, rules, now) else case


def _hours(text: str, rules: FixEstimates, now: datetime) -> Decimal:
    longest = (later(now, rules.at_most) - now) // timedelta(hours=1)
    given = text.strip()
    if not _HOURS.fullmatch(given) or not 0 < Decimal(given) <= longest:
        raise Refused(
            RefusalType.ABSURD_FIGURE,
            f"'{rules.item}' is what product or engineering estimate for the fix: a number of hours above 0 and at most "
            f"{longest}, such as 48; it was '{given[:_SHOWN]}'",
        )
    return Decimal(given)


def _too_long(hours: Decimal, rules: FixEstimates, now: datetime) -> bool:
    return now + timedelta(minutes=float(hours * 60)) > later(now, rules.above)


def _moved(case: SaveCase, rules: FixEstimates, hours: Decimal, by: str, now: datetime) -> SaveCase:
    """The open steps of the module end, and the playbook is asked for unless it runs; what is done is kept (AMB-39)."""
    why = f"the fix is estimated at {hours} h, and {rules.module} is for what is fixed within {rules.above}"
    case = adopting.leave_module(case, rules.module, why, now)
    if asking.playbook(case) == rules.playbook:
        return say(case, now, "fix_takes_longer", f"{why}; {rules.playbook} runs already", by=by)
    case = say(case, now, "fix_takes_longer", f"{why}; the case goes on with {rules.playbook}", by=by)
    return asking.plan(case, rules.playbook, by, why, now)
