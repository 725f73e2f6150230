"""What the letters of a cancellation say of money: as it stands when the letter is written, and never as it was meant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from models.account import Money
from models.cancellation import CancellationCase
from models.step import Step, StepState
from models.terms import EndDate
from rules.cancellation import policies
from rules.dating import local_day

PREVIEW, INVOICE, REFUND, COLLECTION = "preview_invoice", "issue_final_invoice", "refund", "collect_balance"


def settled(case: CancellationCase, letter: Step) -> dict[str, Any]:
    """The final invoice, what was or will be paid back (OFFB-19), and what is still to be paid (OFFB-20, AMB-22)."""
    return _invoice(case) | _paid_back(case, letter) | _still_owed(case)


def fee(case: CancellationCase, found: EndDate | None) -> dict[str, Any]:
    """What the contract asks for ending on the agreed day, or else on the one that it allows (CANC-46)."""
    asked = policies.fee(case) if case.end_date else found.fee if found else None
    if asked is None or not asked.minor or case.account is None:
        return {}
    return {"fee": asked, "fee_before": case.account.contract.term_ends}


def _invoice(case: CancellationCase) -> dict[str, Any]:
    issued = _done(case, INVOICE)
    if issued is None or issued.evidence is None:
        return {}
    day = _day(case, issued.ended_at)
    return {"invoice": _item(issued, "number"), "invoice_date": day, "invoice_total": _amount(issued, "total")}


def _paid_back(case: CancellationCase, letter: Step) -> dict[str, Any]:
    """Paid back is what the step did; until then there is a day, which is named while it has not passed."""
    back = _plus(_previewed(case, "refund"), _previewed(case, "refund_rest"))
    step = _owed(case, REFUND)
    if back is None or step is None:
        return {}
    if step.state is StepState.DONE:
        return {"refund": back, "refunded_on": _day(case, step.ended_at)}
    in_time = step.due and not (letter.opened_at and step.due < letter.opened_at)
    return {"refund_owed": back, "refund_by": _day(case, step.due) if in_time else None}


def _still_owed(case: CancellationCase) -> dict[str, Any]:
    balance = _previewed(case, "balance")
    step = _owed(case, COLLECTION)
    if balance is None or step is None or step.ended:
        return {}
    return {"balance": balance, "balance_by": _day(case, step.due)}


def _previewed(case: CancellationCase, name: str) -> Money | None:
    """An amount of the preview; None where it is nothing, or nobody knows it."""
    preview = _done(case, PREVIEW)
    found = _amount(preview, name) if preview else None
    return found if found and found.minor > 0 else None


def _plus(one: Money | None, other: Money | None) -> Money | None:
    return one.model_copy(update={"minor": one.minor + other.minor}) if one and other else one or other


def _owed(case: CancellationCase, step_id: str) -> Step | None:
    """The step of that obligation, unless there is none or it was left out."""
    left_out = (StepState.SKIPPED, StepState.FAILED)
    return next((s for s in case.steps if s.step_id == step_id and s.state not in left_out), None)


def _done(case: CancellationCase, step_id: str) -> Step | None:
    return next((s for s in case.steps if s.step_id == step_id and s.state is StepState.DONE), None)


def _amount(step: Step, name: str) -> Money | None:
    minor, currency = _item(step, name), _item(step, "currency")
    return Money(minor=int(minor), currency=currency) if minor and currency else None


def _item(step: Step, name: str) -> str:
    items = step.evidence.items if step.evidence else ()
    return next((item.text for item in items if item.content == name), "")


def _day(case: CancellationCase, at: datetime | None) -> date | None:
    assert case.account is not None
    return local_day(at, case.account.calendar) if at else None
