"""The policy of leaving that a cancellation follows: picked once, with its reason, and what it says of this account."""

from __future__ import annotations

from datetime import date, datetime

from models.account import Money
from models.cancellation import CancellationCase
from models.eligibility import STRATEGIC, StatedReason, Verdict, Wish
from models.leaving import LeavingPolicy
from models.people import RoleId
from models.retention import RetentionCase
from models.terms import EndDate
from rules import triage
from rules.cancellation import eligibility, leaving, terms
from rules.dating import local_day
from rules.edit import change, say
from rules.routing import policy_of

REASONS = tuple(StatedReason)


def reason_code(said: str) -> StatedReason:
    """The reason that a request names by its code; ``unknown`` for whatever else it says."""
    return StatedReason(said) if said in set(StatedReason) else StatedReason.UNKNOWN


def picked(case: CancellationCase, now: datetime) -> CancellationCase:
    """The case with the policy that holds for its account, and why."""
    if case.account is None:
        return case
    known = policy_of(case).leaving
    chosen = leaving.policy_for(case.account, known)
    return say(change(case, policy=chosen.name, policy_since=now), now, "policy", leaving.why(case.account, known))


def leaving_policy(case: CancellationCase | RetentionCase) -> LeavingPolicy | None:
    """The policy of the case; None until it has its account and its plan."""
    return next((policy for policy in policy_of(case).leaving if policy.name == case.policy), None)


def severity(case: CancellationCase) -> str | None:
    """The severity of the account (RISK-99..102); None where its currency has no rate."""
    assert case.account is not None
    rules = policy_of(case).triage
    arr = triage.in_band_currency(case.account.arr, rules)
    return None if arr is None else triage.severity_of(case.account, arr, case.opened_at.date(), rules)


def is_strategic(case: CancellationCase) -> bool:
    """Whether the account is strategic or of high value (AMB-12)."""
    return case.account is not None and eligibility.is_high_value(
        case.account, severity(case), policy_of(case).eligibility
    )


def verdict(case: CancellationCase) -> Verdict:
    """Whether there is a save attempt: by both lists and their precedence (CANC-44), and by the policy (CANC-41)."""
    assert case.account is not None
    rules, today = policy_of(case).eligibility, local_day(case.opened_at, case.account.calendar)
    found = eligibility.judge(case.account, severity(case), wish(case), rules, today, case.attempt_override)
    policy = leaving_policy(case)
    return eligibility.under_policy(found, policy, strategic=is_strategic(case)) if policy else found


def wish(case: CancellationCase) -> Wish:
    """What the customer said, as the rules of eligibility read it."""
    return Wish(
        reasons=(case.churn_reason,),
        no_sales_contact=case.no_sales_contact,
        strong_relationship=case.strong_relationship,
    )


def save_leader(case: CancellationCase) -> RoleId:
    """Who leads the save talk where it is not the CSM: by the severity of the account, or as a strategic one (CANC-40)."""
    if case.account is None:
        return ""
    leaders = policy_of(case).eligibility.save_leader
    return leaders.get(severity(case) or "") or (leaders.get(STRATEGIC, "") if case.account.strategic else "")


def attempts_allowed(case: CancellationCase) -> int:
    """How many save attempts there may be, over all channels (CANC-41)."""
    policy = leaving_policy(case)
    return eligibility.attempts_allowed(policy, strategic=is_strategic(case)) if policy else 0


def fee(case: CancellationCase) -> Money | None:
    """What the contract asks for ending on the agreed day (CANC-46); None where it asks for nothing, or it was waived."""
    policy = leaving_policy(case)
    if policy is None or case.account is None or case.end_date is None:
        return None
    return terms.fee_for(case.account.contract, policy, case.end_date, waived=bool(case.waiver))


def end_date(
    case: CancellationCase, asked: date | None, now: datetime, *, waived: bool = False, fast: bool = False
) -> EndDate | None:
    """What contract and policy answer to an end date (CANC-45..47); None until the policy is known."""
    policy = leaving_policy(case)
    if policy is None or case.account is None:
        return None
    told = {"high_value": is_strategic(case), "waived": waived, "fast": fast}
    return terms.end_date(case.account, policy, asked, now, unusual=case.unusual, **told)
