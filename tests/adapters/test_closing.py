"""The end of an account, as the systems show it: out of the list of customers and of the forecast (OFFB-22, OFFB-45)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from activities.closing import ClosingActivities
from adapters.billing.embedded import EmbeddedBilling
from adapters.crm.port import CrmPort
from models.access import AccessState
from models.account import Money
from models.billing import StopCharging
from models.closing import CloseAccount, Expected, ReadBack
from models.crm import AccountRecord
from tests.adapters.conftest import CRMS
from tests.adapters.test_billing import final, opening

pytestmark = pytest.mark.parametrize("crm", CRMS, indirect=True)
AT, END = datetime(2026, 3, 21, tzinfo=UTC), date(2026, 3, 22)
CLOSE = CloseAccount(key="close/1", case_id="can-1", account_id="acc-1", at=AT, closed_on=END, reason="price")


class NobodyIn:
    """Access of an account that nobody reaches any more."""

    async def read_back(self, account_id: str) -> AccessState:
        return AccessState(account_id=account_id, full=0, read_only=0, revoked=0, keys=0, internal=())


@pytest.fixture
async def closing(crm: CrmPort, database: Any) -> ClosingActivities:
    billing = EmbeddedBilling(database)
    await crm.put_account(AccountRecord(id="acc-1", name="PT Warung Sejahtera", arr=Money(minor=900_00)))
    await billing.open_subscription(opening())
    await billing.stop_charging(StopCharging(key="stop/1", account_id="acc-1", from_date=END))
    await billing.issue_final_invoice(final(END))
    return ClosingActivities(crm, billing, NobodyIn())  # type: ignore[arg-type]


def asked(expects: Expected) -> ReadBack:
    return ReadBack(key=f"read/{expects}", case_id="can-1", account_id="acc-1", at=AT, on=END, expects=expects)


async def test_who_left_is_no_customer_and_not_in_the_forecast(crm: CrmPort, closing: ClosingActivities) -> None:
    before = await crm.account("acc-1")
    assert (before.active, before.forecast) == (True, Money(minor=900_00))
    await closing.close_account(CLOSE)
    after = await crm.account("acc-1")
    assert (after.active, after.forecast, after.arr) == (False, Money(minor=0), before.arr)
    assert "Out of forecast" in (await crm.notes("acc-1"))[0].text


async def test_an_end_is_proved_by_the_crm_too(closing: ClosingActivities) -> None:
    early = await closing.read_back(asked(Expected.CLOSED))
    assert ["the CRM still has the account" in one for one in early.wrong] == [True]
    await closing.close_account(CLOSE)
    proved = await closing.read_back(asked(Expected.CLOSED))
    assert (proved.wrong, proved.shown[2]) == ((), "CRM: churned on 2026-03-22 (price), not in the forecast")


async def test_who_stays_is_a_customer_in_the_crm_too(closing: ClosingActivities) -> None:  # AMB-18
    await closing.close_account(CLOSE)
    assert any("has the account as gone" in one for one in (await closing.read_back(asked(Expected.RESTORED))).wrong)
