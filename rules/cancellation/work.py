"""What the system is asked to do in the steps of a cancellation, and what its answers prove."""

from __future__ import annotations

from datetime import date
from typing import cast

from models.access import AccessChange, AccessReceipt, Reach, ReduceAccess
from models.account import Money
from models.automatic import Automatic
from models.billing import (
    InvoicePreview,
    InvoiceReceipt,
    IssueFinalInvoice,
    PreviewFinalInvoice,
    RefundInvoice,
    StopCharging,
)
from models.cancellation import CLOSED, CancellationCase
from models.case import Case
from models.closing import CloseAccount, Expected, ReadBack, ReadBackReport
from models.effects import Action, Outcome, OutcomeKind
from models.leaving_facts import Churned
from models.step import EvidenceItem, Step
from rules.cancellation import policies
from rules.dating import local_day

PREVIEW = "preview_invoice"
REST = "refund_rest"
"""What is to be paid back besides, by invoices before the last one; a person does so."""


def access_change(case: Case, action: Action) -> AccessChange:
    """A change of everybody's access, or of our own to the account."""
    return AccessChange(key=action.key, case_id=case.case_id, account_id=case.account_id, at=action.moment)


def reduction(case: Case, action: Action) -> ReduceAccess:
    """Access becomes read-only, for those whom the plan names (AMB-23)."""
    who = {"key": action.key, "case_id": case.case_id, "account_id": case.account_id}
    return ReduceAccess(**who, at=action.moment, reach=Reach(_how(case, action)))


def preview(case: Case, action: Action) -> PreviewFinalInvoice:
    """What the final invoice would come to."""
    who = {"key": action.key, "case_id": case.case_id, "account_id": case.account_id}
    return PreviewFinalInvoice(**who, end_date=_end_date(case), fee=policies.fee(cast(CancellationCase, case)))


def stop(case: Case, action: Action) -> StopCharging:
    """Nothing is charged from the end date on."""
    return StopCharging(key=action.key, case_id=case.case_id, account_id=case.account_id, from_date=_end_date(case))


def final_invoice(case: Case, action: Action) -> IssueFinalInvoice:
    """The account is settled to its last day."""
    who = {"key": action.key, "case_id": case.case_id, "account_id": case.account_id}
    return IssueFinalInvoice(**who, end_date=_end_date(case), fee=policies.fee(cast(CancellationCase, case)))


def refund(case: Case, action: Action) -> RefundInvoice:
    """What was prepaid and is not used goes back, as the preview found it."""
    return RefundInvoice(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        invoice_id=_item(case, "refund_invoice"),
        amount=Money(minor=int(_item(case, "refund")), currency=_item(case, "currency")),
        reason="prepaid and not used until the agreed end",
    )


def refund_lacks(case: Case) -> str:
    """Which figures are missing for a refund, such as where the preview was made by hand; empty where all are there."""
    minor = _item(case, "refund")
    known = minor.isdecimal() and int(minor) > 0 and _item(case, "refund_invoice") and _item(case, "currency")
    if not known:
        return "the preview of the final invoice names no amount to pay back, or no invoice of it"
    rest = _item(case, REST)
    more = f"{rest} in minor units is owed besides what {_item(case, 'refund_invoice')} took in; pay back all of it"
    return more if rest else ""


def close_account(case: Case, action: Action) -> CloseAccount:
    """The account is churned, with its reason and where it goes."""
    leaving = cast(CancellationCase, case)
    return CloseAccount(
        key=action.key,
        case_id=case.case_id,
        account_id=case.account_id,
        at=action.moment,
        closed_on=_end_date(case),
        reason=leaving.churn_reason,
        destination=leaving.destination,
    )


def churned(case: Case, step: Step) -> Churned | None:
    """Who left, when, why and where to, for the notice that tells the teams so (OFFB-47); None for any other notice."""
    spec = case.spec(step.step_id)
    if not isinstance(case, CancellationCase) or spec is None or spec.opens.after != CLOSED:
        return None
    assert case.account is not None
    closed = case.anchor(CLOSED)
    left_on = local_day(closed, case.account.calendar) if closed else _end_date(case)
    return Churned(left_on=left_on, reason=case.reason_detail or case.churn_reason, destination=case.destination)


def read_back(case: Case, action: Action) -> ReadBack:
    """Whether everything is as it should be: closed for who left, as before for who stays."""
    leaving = cast(CancellationCase, case)
    assert case.account is not None
    today = local_day(action.moment, case.account.calendar)
    expects = Expected(_how(case, action))
    on = max(today, leaving.end_date) if expects is Expected.CLOSED and leaving.end_date else today
    who = {"key": action.key, "case_id": case.case_id, "account_id": case.account_id}
    return ReadBack(**who, at=action.moment, on=on, expects=expects)


def changed(receipt: AccessReceipt) -> Outcome:
    """Access was changed, for so many."""
    return Outcome(receipt=receipt.id, proof=(_proof("changed", receipt.changed),))


def previewed(found: InvoicePreview) -> Outcome:
    """The figures that finance approves, in minor units."""
    proof = (
        _proof("total", found.total.minor),
        _proof("refund", found.refund.minor),
        _proof("refund_invoice", found.refund_invoice),
        _proof("balance", found.balance.minor),
        _proof("currency", found.total.currency),
    )
    rest = (_proof(REST, found.refund_rest.minor),) if found.refund_rest else ()
    return Outcome(receipt=found.id, proof=(*proof, *rest))


def invoiced(receipt: InvoiceReceipt) -> Outcome:
    """The final invoice by its number, and its total in minor units."""
    proof = (
        _proof("number", receipt.id),
        _proof("total", receipt.total.minor),
        _proof("currency", receipt.total.currency),
    )
    return Outcome(receipt=receipt.id, proof=proof)


def shown(report: ReadBackReport) -> Outcome:
    """Proof that the end is as it should be; what is not is a failure that a person looks into."""
    if report.wrong:
        return Outcome(kind=OutcomeKind.FAILED, reason="; ".join(report.wrong), permanent=True)
    return Outcome(receipt=report.id, proof=tuple(_proof(f"shown_{n}", text) for n, text in enumerate(report.shown, 1)))


def how(case: Case, action: Action) -> Automatic:
    """What the plan says of the work of an action."""
    step = next(step for step in case.steps if step.id in action.steps)
    spec = case.spec(step.step_id)
    assert spec is not None
    assert spec.automatic is not None
    return spec.automatic


def _how(case: Case, action: Action) -> str:
    return how(case, action).how


def _end_date(case: Case) -> date:
    end = cast(CancellationCase, case).end_date
    assert end is not None
    return end


def _item(case: Case, name: str) -> str:
    """What the preview of the final invoice found under that name."""
    step = next(step for step in case.steps if step.step_id == PREVIEW)
    items = step.evidence.items if step.evidence else ()
    return next((item.text for item in items if item.content == name), "")


def _proof(name: str, value: object) -> EvidenceItem:
    return EvidenceItem(content=name, text=str(value))
