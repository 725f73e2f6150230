"""Customers who are about to leave, as the tests of whole cancellations see them, and what is left of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from adapters.portfolio.records import subscription
from models.access import Holder
from models.account import ContractTerms
from models.base import Record
from models.crm import AccountRecord, Contact, SeatRecord
from parts import Parts, open_parts
from settings import Settings
from tests.company import ACCOUNT
from tests.world import World, soon
from workflows.contract import cancellation_id

REQUEST = {"account_id": ACCOUNT, "channel": "email", "request_id": "mail-1", "reason": "firm_decision"}
_YEAR, _PAID_FOR = timedelta(days=365), timedelta(days=200)


async def customers(parts: Parts, count: int, like: str = ACCOUNT) -> tuple[str, ...]:
    """So many accounts with the team of the sample's one: paid for another 200 days, with people who get in."""
    template = await parts.crm.account(like)
    seats = (await parts.crm.account_file(like)).team.seats
    ids = tuple(f"out-{n:03}" for n in range(count))
    for account in ids:
        await _customer(parts, _record(template, account))
        for seat in seats:
            row = SeatRecord(account_id=account, role=seat.role, person=seat.person, deputy=seat.deputy)
            await parts.crm.put_seat(row)
    return ids


async def crowd(home: Settings, count: int, like: str = ACCOUNT) -> tuple[str, ...]:
    """``customers`` of a home that nobody has opened."""
    async with open_parts(home) as parts:
        return await customers(parts, count, like)


async def _customer(parts: Parts, record: AccountRecord) -> None:
    await parts.crm.put_account(record)
    contact = Contact(id=f"con-{record.id}", account_id=record.id, name="Iris Falk", email=f"{record.id}@falk.example")
    await parts.crm.put_contact(contact.model_copy(update={"may_cancel": True}))
    opening = subscription(record, None)
    assert opening is not None
    await parts.billing.open_subscription(opening)
    for name, role in (("admin", "admin"), ("member", "member")):
        await parts.access.put_holder(Holder(account_id=record.id, external_id=f"{record.id}-{name}", role=role))


def _record(template: AccountRecord, account: str) -> AccountRecord:
    renewal = datetime.now(UTC).date() + _PAID_FOR
    return template.model_copy(
        update={
            "id": account,
            "name": f"Falk {account}",
            "contact_id": f"con-{account}",
            "customer_since": renewal - _YEAR,
            "renewal_date": renewal,
            "strategic": False,
            "switching": False,
            "jurisdiction": "",
            "contract": ContractTerms(),
        }
    )


async def asks(world: World, **more: Any) -> dict[str, Any]:
    """A request by update-with-start, as every channel sends it."""
    contact = (await world.parts.crm.contacts(ACCOUNT))[0].model_copy(update={"may_cancel": True})
    await world.parts.crm.put_contact(contact)
    account = await world.parts.crm.account(ACCOUNT)
    await world.parts.crm.put_account(account.model_copy(update={"contract": ContractTerms()}))
    payload = REQUEST | {"requested_by": contact.id} | more
    opening = WithStartWorkflowOperation(
        "Cancellation",
        payload,
        id=cancellation_id(ACCOUNT),
        task_queue="cases",
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    answer: dict[str, Any] = await soon(
        world.client.execute_update_with_start_workflow(
            "request_cancellation", payload, start_workflow_operation=opening
        )
    )
    world.case = world.client.get_workflow_handle(cancellation_id(ACCOUNT))
    return answer


class Left(Record):
    """What the registers say of an account that left, and how often each thing was done."""

    final_invoices: int
    refunds: int
    closure_letters: int
    retentions: int
    certificates: int
    get_in: int
    internal_open: int
    billed_on: date | None


ONCE = Left(
    final_invoices=1,
    refunds=1,
    closure_letters=1,
    retentions=1,
    certificates=0,
    get_in=0,
    internal_open=0,
    billed_on=None,
)
"""An account that left, before anything was deleted."""

_OF_ACCOUNT = "join book_cases c using (case_id) where c.account_id = ?"


@dataclass(frozen=True)
class Registers:
    """The ledger, the outbox, the receipts and the access register of a home, read as they are."""

    home: Path

    def left(self, account: str) -> Left:
        """What is on record of an account."""
        return Left(
            final_invoices=self._count("invoices where account_id = ? and kind = 'final'", account),
            refunds=self._count("refunds r join invoices i on i.id = r.invoice_id where i.account_id = ?", account),
            closure_letters=self._done("closure_confirmation/send_letter", account),
            retentions=self._count("book_cases where account_id = ? and kind = 'retention'", account),
            certificates=self._count(
                f"book_steps s {_OF_ACCOUNT} and s.id like 'certificate%' and s.state = 'done'", account
            ),
            get_in=self._count("access_register where account_id = ? and access <> 'none'", account),
            internal_open=self._count("internal_access where account_id = ? and open", account),
            billed_on=self._billed(account),
        )

    def letters(self, account: str) -> int:
        """The closure letters that the outbox shows as sent; the deletion takes them out of it."""
        sent = "outbox o join book_cases c using (case_id) where c.account_id = ? and o.state = 'sent'"
        return self._count(f"{sent} and o.key like '%/closure_confirmation/%'", account)

    def certificates(self) -> int:
        """The certificates that lie in the instance."""
        return len(list((self.home / "certificates").glob("*.pdf")))

    def offered(self, account: str) -> tuple[int, int, int]:
        """How often a discount was applied, how many the ledger has, and how often the standard price came back."""
        ended = f"book_timeline t {_OF_ACCOUNT} and t.kind = 'offer_ended'"
        coupons = "coupons where account_id = ?"
        return self._done("/apply_concession", account), self._count(coupons, account), self._count(ended, account)

    def _done(self, effect: str, account: str) -> int:
        """How many receipts there are of an effect; keys begin with the id of the case. A draft has not been sent."""
        keys = f"r.key like c.case_id || '/%{effect}%' and r.key not like '%/draft'"
        return self._count(f"receipts r join book_cases c on {keys} where c.account_id = ?", account)

    def _billed(self, account: str) -> date | None:
        """The day from which the account would still be charged, or None where it ends."""
        query = "select paid_through from subscriptions where account_id = ? and ends_on is null"
        row = self._one(query, account)
        return date.fromisoformat(row[0]) if row else None

    def _count(self, what: str, account: str) -> int:
        row = self._one(f"select count(*) from {what}", account)
        assert row is not None
        return int(row[0])

    def _one(self, query: str, account: str) -> tuple[str, ...] | None:
        with sqlite3.connect(self.home / "followthrough.db", timeout=30) as connection:
            found: tuple[str, ...] | None = connection.execute(query, (account,)).fetchone()
        return found
