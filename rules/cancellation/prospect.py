"""What would follow if an account cancelled now, all decisions together; nothing is done."""

from __future__ import annotations

from datetime import date, datetime

from models.account import Account
from models.eligibility import Wish
from models.policy import Policy
from models.prospect import Prospect
from rules import triage
from rules.cancellation.eligibility import attempts_allowed, is_high_value, judge, under_policy
from rules.cancellation.leaving import policy_for, why
from rules.cancellation.terms import day_after, end_date
from rules.dating import local_day

_REQUESTED = ("cancellation_requested",)


def prospect(account: Account, policy: Policy, wish: Wish, asked: date | None, now: datetime) -> Prospect:
    """What would follow from a request of this wish and end date at ``now`` (UTC).

    Raises ``Refused(BadPlaybook)`` where no policy of leaving is for the account.
    """
    chosen = policy_for(account, policy.leaving)
    assessed = triage.assess(account, _REQUESTED, now, policy.triage)
    severity = assessed.severity if assessed else None
    high_value = is_high_value(account, severity, policy.eligibility)
    listed = judge(account, severity, wish, policy.eligibility, local_day(now, account.calendar))
    verdict = under_policy(listed, chosen, strategic=high_value)
    end = end_date(account, chosen, asked, now, high_value=high_value)
    return Prospect(
        account_id=account.id,
        policy=chosen,
        why=why(account, policy.leaving),
        severity=severity,
        verdict=verdict,
        attempts=attempts_allowed(chosen, strategic=high_value) if verdict.attempt else 0,
        end=end,
        retrievable_until=day_after(end.ends, chosen.retention.retrievable),
        deleted_on=day_after(end.ends, chosen.retention.kept),
        backups_purged_by=day_after(end.ends, chosen.retention.backups_purged_by),
    )
