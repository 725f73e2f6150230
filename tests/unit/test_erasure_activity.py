"""Deletion as an activity: all stores or a failure, what was deleted before a crash counts, no certificate without proof."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.erasure import ErasureActivities
from models.after_commands import DataErased
from models.crm import AccountRecord
from models.erasing import Counted, EraseData, ErasureReceipt, IssueCertificate
from models.faults import PermanentFault, TransientFault
from models.retention import Erased, ErasureMethod
from models.work import Receipt

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ASKED = EraseData(key="ret-1/erase_data/erase_data/1", case_id="ret-1", account_id="acc-1", at=AT)


class Store:
    """A store that a test fills, and that can fail before or in the middle of a deletion."""

    def __init__(self, name: str, rows: int = 5, *, keeps_all: bool = False) -> None:
        self.name, self.rows, self.keeps_all = name, rows, keeps_all
        self.kept = f"what {name} keeps"
        self.dies_after: int | None = None
        self.stubborn = False

    async def erase(self, _: EraseData) -> Erased:
        if self.dies_after is not None:
            self.rows, self.dies_after = self.rows - self.dies_after, None
            raise TransientFault("it went away")
        gone, self.rows = self.rows, self.rows if self.stubborn else 0
        return Erased(store=self.name, what="w", rows=gone)

    async def remains(self, _: EraseData) -> int:
        return 0 if self.keeps_all else self.rows


class Ledger:
    def __init__(self) -> None:
        self.noted: dict[tuple[str, str], Counted] = {}

    async def counted(self, case_id: str, store: str) -> Counted:
        return self.noted.get((case_id, store), Counted())

    async def note(self, case_id: str, store: str, counted: Counted) -> None:
        self.noted[case_id, store] = counted


class Printer:
    def __init__(self) -> None:
        self.asked: list[IssueCertificate] = []

    async def issue(self, request: IssueCertificate) -> str:
        self.asked.append(request)
        return "cert-1"


class Crm:
    """A CRM that has one account, as one who left unless a test says otherwise, or does not have it any more."""

    account_record: AccountRecord | None = AccountRecord(id="acc-1", name="PT Warung", churned_on=date(2025, 12, 1))

    fault: PermanentFault | None = None

    async def account(self, account_id: str) -> AccountRecord:
        if self.fault:
            raise self.fault
        if self.account_record is None:
            raise PermanentFault("UnknownAccount", f"no account has the id '{account_id}'")
        return self.account_record


class Desk:
    """The activities over a few stores."""

    def __init__(self, *stores: Store) -> None:
        self.printer: Any = Printer()
        self.crm: Any = Crm()
        self.activities = ErasureActivities(stores, self.printer, Ledger(), self.crm)

    async def erase(self, request: EraseData = ASKED) -> ErasureReceipt:
        return await ActivityEnvironment().run(self.activities.erase_data, request)

    async def certify(self, *stores: str, method: ErasureMethod = ErasureMethod.DELETED) -> Receipt:
        request = IssueCertificate(
            key="ret-1/certificate/issue_certificate/1",
            case_id="ret-1",
            account_id="acc-1",
            at=AT,
            deleted_at=AT,
            stores=tuple(Erased(store=name, what="w", rows=1, method=method) for name in stores),
            verified_by="usr-07",
            backups_until=date(2027, 3, 2),
        )
        return await ActivityEnvironment().run(self.activities.issue_certificate, request)


async def test_what_was_deleted_by_hand_is_read_back_before_it_is_certified() -> None:  # OFFB-26
    product, crm = Store("product", 3), Store("crm", 0)
    desk = Desk(product, crm)
    with pytest.raises(ApplicationError) as refused:
        await desk.certify("product", "crm", method=ErasureMethod.BY_HAND)
    assert (refused.value.type, refused.value.non_retryable) == ("EvidenceMissing", True)
    assert "product (3)" in refused.value.message
    assert desk.printer.asked == []
    product.rows = 0
    assert (await desk.certify("product", "crm", method=ErasureMethod.BY_HAND)).id == "cert-1"


async def test_every_store_tells_how_much_it_deleted() -> None:  # OFFB-25
    receipt = await Desk(Store("product", 3), Store("crm", 4)).erase()
    assert [(one.store, one.rows) for one in receipt.stores] == [("product", 3), ("crm", 4)]


async def test_the_data_of_a_customer_is_never_deleted_whoever_forgot_to_say_that_they_are_back() -> None:  # OFFB-24
    product = Store("product", 3)
    desk = Desk(product)
    desk.crm.account_record = AccountRecord(id="acc-1", name="PT Warung")
    with pytest.raises(ApplicationError) as refused:
        await desk.erase()
    assert (refused.value.type, refused.value.non_retryable, product.rows) == ("NotAllowed", True, 3)
    assert "customer_returned" in refused.value.message


async def test_nothing_is_deleted_while_the_crm_does_not_say_whether_they_left() -> None:  # OFFB-24
    product = Store("product", 3)
    desk = Desk(product)
    desk.crm.fault = PermanentFault("Forbidden", "the key of the CRM was refused")
    with pytest.raises(ApplicationError, match="the key of the CRM was refused"):
        await desk.erase()
    assert product.rows == 3


async def test_an_account_that_the_crm_has_no_more_is_no_customer() -> None:
    desk = Desk(Store("product", 3))
    desk.crm.account_record = None
    assert (await desk.erase()).stores[0].rows == 3


class OpenRecords(Store):
    """The records of a case that is still open: they lose what they hold, and nothing of it must be gone for good."""

    async def remains(self, _: EraseData) -> int:
        return 0


async def test_what_the_records_of_an_open_case_lost_is_counted() -> None:  # OFFB-26
    desk = Desk(OpenRecords("book", rows=7))
    assert [one.rows for one in (await desk.erase()).stores] == [7]
    assert [one.rows for one in (await desk.erase()).stores] == [7]


async def test_what_an_attempt_deleted_that_crashed_in_the_next_store_is_counted() -> None:
    product, crm = Store("product", 3), Store("crm", 4)
    crm.dies_after = 0
    desk = Desk(product, crm)
    with pytest.raises(ApplicationError):
        await desk.erase()
    assert [one.rows for one in (await desk.erase()).stores] == [3, 4]


async def test_what_a_store_deleted_before_it_crashed_is_counted() -> None:
    product = Store("product", 10)
    product.dies_after = 7
    desk = Desk(product)
    with pytest.raises(ApplicationError):
        await desk.erase()
    assert (await desk.erase()).stores[0].rows == 10


async def test_what_came_in_since_counts_besides() -> None:
    product = Store("product", 10)
    desk = Desk(product)
    await desk.erase()
    product.rows = 2
    again = await desk.erase(ASKED.model_copy(update={"key": "ret-1/erase_data/erase_data/1.2"}))
    assert again.stores[0].rows == 12


async def test_a_store_that_is_not_empty_fails_the_whole_deletion_by_name() -> None:
    crm = Store("crm", 4)
    crm.stubborn = True
    with pytest.raises(ApplicationError, match=r"something is left in crm \(4\)"):
        await Desk(Store("product"), crm).erase()


async def test_there_is_no_certificate_without_the_proof_of_every_store() -> None:  # OFFB-26
    desk = Desk(Store("product"), Store("crm"), Store("billing", keeps_all=True))
    for stores in ((), ("crm",), ("product", "billing")):
        with pytest.raises(ApplicationError) as refused:
            await desk.certify(*stores)
        assert (refused.value.type, refused.value.non_retryable) == ("EvidenceMissing", True)
    assert desk.printer.asked == []
    assert (await desk.certify("product", "crm")).id == "cert-1"


async def test_a_certificate_says_what_each_store_keeps_whoever_deleted() -> None:  # CONVENTIONS 2
    desk = Desk(Store("product"), Store("billing", keeps_all=True))
    await desk.certify("product")
    (asked,) = desk.printer.asked
    assert [(one.store, one.kept) for one in asked.stores] == [
        ("product", "what product keeps"),
        ("billing", "what billing keeps"),
    ]


class Others:
    """The other cases of the account."""

    def __init__(self, *owed: str) -> None:
        self.owed = owed
        self.told: list[tuple[str, datetime]] = []

    async def owed_before(self, _: Any) -> tuple[str, ...]:
        return self.owed

    async def tell(self, workflow_ids: Any, erased: DataErased) -> None:
        self.told += [(each, erased.erased_at) for each in workflow_ids]


async def test_nothing_is_deleted_before_the_customer_has_what_they_must_have() -> None:  # OFFB-22
    store = Store("crm")
    desk = Desk(store)
    desk.activities = desk.activities.reaching(Others("closure_confirmation"))
    with pytest.raises(ApplicationError) as caught:
        await desk.erase()
    assert (caught.value.type, store.rows) == ("Held", 5)
    assert "closure_confirmation" in caught.value.message


async def test_the_other_cases_hear_of_it_once_everything_is_gone() -> None:  # OFFB-25
    others, store = Others(), Store("crm")
    desk = Desk(store)
    desk.activities = desk.activities.reaching(others)
    store.stubborn = True
    request = ASKED.model_copy(update={"cases": ("cancellation:acc-1",)})
    with pytest.raises(ApplicationError):
        await desk.erase(request)
    assert others.told == []
    store.stubborn = False
    await desk.erase(request)
    assert others.told == [("cancellation:acc-1", AT)]
