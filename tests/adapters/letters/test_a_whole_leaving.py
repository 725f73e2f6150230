"""Every letter of a whole cancellation, under each policy, as the leaving customer reads it (TMPL-34..50)."""

from __future__ import annotations

import re

import pytest

from tests.adapters.letters.walking import BUYERS, CHANNELS, Walk, read

pytestmark = pytest.mark.xdist_group("walks")  # the cancellations are walked through once for all tests

DUE = "due"
READ_IN = [*(("default", language) for language in ("en", "ms", "id")), ("eu_data_act", "id"), ("de_consumer", "ms")]
KEPT = {"eu_data_act": ("December 30, 2026", "30 days"), "default": ("February 28, 2027", "90 days")}
SIGNS = {"default": "MYR\u00a01,204.40", "eu_data_act": "€1,204.40", "us_minnesota_consumer": "$1,204.40"}


@pytest.fixture(scope="module")
def walks() -> dict[str, Walk]:
    """Each policy by one of the channels, and one whose last invoice is due."""
    found = {policy: Walk(policy, CHANNELS[n % len(CHANNELS)]).leaves() for n, policy in enumerate(BUYERS)}
    due = {"total": "5000", "refund": "0", "balance": "5000"}
    return found | {DUE: Walk("de_consumer", "portal", due).leaves()}


@pytest.mark.parametrize(("policy", "language"), READ_IN)
async def test_each_letter_is_whole_and_nothing_is_said_twice_or_left_open(desk, walks, policy, language):
    assert walks[policy].case.policy == policy
    for message in walks[policy].asked:
        letter = await read(desk, message, language)
        said = f"{letter.subject}\n{letter.text}"
        assert not re.search(r"⟪|None|\{\{|\bNaN\b|  ", said), message.template
        assert "\n\n\n" not in letter.text
        starts = [block.split("\n")[0] for block in letter.text.split("\n\n")]
        assert len(starts) == len(set(starts)), message.template


async def letter(desk, walks, policy: str, step: str, language: str = "en") -> str:
    message = next(one for one in walks[policy].asked if one.step == step)
    return (await read(desk, message, language)).text


@pytest.mark.parametrize("policy", BUYERS)
async def test_the_letters_name_one_day_for_the_deletion_and_a_code_that_lives_until_then(
    desk, walks, policy
):  # OFFB-24
    day, length = KEPT.get(policy, KEPT["default"])
    for step in ("data_choice", "access_notice", "users_notice", "closure_confirmation", "final_message"):
        assert day in await letter(desk, walks, policy, step), step
    assert length in await letter(desk, walks, policy, "closure_confirmation")
    last = {"December 30, 2026": "December 29, 2026", "February 28, 2027": "February 27, 2027"}[day]
    for step in ("export_delivered", "delta_delivered", "closure_confirmation"):
        assert last in await letter(desk, walks, policy, step), step


@pytest.mark.parametrize("policy", SIGNS)
async def test_money_is_said_in_the_customers_currency(desk, walks, policy):  # OFFB-42
    for step in ("closure_confirmation", "final_message"):
        assert SIGNS[policy] in await letter(desk, walks, policy, step)


async def test_the_plan_names_the_days_of_the_help_and_not_those_of_the_question(desk, walks):  # OFFB-3: days 4 to 7
    assert "Thursday, November 19, 2026 to Sunday, November 22, 2026" in await letter(
        desk, walks, "default", "plan_letter"
    )


async def test_the_last_export_says_that_it_holds_what_was_made_since(desk, walks):  # OFFB-9
    assert "since Monday, November 16, 2026" in await letter(desk, walks, "default", "delta_delivered")
    assert "since Monday" not in await letter(desk, walks, "default", "export_delivered")


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("default", "by email"),
        ("eu_data_act", "by support ticket"),
        ("de_consumer", "in the account portal"),
        ("us_california_consumer", "in a talk with us"),
    ],
)
async def test_the_receipt_says_by_which_way_it_came(desk, walks, policy, words):  # CANC-10
    assert words in await letter(desk, walks, policy, "receipt")


async def test_an_invoice_that_is_due_is_no_credit_and_brings_no_refund(desk, walks):  # OFFB-19
    text = await letter(desk, walks, DUE, "closure_confirmation")
    assert "Your final invoice is attached: number INV-2291, €50.00. This amount is due." in text
    assert not re.search("refund|credit", text)
