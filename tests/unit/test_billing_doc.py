"""The contract of a billing team's worker, docs/billing.md, says what the models say."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any, get_type_hints

import pytest
import yaml
from pydantic import BaseModel
from temporalio import activity

from activities.billing import BillingActivities
from adapters.billing.embedded import EmbeddedBilling
from adapters.database import open_database
from models.account import Money
from models.billing import InvoiceReceipt, OpenSubscription, RefundInvoice, StopCharging
from models.policy import FailureClass
from models.work import Receipt
from settings import CHECKOUT
from workflows.contract import Queue
from workflows.options import OPTIONS

PAGE = (CHECKOUT / "docs" / "billing.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"^## ([a-z_]+)$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
SERVED = {
    found.name: get_type_hints(found.fn)
    for method in vars(BillingActivities).values()
    if callable(method) and (found := activity._Definition.from_callable(method)) and found.name
}


def examples(name: str) -> list[dict[str, Any]]:
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", SECTIONS[name], re.DOTALL)]


def fields(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def test_the_page_describes_every_activity_of_the_queue_and_no_other() -> None:
    assert set(SECTIONS) == set(SERVED)
    assert f"`{Queue.BILLING}`" in PAGE


@pytest.mark.parametrize("name", sorted(SERVED))
def test_the_example_of_a_request_is_the_whole_request(name: str) -> None:
    request = SERVED[name]["request"]
    asked = examples(name)[0]
    assert request.model_validate_json(json.dumps(asked)).model_dump(mode="json") == asked
    assert set(asked) == fields(request), "the example shows every field"
    assert f"Request, `{request.__name__}`" in SECTIONS[name]


@pytest.mark.parametrize("name", sorted(SERVED))
def test_the_example_of_an_answer_is_the_whole_receipt(name: str) -> None:
    answer = SERVED[name]["return"]
    given = examples(name)[1]
    answer.model_validate(given)
    assert set(given) == fields(answer)
    assert f"Answer, `{answer.__name__}`" in SECTIONS[name]


@pytest.mark.parametrize("name", sorted(SERVED))
def test_every_example_carries_a_key_that_names_its_activity(name: str) -> None:
    assert examples(name)[0]["key"].endswith(f"/{name}")


def test_a_request_with_a_field_that_is_not_on_the_page_is_none() -> None:
    asked = examples("refund")[0] | {"percent": 10}
    with pytest.raises(ValueError, match="percent"):
        RefundInvoice.model_validate(asked)


def test_an_answer_may_carry_more_than_a_receipt() -> None:
    given = examples("issue_final_invoice")[1] | {"pdf": "https://billing.example/INV-2027-0311"}
    assert InvoiceReceipt.model_validate(given).id == "INV-2027-0311"


def test_the_times_on_the_page_are_those_of_the_failure_class() -> None:
    money = OPTIONS[FailureClass.MONEY]
    said = " ".join(PAGE.split())
    assert f"one attempt may take {money['start_to_close_timeout'].seconds} seconds" in said
    assert f"all attempts of one activity {money['schedule_to_close_timeout'].seconds // 60} minutes" in said


def test_the_waits_on_the_page_are_those_of_the_policy() -> None:
    policy = yaml.safe_load((CHECKOUT / "playbooks" / "policies" / "follow_through.yaml").read_text(encoding="utf-8"))
    waits = next(entry["waits"] for entry in policy["patience"] if entry["failure_class"] == FailureClass.MONEY)
    assert waits == ["PT15M", "PT1H", "PT6H", "PT24H"]
    assert "after 15 minutes, 1 hour, 6 hours and 24 hours" in " ".join(PAGE.split())


async def test_the_same_key_twice_gives_the_first_receipt_as_the_page_says(address: str) -> None:
    database = open_database(address)
    ledger = EmbeddedBilling(database)
    asked = StopCharging.model_validate(examples("stop_charging")[0])
    await ledger.open_subscription(
        OpenSubscription(
            key="open",
            account_id=asked.account_id,
            price=Money(minor=120_000),
            started=date(2026, 1, 1),
            paid_through=date(2027, 1, 1),
        )
    )
    first, second = await ledger.stop_charging(asked), await ledger.stop_charging(asked)
    await database.close()
    assert set(first.model_dump()) == fields(Receipt)
    assert (first.replayed, second.replayed, first.id) == (False, True, second.id)
