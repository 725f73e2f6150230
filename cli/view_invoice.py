"""How a final invoice looks on a terminal, for whoever approves it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.numbers import format_currency, get_currency_precision
from rich.console import Group, RenderableType
from rich.text import Text

from cli.words import table
from models.account import Money
from models.billing import InvoiceLine

if TYPE_CHECKING:
    from cli.cancel_preview import FinalInvoice


def exact(amount: Money) -> str:
    """An amount to the minor unit, with its currency: ``SGD 1,234.50``."""
    major = Decimal(amount.minor).scaleb(-get_currency_precision(amount.currency))
    return format_currency(major, amount.currency, "¤¤ #,##0.00;¤¤ -#,##0.00", locale="en")


def of_invoice(found: FinalInvoice) -> RenderableType:
    """Each line, the tax on them and the total; what is paid back and what is owed; and what differs from the case."""
    title = f"final invoice {found.issued}, issued" if found.issued else "final invoice, as it would be issued now"
    head = Text.assemble(
        (title, "bold"), f"\n{found.account_id}, in {found.total.currency}, charged until {found.end_date}"
    )
    rows = table("days", "what", "amount")
    rows.columns[2].justify = "right"
    for line in found.lines:
        rows.add_row(_days(line), _what(line), exact(line.amount))
    if found.tax:
        rows.add_row("", f"{found.tax.tax.name} {found.tax.tax.bp / 100:g} %", exact(found.tax.amount))
    rows.add_row("", "[bold]total[/]", f"[bold]{exact(found.total)}[/]")
    return Group(head, rows, *_besides(found))


def _days(line: InvoiceLine) -> str:
    return f"{line.starts} to {line.ends - timedelta(days=1)}"


def _what(line: InvoiceLine) -> str:
    what = "credit: paid and not used" if line.amount.minor < 0 else "used"
    return f"{what}, {line.discount_pct} % discount" if line.discount_pct else what


def _besides(found: FinalInvoice) -> list[RenderableType]:
    said = [f"credit in it, before tax: {exact(found.credit)}"]
    at = f" on {found.paid_at:%Y-%m-%d %H:%M} UTC" if found.paid_at else ""
    back = f"paid back{at}" if found.paid_back else "to be paid back"
    if found.refund is not None:
        on = f" on {found.refund_invoice}" if found.refund_invoice else ""
        said.append(f"refund, {back}: {exact(found.refund)}{on}")
    if found.refund_rest is not None:
        said.append(f"besides, {back} by hand on the invoices before it: {exact(found.refund_rest)}")
    if found.balance is not None:
        said.append(f"balance, owed with all invoices before it: {exact(found.balance)}")
    said += [found.renewal] if found.renewal else []
    shown: list[RenderableType] = [Text("\n".join(said))]
    if found.was:
        shown.append(Text(f"when the case prepared the approval, it was: {', '.join(found.was)}", style="yellow"))
    return shown
