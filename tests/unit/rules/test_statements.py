"""Statements of the dictionary are proposed by their words, in three languages (RISK-25..52)."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playbooks.folder import FolderPlaybooks
from models.facts_policy import MatchingRules
from models.policy import Statement
from rules.statements import proposed
from tests.unit.rules.briefing import PLAYBOOKS

RULES = asyncio.run(FolderPlaybooks(PLAYBOOKS).facts()).matching
DICTIONARY = asyncio.run(FolderPlaybooks(PLAYBOOKS).policy()).statements
_FILLED = {"[someone else]": "someone else", "[orang lain]": "orang lain", "[competitor]": "Acme", "[pesaing]": "Acme"}


def codes(text: str, rules: MatchingRules = RULES) -> list[str]:
    return [one.code for one in proposed(text, rules)]


def filled(text: str) -> str:
    for gap, word in _FILLED.items():
        text = text.replace(gap, word)
    return text


@pytest.mark.parametrize("known", DICTIONARY, ids=lambda known: known.code)
def test_every_phrase_of_the_dictionary_proposes_its_own_code(known: Statement):
    for text in (known.phrase, *known.said.values()):
        assert codes(filled(text)) == [known.code], text


@pytest.mark.parametrize("known", DICTIONARY, ids=lambda known: known.code)
def test_every_statement_is_said_in_three_languages_and_has_a_response(known: Statement):
    assert set(known.said) == {"en", "ms", "id"}
    assert known.meaning and known.response


def test_a_phrase_is_found_within_a_longer_text_in_the_order_of_the_text():
    text = "Hi Aisyah,\n\nour BUDGET for tools has been cut.\nAlso, we’re exploring a few alternatives. Regards"
    assert codes(text) == ["budget_cut", "eval_alternatives"]
    assert proposed(text, RULES)[0].words == "budget for tools has been cut"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you for the training, it went well.",
        "We are not evaluating alternatives.",
        "Kami tidak mengevaluasi alternatif.",
        "The budget meeting is over. They cut the cake.",
        "The competitor of last year is gone, and our new warehouse in the south of the country has opened.",
        "We will review the roadmap; the vendor portal works.",
        "Our other vendors are fine.",
        "The other providers of ours were quicker.",
        "Considering that our other vendors raise their prices, we are glad.",
        "We are looking at how our other suppliers send invoices.",
        "We are not evaluating other vendors.",
        "Kami tidak menilai vendor lain.",
        "Vendor lain kami memuaskan.",
        "Pembekal lain kami baik.",
    ],
)
def test_what_is_not_said_or_is_denied_is_not_proposed(text: str):
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "We are evaluating other vendors.",
        "we have begun to evaluate another provider",
        "We're exploring a few other suppliers at the moment.",
        "Our CIO is looking at other vendors.",
        "They are considering another supplier.",
        "kami sedang menilai vendor lain",
        "Kami sedang mempertimbangkan pembekal lain.",
        "Kami mengevaluasi penyedia lain.",
        "Tim kami menilai beberapa pemasok lain.",
    ],
)
def test_who_looks_at_other_vendors_evaluates_alternatives(text: str):  # RISK-26
    assert codes(text) == ["eval_alternatives"]


def test_other_vendors_and_a_cut_budget_are_two_things():
    text = "we are evaluating other vendors and the budget was cut"
    assert codes(text) == ["eval_alternatives", "budget_cut"]


def test_of_two_where_one_lies_in_the_other_the_longer_one_counts():  # RISK-39, RISK-45
    assert codes("We're fine.") == ["we_are_fine"]
    assert codes("We're fine, just busy.") == ["fine_just_busy"]


def test_words_that_stand_too_far_apart_do_not_belong_together():
    near = "budget one two three four cut"
    assert codes(near) == ["budget_cut"]
    assert codes(near.replace("four", "four five")) == []


def test_a_code_is_proposed_once():
    assert codes("Too expensive. Far too expensive!") == ["price_too_high"]


def test_a_text_that_repeats_its_words_without_end_is_answered_in_time():
    assert codes("cannot show roi " * 20_000) == codes("cannot show roi")
    assert codes("cannot show roi") != []


@given(st.text())
def test_no_text_breaks_it(text: str):
    for one in proposed(text, RULES):
        assert one.words in one.sentence
