"""What finance reads before it approves a final invoice (OFFB-18)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cli import view_invoice
from cli.cancel_preview import FinalInvoice, of_issued
from models.account import Money
from models.billing import Invoice, InvoiceKind, IssueFinalInvoice, OpenSubscription, Tax
from models.case import TimelineEvent
from models.status import Status, StepStatus
from models.step import Evidence, EvidenceItem, StepState
from parts import open_parts
from settings import Settings
from tests.cli.conftest import run
from tests.company import moved_in

ACCOUNT, END = "acc-0003", "2027-01-15"


async def _paid_for_a_year(home: Path) -> None:
    async with open_parts(Settings(home=home)) as parts:
        given = OpenSubscription(
            key="open/1",
            account_id=ACCOUNT,
            price=Money(minor=36_500_00, currency="SGD"),
            started=date(2026, 7, 1),
            paid_through=date(2027, 7, 1),
            tax=Tax(name="GST", bp=900),
        )
        imported = await parts.billing.read_back(ACCOUNT, date(2026, 11, 15))
        settled = IssueFinalInvoice(key="settled", account_id=ACCOUNT, end_date=imported.started)
        await parts.billing.issue_final_invoice(settled)
        await parts.billing.open_subscription(given)


async def _issued(home: Path) -> str:
    async with open_parts(Settings(home=home)) as parts:
        asked = IssueFinalInvoice(key="final/1", account_id=ACCOUNT, end_date=date.fromisoformat(END))
        return (await parts.billing.issue_final_invoice(asked)).id


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    """An instance without a server."""
    return moved_in(founded, tmp_path / "home").home


def shown(home: Path, *more: str, code: int = 0) -> str:
    result = run(home, "cancel", "preview", ACCOUNT, *more)
    assert result.exit_code == code, result.output
    return " ".join((result.stdout + result.stderr).split())


def test_finance_reads_each_line_the_tax_and_what_is_paid_back_and_nothing_changes(home: Path) -> None:
    asyncio.run(_paid_for_a_year(home))
    first = shown(home, "--exit-date", END)
    assert "in SGD, charged until 2027-01-15" in first
    assert "2027-01-15 to 2027-06-30 credit: paid and not used SGD -16,700.00" in first
    assert "GST 9 % SGD -1,503.00 total SGD -18,203.00" in first
    assert "credit in it, before tax: SGD 16,700.00" in first
    assert "refund, to be paid back: SGD 18,203.00 on inv" in first
    assert "balance, owed with all invoices before it: SGD 0.00" in first
    assert shown(home, "--exit-date", END) == first


def test_once_it_is_issued_the_invoice_itself_is_shown(home: Path) -> None:
    asyncio.run(_paid_for_a_year(home))
    number = asyncio.run(_issued(home))
    assert f"final invoice {number}, issued" in shown(home, "--exit-date", END)


def test_what_a_person_pays_back_besides_is_shown_to_finance() -> None:  # OFFB-19
    nothing = Money(minor=0, currency="SGD")
    known = {"account_id": ACCOUNT, "end_date": END, "lines": (), "credit": nothing, "total": nothing}
    back = {"refund": Money(minor=100, currency="SGD"), "refund_rest": Money(minor=250, currency="SGD")}
    (text,) = view_invoice.of_invoice(FinalInvoice(**known, **back)).renderables[2:]
    assert "on the invoices before it: SGD 2.50" in str(text)


PREPARED = {"total": "-1820300", "refund": "1820300", "refund_invoice": "inv-7", "refund_rest": "250", "balance": "0"}
PAID = datetime(2027, 1, 18, 3, 30, tzinfo=UTC)


def of_the_case(refund: StepState) -> Status:
    """A cancellation that prepared the approval, and whose refund stands so."""
    items = tuple(EvidenceItem(content=name, text=text) for name, text in PREPARED.items())
    steps = (
        StepStatus(
            id="preview_invoice", title="-", owner="finance", state=StepState.DONE, evidence=Evidence(items=items)
        ),
        StepStatus(id="refund", title="-", owner="finance", state=refund),
    )
    seen = datetime(2027, 1, 20, tzinfo=UTC)
    done = TimelineEvent(n=7, at=PAID, kind="step_done", text="-", step="refund")
    told = (done,) if refund is StepState.DONE else ()
    about = {"case_id": "can-1", "kind": "cancellation", "account_id": ACCOUNT, "stage": "deactivated"}
    return Status(**about, as_of=seen, opened_at=seen, steps=steps, timeline=told)


@pytest.mark.parametrize(
    ("stands", "said"),
    [(StepState.OPEN, "refund, to be paid back: "), (StepState.DONE, "refund, paid back on 2027-01-18 03:30 UTC: ")],
)
def test_an_issued_invoice_still_says_what_is_paid_back_and_whether_and_when_it_was(
    stands: StepState, said: str
) -> None:
    # OFFB-19
    end, total = date.fromisoformat(END), Money(minor=-18_203_00, currency="SGD")
    nothing = Money(minor=0, currency="SGD")
    issued = Invoice(
        id="inv-9", account_id=ACCOUNT, kind=InvoiceKind.FINAL, issued_for=end, total=total, refunded=nothing
    )
    text = str(view_invoice.of_invoice(of_issued(ACCOUNT, end, issued, of_the_case(stands))).renderables[2])
    assert f"{said}SGD 18,203.00 on inv-7" in text
    assert "by hand on the invoices before it: SGD 2.50" in text


def test_a_missed_notice_is_told_to_end_within_the_renewed_term(home: Path) -> None:  # CANC-46
    renewed = run(home, "cancel", "preview", "acc-0004", "--exit-date", "2026-12-20").stdout
    assert "renews by itself on 2026-12-05" in renewed and "charged until 2026-12-20 alone" in renewed
    assert "renews" not in run(home, "cancel", "preview", "acc-0004", "--exit-date", "2026-12-05").stdout
