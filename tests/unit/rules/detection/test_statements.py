"""What a customer said is proposed by its words, and tagged by a person."""

from __future__ import annotations

import pytest

from rules.detection.statements import proposed
from tests.unit.rules.plans import POLICY


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Hello, we are evaluating alternatives at the moment.", ("eval_alternatives",)),  # RISK-26
        ("Maaf, budget dipotong tahun ini", ("budget_cut",)),  # RISK-27
        ("Tim  TERLALU sibuk sekarang!", ("team_too_busy",)),  # RISK-35
        ("How do you compare with Acme CRM?", ("compare_with_competitor",)),  # RISK-52
        ("Competitor has feature single sign-on", ("competitor_has_x",)),  # RISK-30
        ("We're fine, just busy.", ("we_are_fine", "fine_just_busy")),  # RISK-39, RISK-45
        ("We need to reduce costs; the price is too high", ("reduce_costs", "price_too_high")),
        ("Thank you for the workshop", ()),
        ("", ()),
    ],
)
def test_a_phrase_of_the_dictionary_is_proposed(text: str, codes: tuple[str, ...]) -> None:  # AMB-36
    assert proposed(text, POLICY.statements) == codes


@pytest.mark.parametrize("statement", POLICY.statements, ids=lambda one: one.code)
def test_every_statement_is_found_in_its_own_words(statement) -> None:  # AMB-36
    for phrase in statement.phrase.split(" / "):
        assert statement.code in proposed(phrase, POLICY.statements)
