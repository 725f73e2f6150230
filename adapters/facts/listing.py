"""How a stored fact reads in a list: what it is, of when, in a line of text, and where it came from."""

from __future__ import annotations

from datetime import date

from models.facts import KnownFact, Payment
from models.tables import FigureRow, InboundRow, NpsRow, PaymentRow, TicketRow


def of_ticket(row: TicketRow) -> KnownFact:
    """A ticket with its severity, its tone and its CSAT."""
    score = "" if row.csat is None else f"csat {row.csat}"
    text = _joined(row.subject, row.severity, row.sentiment, score)
    return _fact("ticket", row.opened_at.date(), text, row)


def of_nps(row: NpsRow) -> KnownFact:
    """An NPS answer."""
    return _fact("nps", row.at.date(), _joined(str(row.score), row.comment), row)


def of_inbound(row: InboundRow) -> KnownFact:
    """A signal or a request."""
    return _fact(row.fact, row.at.date(), _joined(row.kind, row.playbook or "", row.detail, row.by or ""), row)


def of_payment(payment: Payment, row: PaymentRow) -> KnownFact:
    """A payment and what became of it."""
    paid = f"paid on {payment.paid_on}" if payment.paid_on else ""
    amount = f"{payment.amount.major:.2f} {payment.amount.currency}" if payment.amount else ""
    return _fact("payment", payment.due_on, _joined(payment.state, amount, paid, payment.detail), row)


def of_figure(row: FigureRow) -> KnownFact:
    """A sub-metric or a KPI."""
    target = "" if row.target is None else f"of {row.target:g}"
    return _fact(row.kind, row.day, _joined(f"{row.name} {row.value:g}", target), row)


def _fact(what: str, at: date, text: str, row: TicketRow | NpsRow | InboundRow | PaymentRow | FigureRow) -> KnownFact:
    return KnownFact(what=what, at=at, text=text, source=row.source, received_at=row.received_at)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
