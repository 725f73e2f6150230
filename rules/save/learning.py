"""An open save learns what a former one of the account found out, and does not ask the customer anew (CONV-23)."""

from __future__ import annotations

from datetime import datetime

from models.save import SaveCase
from models.starts import KnownBefore
from rules import adopting, asking, causes, remembering
from rules.edit import change
from rules.routing import policy_of
from rules.save.lifecycle import SPINE, judge, known_cause


def learnt(case: SaveCase, before: KnownBefore, source: str, now: datetime) -> SaveCase:
    """The case with what the save ``source`` found out; what it has found out or chosen itself stays."""
    case = remembering.told(case, before, f"save case {source}", now)
    if before.stated_reason and case.stated_reason == case.reason:
        case = change(case, stated_reason=before.stated_reason)
    if before.root_cause is None or case.root_cause:
        return judge(case, now)
    case = known_cause(change(case, root_cause=before.root_cause, whys=before.whys), now)
    rule = causes.rule_of(policy_of(case), case.root_cause)
    case = judge(adopting.leave_unfit(case, rule, now) if rule else case, now)
    wanted = before.playbook if asking.playbook(case) == SPINE else None
    if wanted in (None, SPINE):
        return case
    return asking.plan(case, wanted, case.opened_by, f"what save case {source} had found out", now)
