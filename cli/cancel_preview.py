"""``cancel preview``: the final invoice line by line, before finance approves it (OFFB-18)."""

from __future__ import annotations

from datetime import date, datetime

from cli import cases, view_invoice
from cli.cancel import CANCELLATION, ExitDate
from cli.cancel import app as app
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import refused
from cli.options import Account, day
from models.account import Money
from models.base import Record, Utc
from models.billing import Invoice, InvoiceKind, InvoiceLine, InvoicePreview, PreviewFinalInvoice, TaxLine
from models.case import RefusalType
from models.status import Status
from models.step import StepState
from rules.cancellation import terms

PREVIEW, REFUND = "preview_invoice", "refund"


class FinalInvoice(Record):
    """The final invoice to ``end_date``, the first day that is not charged; ``issued`` is its number once it is.

    ``credit`` is what the lines give back, ``refund`` what of it is paid out on ``refund_invoice``,
    ``refund_rest`` what a person pays out besides by the invoices before that one, ``balance`` what the customer owes
    with all invoices before it. ``was`` are the figures that the case noted when it prepared the approval, where they are
    others; ``renewal`` what becomes of a contract that renews by itself before that end.
    Of an invoice that is issued the refund is what the case noted, ``paid_back`` once its step is done,
    ``paid_at`` when (UTC).
    """

    account_id: str
    end_date: date
    issued: str = ""
    lines: tuple[InvoiceLine, ...]
    tax: TaxLine | None = None
    credit: Money
    total: Money
    refund: Money | None = None
    refund_invoice: str = ""
    refund_rest: Money | None = None
    paid_back: bool = False
    paid_at: Utc | None = None
    balance: Money | None = None
    was: tuple[str, ...] = ()
    renewal: str = ""


@command(app, "preview", example="cancel preview acc-0003")
async def preview(desk: Desk, account: Account, exit_date: ExitDate = None) -> Reply:
    """The final invoice as it would be issued: each line, tax, credit, refund, total, what is owed. It changes nothing."""
    parts = await desk.parts()
    record = await parts.crm.account(account)
    status = None if exit_date else await _case(desk, account)
    end = day(exit_date) if exit_date else agreed(account, status)
    issued = await _issued(desk, account, end)
    renewal = terms.renewal(record.contract, end)
    if issued:
        return _reply(of_issued(account, end, issued, status), renewal)
    asked = PreviewFinalInvoice(key=f"{account}/look/{end}", account_id=account, end_date=end)
    found = await parts.billing.preview_final_invoice(asked)
    return _reply(_of_preview(account, end, found, status), renewal)


def _reply(found: FinalInvoice, renewal: str) -> Reply:
    whole = found.model_copy(update={"renewal": renewal})
    return Reply(whole, view_invoice.of_invoice(whole))


async def _case(desk: Desk, account: str) -> Status:
    """The case as it stands itself: the book is a little behind it."""
    return (await cases.see(desk, account, CANCELLATION)).status


def agreed(account: str, status: Status | None) -> date:
    """The end date to which the final invoice counts. Raises ``Failure`` before it is agreed and after a withdrawal."""
    leaving = status.leaving if status else None
    if leaving and leaving.withdrawn_at:
        stays = f"the customer of {account} withdrew on {leaving.withdrawn_at:%Y-%m-%d} and stays"
        raise refused(RefusalType.ILLEGAL_MOVE, f"{stays}, so no final invoice is due; --exit-date looks at any day")
    end = leaving.end_date if leaving else None
    if end is None:
        said = (
            f"the end date of {account} is not agreed yet: 'cancel confirm' agrees it; --exit-date looks at any other"
        )
        raise refused(RefusalType.ILLEGAL_MOVE, said)
    return end


async def _issued(desk: Desk, account: str, end: date) -> Invoice | None:
    shown = (await (await desk.parts()).billing.read_back(account, end)).invoices
    return next((one for one in shown if one.kind is InvoiceKind.FINAL and one.issued_for == end), None)


def of_issued(account: str, end: date, issued: Invoice, status: Status | None) -> FinalInvoice:
    """The invoice as billing shows it, with the refund as the case noted it and whether that was paid back (OFFB-19)."""
    noted, currency = _noted(status), issued.total.currency
    refund, rest = (_money(noted.get(name, ""), currency) for name in ("refund", "refund_rest"))
    return FinalInvoice(
        account_id=account,
        end_date=end,
        issued=issued.id,
        lines=issued.lines,
        tax=issued.tax,
        credit=_credit(issued.lines, currency),
        total=issued.total,
        refund=refund,
        refund_invoice=noted.get("refund_invoice", ""),
        refund_rest=rest,
        paid_back=_is_done(status, REFUND),
        paid_at=_done_at(status, REFUND),
    )


def _of_preview(account: str, end: date, found: InvoicePreview, status: Status | None) -> FinalInvoice:
    return FinalInvoice(
        account_id=account,
        end_date=end,
        lines=found.lines,
        tax=found.tax,
        credit=_credit(found.lines, found.total.currency),
        total=found.total,
        refund=found.refund,
        refund_invoice=found.refund_invoice,
        refund_rest=found.refund_rest,
        balance=found.balance,
        was=_others(found, status),
    )


def _credit(lines: tuple[InvoiceLine, ...], currency: str) -> Money:
    return Money(minor=-sum(min(line.amount.minor, 0) for line in lines), currency=currency)


def _others(found: InvoicePreview, status: Status | None) -> tuple[str, ...]:
    """The figures of the case that billing shows otherwise by now; empty where they are the same, or none was noted."""
    noted = _noted(status)
    now = {"total": found.total, "refund": found.refund, "balance": found.balance}
    differs = [name for name, amount in now.items() if noted.get(name, str(amount.minor)) != str(amount.minor)]
    return tuple(f"{name} {_exact(noted[name], found.total.currency)}" for name in differs)


def _noted(status: Status | None) -> dict[str, str]:
    """The figures that the case noted when it prepared the approval, by their names."""
    step = next((step for step in status.steps if step.id == PREVIEW), None) if status else None
    return {item.content: item.text for item in step.evidence.items} if step and step.evidence else {}


def _is_done(status: Status | None, step_id: str) -> bool:
    return status is not None and any(s.id == step_id and s.state is StepState.DONE for s in status.steps)


def _done_at(status: Status | None, step_id: str) -> datetime | None:
    """When the step ended, as the history tells it; None where it is not done, or its line is no longer there."""
    told = status.timeline if status and _is_done(status, step_id) else ()
    return next((event.at for event in reversed(told) if event.step == step_id and event.kind == "step_done"), None)


def _money(minor: str, currency: str) -> Money | None:
    return Money(minor=int(minor), currency=currency) if minor else None


def _exact(minor: str, currency: str) -> str:
    return view_invoice.exact(Money(minor=int(minor), currency=currency))
