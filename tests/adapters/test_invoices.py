"""An invoice as a paper: in the customer's words, to the cent, and the same whenever it is printed (OFFB-22)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.billing.embedded import EmbeddedBilling
from adapters.billing.port import BillingPort
from adapters.clock import Now
from adapters.database import Database
from adapters.invoices.embedded import Party, PrintedInvoices
from models.account import Money
from models.billing import Interval, IssueFinalInvoice, OpenSubscription, Tax
from models.crm import AccountRecord
from models.directory import WorkingTime
from models.faults import PermanentFault

MESSAGES = Path(__file__).resolve().parents[2] / "playbooks" / "messages"
SELLER = Party(known_by="care@northwind-saas.example", name="Northwind Care")
SST = Tax(name="SST", bp=800)


class Crm:
    """The one account that is billed."""

    async def account(self, account_id: str) -> AccountRecord:
        return AccountRecord(
            id=account_id, name="Kedai Buku O'Hara <#x>", works=WorkingTime(time_zone="Asia/Kuala_Lumpur")
        )


@pytest.fixture
def billing(database: Database, clock: Now) -> BillingPort:
    return EmbeddedBilling(database, clock)


@pytest.fixture
def papers(billing: BillingPort) -> PrintedInvoices:
    return PrintedInvoices(billing, Crm(), MESSAGES, SELLER)  # type: ignore[arg-type]


async def settled(
    billing: BillingPort, end: date, tax: Tax | None = SST, currency: str = "MYR", fee: Money | None = None
) -> str:
    opening = OpenSubscription(
        key="open/1",
        account_id="acc-1",
        price=Money(minor=310_000_00, currency=currency),
        interval=Interval.MONTH,
        started=date(2025, 1, 1),
        paid_through=date(2026, 4, 1),
        tax=tax,
    )
    await billing.open_subscription(opening)
    final = IssueFinalInvoice(key="f/1", account_id="acc-1", end_date=end, fee=fee)
    return (await billing.issue_final_invoice(final)).id


def said(papers: PrintedInvoices, invoice, locale: str) -> str:
    """All that a paper says."""
    return str(papers._told(invoice, account(), locale))


def account() -> AccountRecord:
    return AccountRecord(id="acc-1", name="Kedai Buku O'Hara", works=WorkingTime(time_zone="Asia/Kuala_Lumpur"))


async def test_the_same_invoice_is_the_same_paper(billing: BillingPort, papers: PrintedInvoices) -> None:
    number = await settled(billing, date(2026, 3, 22))
    first = await papers.pdf("acc-1", number, "ms")
    assert first.startswith(b"%PDF-")
    assert first == await papers.pdf("acc-1", number, "ms")


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ("Final credit note", "Given back: ", "March 22, 2026", "SST, 8 %", "-108,000.00", "nothing to pay")),
        (
            "ms",
            ("Nota kredit akhir", "Dikembalikan: ", "22 Mac 2026", "SST, 8 %", "-108,000.00", "memihak kepada anda"),
        ),
        ("id", ("Nota kredit akhir", "Dikembalikan: ", "22 Maret 2026", "SST, 8 %", "-108.000,00", "menjadi hak Anda")),
    ],
)
async def test_a_credit_is_said_in_the_readers_words(
    billing: BillingPort, papers: PrintedInvoices, locale: str, words: tuple[str, ...]
) -> None:
    number = await settled(billing, date(2026, 3, 22))
    found = next(one for one in (await billing.read_back("acc-1", date(2026, 3, 22))).invoices if one.id == number)
    text = said(papers, found, locale)
    assert [word for word in words if word not in text] == []


async def test_what_is_due_is_said_with_its_net_sum_and_its_tax(billing: BillingPort, papers: PrintedInvoices) -> None:
    number = await settled(billing, date(2026, 5, 1))
    found = next(one for one in (await billing.read_back("acc-1", date(2026, 5, 1))).invoices if one.id == number)
    text = said(papers, found, "en")
    assert all(word in text for word in ("Final invoice", "310,000.00", "24,800.00", "334,800.00", "is due"))


async def test_a_yen_has_no_cents_and_no_tax_is_said_to_be_none(billing: BillingPort, papers: PrintedInvoices) -> None:
    number = await settled(billing, date(2026, 5, 1), tax=None, currency="JPY")
    found = next(one for one in (await billing.read_back("acc-1", date(2026, 5, 1))).invoices if one.id == number)
    text = said(papers, found, "en")
    assert "31,000,000'" in text
    assert "No tax was added" in text


async def test_an_invoice_that_billing_does_not_show_is_named(billing: BillingPort, papers: PrintedInvoices) -> None:
    await settled(billing, date(2026, 5, 1))
    with pytest.raises(PermanentFault, match="acc-1 has no invoice 'inv-nothing'; there are: ") as fault:
        await papers.pdf("acc-1", "inv-nothing", "en")
    assert fault.value.kind == "UnknownInvoice"


@pytest.mark.parametrize(
    ("locale", "words"), [("en", "Fee for ending"), ("ms", "Yuran penamatan"), ("id", "Biaya peng")]
)
async def test_the_fee_for_ending_early_is_named_beside_what_is_given_back(  # CANC-46
    billing: BillingPort, papers: PrintedInvoices, locale: str, words: str
) -> None:
    number = await settled(billing, date(2026, 3, 22), fee=Money(minor=30_000_00, currency="MYR"))
    found = next(one for one in (await billing.read_back("acc-1", date(2026, 3, 22))).invoices if one.id == number)
    text = said(papers, found, locale)
    assert words in text
    assert text.count("30,000.00") + text.count("30.000,00") == 1


@pytest.mark.parametrize(
    ("locale", "word"),
    [("en", "issued on "), ("ms", "dikeluarkan pada "), ("id", "diterbitkan pada ")],
)
async def test_a_final_invoice_says_the_day_on_which_it_was_issued(
    billing: BillingPort, papers: PrintedInvoices, locale: str, word: str
):
    number = await settled(billing, date(2026, 3, 22))
    invoices = (await billing.read_back("acc-1", date(2026, 3, 22))).invoices
    found = next(one for one in invoices if one.id == number)
    assert found.issued_at is not None
    at = found.model_copy(update={"issued_at": datetime(2026, 3, 21, 17, tzinfo=UTC)})
    assert f"{word}{ {'en': 'Sunday, March 22', 'ms': 'Ahad, 22 Mac', 'id': 'Minggu, 22 Maret'}[locale] }" in said(
        papers, at, locale
    )


@pytest.mark.parametrize(("locale", "word"), [("en", "Tax number"), ("ms", "Nombor cukai"), ("id", "Nomor pajak")])
async def test_tax_numbers_and_addresses_are_shown_where_they_are_known(billing: BillingPort, locale: str, word: str):
    number = await settled(billing, date(2026, 5, 1))
    found = next(one for one in (await billing.read_back("acc-1", date(2026, 5, 1))).invoices if one.id == number)
    seller = SELLER.model_copy(
        update={"address": "Level 3, Menara Timur; 50450 Kuala Lumpur", "tax_number": "W10-1808"}
    )
    papers = PrintedInvoices(billing, Crm(), MESSAGES, seller)  # type: ignore[arg-type]
    buyer = account().model_copy(update={"postal_address": "12 Jalan Sultan;30000 Ipoh;", "tax_number": "C 2584"})
    told = papers._told(found, buyer, locale)
    assert told["from"][1:3] == ["Level 3, Menara Timur", "50450 Kuala Lumpur"]
    assert told["from"][-1] == f"{word} W10-1808"
    assert told["to"] == ["Kedai Buku O'Hara", "12 Jalan Sultan", "30000 Ipoh", "acc-1", f"{word} C 2584"]
    bare = PrintedInvoices(billing, Crm(), MESSAGES, SELLER)._told(found, account(), locale)  # type: ignore[arg-type]
    assert bare["from"] == ["Northwind Care", "care@northwind-saas.example"]
    assert bare["to"] == ["Kedai Buku O'Hara", "acc-1"]


async def test_a_japanese_name_is_printed_and_does_not_become_boxes(billing: BillingPort):
    number = await settled(billing, date(2026, 5, 1))
    papers = PrintedInvoices(billing, Crm(), MESSAGES, SELLER.model_copy(update={"name": "株式会社"}))  # type: ignore[arg-type]
    plain = PrintedInvoices(billing, Crm(), MESSAGES, SELLER)  # type: ignore[arg-type]
    assert b"NotoSansJP" in await papers.pdf("acc-1", number, "en")
    assert b"NotoSansJP" not in await plain.pdf("acc-1", number, "en")
