"""What is given twice and says the very same counts once (SAVE-29, SAVE-37)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.rules import offered
from tests.unit.rules.test_promises import DUE, delivered, promise, promised


def test_a_promise_that_is_given_twice_is_one_promise():
    d = promised(promise())
    assert [one.id for one in d.case.commitments] == ["promise_1"]
    assert [e.text for e in d.case.timeline if e.kind == "promised_again"] == [
        "this is promise_1 already, which is open; it counts once"
    ]
    assert d.case.step("promise_2") is None


@pytest.mark.parametrize(
    "other", [{"text": "Import"}, {"due": DUE + timedelta(days=1)}, {"owner": "p-pm"}, {"source": "message"}]
)
def test_another_word_date_owner_or_occasion_is_another_promise(other: dict[str, Any]):
    assert len(promised(promise(**other)).case.commitments) == 2


def test_what_is_delivered_may_be_promised_once_more():
    assert len(promised(delivered(), promise()).case.commitments) == 2


def test_an_offer_that_is_proposed_twice_is_one_offer_with_one_approval():
    d = offered.diagnosed()
    offered.said(d, offered.proposal())
    assert offered.said(d, offered.proposal()) == "this is offer_1 already, which is awaiting approval; it counts once"
    assert ([one.id for one in d.case.offers], len(d.case.approvals)) == (["offer_1"], 1)


def test_other_terms_or_another_proposer_make_another_offer():
    d = offered.diagnosed()
    for proposal in (offered.proposal(), offered.proposal(pct=5), offered.proposal(by="p-mgr")):
        offered.said(d, proposal)
    assert len(d.case.offers) == 3


def test_an_offer_that_was_refused_may_be_proposed_once_more():
    d = offered.diagnosed()
    offered.said(d, offered.proposal())
    offered.decided(d, decision="refused", reason="too early")
    offered.said(d, offered.proposal())
    assert len(d.case.offers) == 2
