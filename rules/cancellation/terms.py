"""When a contract ends after a request (F.5): the earliest day, the asked one, the waiver, and who must look at it.

A cancellation is never refused: a day that is too early is answered with the earliest one and with the waiver route.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models.account import Account, ContractTerms, MidTerm, Money
from models.calendar import Offset
from models.leaving import ApprovalReason, Charge, LeavingPolicy
from models.terms import DateFault, EndDate, NeededApproval
from rules.dating import add_months, local_day

_DAY = 24 * 60
_SAID = {
    DateFault.PAST: "has passed",
    DateFault.INSIDE_NOTICE: "lies inside the notice period",
    DateFault.MID_TERM: "lies before the end of the contract's term",
}


def end_date(
    account: Account,
    policy: LeavingPolicy,
    asked: date | None,
    now: datetime,
    *,
    high_value: bool,
    unusual: str = "",
    waived: bool = False,
    fast: bool = False,
) -> EndDate:
    """The answer to a requested end date; None asks for the policy's default, which is sooner with ``fast`` (DIS-18).

    ``now`` is in UTC; days are those of the customer. ``unusual`` are circumstances that somebody must look at (CANC-14).
    With ``waived`` the hardship waiver was granted (CANC-47): the asked day holds, or today where it is past. The end is
    never before today, and never after the policy's longest notice where no term binds.
    """
    today = local_day(now, account.calendar)
    earliest = earliest_end(account.contract, policy, today)
    after = _default(policy, fast=fast)
    wanted = asked or day_after(today, after)
    ends = max(wanted, today if waived else earliest)
    faults = tuple(_faults(wanted, account.contract, policy, today)) if asked else ()
    return EndDate(
        asked=asked,
        ends=ends,
        earliest=earliest,
        valid=asked is None or ends == asked,
        waived=waived,
        faults=faults,
        sentence=_sentence(asked, wanted, ends, faults, policy, after, waived=waived),
        waiver_route="" if waived or earliest <= max(wanted, today) else _waiver_route(policy),
        renewal=renewal(account.contract, ends),
        fee=fee_for(account.contract, policy, ends, waived=waived),
        approvals=tuple(_approvals(account.contract, policy, ends, faults, unusual, high_value=high_value)),
    )


def earliest_end(contract: ContractTerms, policy: LeavingPolicy, today: date) -> date:
    """The first day on which contract and policy let the customer go, without a waiver."""
    notice = _notice_ends(contract, policy, today)
    if contract.term_ends and contract.term_ends >= today and not contract.auto_renews:
        notice = min(notice, contract.term_ends)  # it ends by itself, nobody needs to give notice
    return max(notice, contract.term_ends) if _locked(contract, policy) and contract.term_ends else notice


def renewal(contract: ContractTerms, ends: date) -> str:
    """What a contract that renews by itself before that day still asks for; empty where it does not (CANC-46).

    A notice that was missed costs its own length and no further term, so that nobody is kept by a day that went by.
    """
    if not contract.auto_renews or contract.term_ends is None or ends <= contract.term_ends:
        return ""
    return (
        f"The contract renews by itself on {contract.term_ends}, before that end; the renewed term keeps nobody, and is "
        f"charged until {ends} alone (CANC-46)."
    )


def day_after(day: date, offset: Offset) -> date:
    """That day so much later; hours count as a whole day that has begun. The last day of time where there is none."""
    try:
        return add_months(day, offset.months) + timedelta(days=offset.days - (-offset.minutes // _DAY))
    except (OverflowError, ValueError):
        return date.max


def _notice_ends(contract: ContractTerms, policy: LeavingPolicy, today: date) -> date:
    agreed, longest = day_after(today, contract.notice), policy.notice.maximum
    return agreed if longest is None else min(agreed, day_after(today, longest))


def _locked(contract: ContractTerms, policy: LeavingPolicy) -> bool:
    return policy.notice.term_binds and contract.mid_term is MidTerm.NOT_ALLOWED


def _faults(wanted: date, contract: ContractTerms, policy: LeavingPolicy, today: date) -> Iterator[DateFault]:
    earliest = earliest_end(contract, policy, today)
    if wanted < today:
        yield DateFault.PAST
    notice = min(_notice_ends(contract, policy, today), earliest)
    if notice > today and wanted < notice:
        yield DateFault.INSIDE_NOTICE
    if _locked(contract, policy) and contract.term_ends and wanted < contract.term_ends:
        yield DateFault.MID_TERM


def fee_for(contract: ContractTerms, policy: LeavingPolicy, ends: date, *, waived: bool) -> Money | None:
    """What the contract asks for ending on that day, before its term (CANC-46); nothing where it was waived (CANC-47)."""
    due = contract.mid_term is MidTerm.WITH_FEE and contract.term_ends is not None and ends < contract.term_ends
    charged = policy.charges.early_termination is Charge.SEPARATE_LINE
    return contract.early_termination_fee if due and charged and not waived else None


def _approvals(
    contract: ContractTerms,
    policy: LeavingPolicy,
    ends: date,
    faults: tuple[DateFault, ...],
    unusual: str,
    *,
    high_value: bool,
) -> Iterator[NeededApproval]:
    term = contract.term_ends
    early = term is not None and (ends < term or DateFault.MID_TERM in faults)
    reasons = {
        ApprovalReason.HIGH_VALUE: "it is an account of high value" if high_value else "",
        ApprovalReason.REMAINING_TERM: f"the term of the contract runs until {term}" if early else "",
        ApprovalReason.NOTICE: "the asked day lies inside the notice" if DateFault.INSIDE_NOTICE in faults else "",
        ApprovalReason.UNUSUAL: f"unusual circumstances: {unusual}" if unusual else "",
    }
    return (NeededApproval(rule=rule, why=reasons[rule.when]) for rule in policy.approvals if reasons[rule.when])


def _waiver_route(policy: LeavingPolicy) -> str:
    who, rule = policy.waiver.role, policy.waiver.rule
    return f"In financial hardship the earlier day can be granted by the {who}, who records the reason ({rule})."


def _default(policy: LeavingPolicy, *, fast: bool) -> Offset:
    rule = policy.default_end
    return rule.fast if fast and rule.fast else rule.after_confirmation


def _sentence(
    asked: date | None,
    wanted: date,
    ends: date,
    faults: tuple[DateFault, ...],
    policy: LeavingPolicy,
    after: Offset,
    *,
    waived: bool,
) -> str:
    if asked is None:
        return f"No end date was asked for; the account ends on {ends}, {_by_default(wanted, ends, policy, after)}."
    if not faults:
        return f"The account ends on {ends}, as asked."
    if waived:
        return f"The account ends on {ends}: notice and term are waived ({policy.waiver.rule})."
    return f"{asked} {' and '.join(_SAID[fault] for fault in faults)}; the earliest end date is {ends}."


def _by_default(wanted: date, ends: date, policy: LeavingPolicy, after: Offset) -> str:
    if ends > wanted:
        return "the earliest day that the contract allows"
    return f"{after} after the confirmation ({policy.default_end.rule})"
