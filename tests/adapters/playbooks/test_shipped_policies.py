"""The policies of leaving that the product ships say what the law and the sources ask for (section 2 of the conventions)."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from adapters.playbooks.folder import FolderPlaybooks
from models.calendar import Clock, Offset
from models.eligibility import StatedReason
from models.leaving import ApprovalReason, Charge, Cited, LeavingPolicy, OffboardingName, ReceiptPart
from models.policy import Policy

_NAMES = ["de_consumer", "default", "eu_data_act", "us_california_consumer", "us_minnesota_consumer"]
_CITATION = re.compile(r"\b(CANC|OFFB|DIS|AMB)-\d+|Act\b|BGB|ARL|CCPA|GDPR|Minnesota Statutes")
DAY = Offset(days=1)


@pytest.fixture(scope="module")
def policy(shipped: Path) -> Policy:
    return asyncio.run(FolderPlaybooks(shipped).policy())


@pytest.fixture(scope="module")
def leaving(policy: Policy) -> dict[str, LeavingPolicy]:
    return {one.name: one for one in policy.leaving}


def test_the_five_policies_are_there(leaving: dict[str, LeavingPolicy]) -> None:
    assert sorted(leaving) == _NAMES


@pytest.mark.parametrize("name", _NAMES)
def test_each_value_cites_a_requirement_or_a_law(leaving: dict[str, LeavingPolicy], name: str) -> None:
    for _, value in leaving[name]:
        for one in value if isinstance(value, tuple) else (value,):
            assert not isinstance(one, Cited) or _CITATION.search(one.rule), one


@pytest.mark.parametrize("name", _NAMES)
def test_what_the_sources_ask_of_every_cancellation(leaving: dict[str, LeavingPolicy], name: str) -> None:
    one = leaving[name]
    assert (one.acknowledgement.soft.within, one.acknowledgement.soft.clock) == (Offset(minutes=240), Clock.BUSINESS)
    assert (one.acknowledgement.hard.within, one.follow_up.within) == (Offset(minutes=1440), Offset(minutes=1440))
    assert one.receipt.at_once and set(one.receipt.contents) == set(ReceiptPart)
    assert one.default_end.after_confirmation == Offset(days=15)
    assert one.charges.switching is Charge.NONE
    assert (one.win_back.contact_every, one.win_back.reminders) == (
        Offset(days=365),
        (Offset(months=6), Offset(months=12)),
    )
    assert one.attempts.standard <= one.attempts.strategic


@pytest.mark.parametrize("name", _NAMES)
def test_manager_and_legal_look_within_a_business_day(leaving: dict[str, LeavingPolicy], name: str) -> None:
    roles = {rule.when: rule.role for rule in leaving[name].approvals}
    assert roles == {
        ApprovalReason.HIGH_VALUE: "cs_manager",
        ApprovalReason.UNUSUAL: "cs_manager",
        ApprovalReason.REMAINING_TERM: "legal",
        ApprovalReason.NOTICE: "legal",
    }
    for rule in leaving[name].approvals:
        assert (rule.within, rule.clock) == (DAY, Clock.BUSINESS)  # CANC-48


def test_the_data_act(leaving: dict[str, LeavingPolicy]) -> None:
    one = leaving["eu_data_act"]
    assert (one.notice.maximum, one.notice.term_binds) == (Offset(months=2), False)
    assert (one.transition.maximum, one.retention.retrievable) == (Offset(days=30), Offset(days=30))
    assert one.offboarding.plan is OffboardingName.EU_SWITCHING
    assert one.charges.early_termination is Charge.SEPARATE_LINE
    assert len(one.applies_to.jurisdictions) == len(set(one.applies_to.jurisdictions)) == 27


def test_california_minnesota_and_germany(leaving: dict[str, LeavingPolicy]) -> None:
    california, minnesota, germany = (
        leaving[name] for name in ("us_california_consumer", "us_minnesota_consumer", "de_consumer")
    )
    assert california.offers.beside_cancel_route
    assert (minnesota.attempts.standard, minnesota.attempts.strategic) == (0, 0)
    assert (germany.way_out.most_steps, germany.way_out.needs_login) == (2, False)
    assert germany.notice.maximum == Offset(months=1)


def test_each_stated_reason_is_in_one_list_or_says_nothing(policy: Policy) -> None:
    rules = policy.eligibility
    placed = (*rules.addressable, *rules.structural, *rules.signed_elsewhere, *rules.firm)
    assert set(StatedReason) - set(placed) == {StatedReason.OTHER, StatedReason.UNKNOWN}
