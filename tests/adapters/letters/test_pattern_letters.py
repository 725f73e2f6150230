"""Patterns of who left reach product, support and leadership in the language of each reader (OFFB-36)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.letters.patterns import PatternLetters
from adapters.letters.templates import Templates
from models.letter import Letter, LetterKind
from models.metrics import Amount, Period, Quote, Theme, Themes
from models.metrics_policy import Patterns
from tests.adapters.letters.company import MESSAGES, SENDER, card

QUOTES = tuple(Quote(account_id=f"acc-{n}", text="We needed\na bulk import") for n in range(4))
ARR = (Amount(currency="USD", minor=1_200_050), Amount(currency="EUR", minor=300_000))
FOUND = Themes(
    at=datetime(2026, 12, 1, tzinfo=UTC),
    period=Period(since=datetime(2026, 11, 1, tzinfo=UTC), until=datetime(2026, 12, 1, tzinfo=UTC)),
    leavers=5,
    threshold=3,
    reasons=(
        Theme(
            name="missing_feature", customers=4, arr=ARR, quotes=QUOTES, pattern=True, told=("product", "leadership")
        ),
        Theme(name="technical_problem", customers=3, pattern=True, told=("product", "support")),
        Theme(name="service", customers=1),
    ),
    named=(Theme(name="inc-1", title="No bulk import", customers=3, pattern=True, told=("product",)),),
)
RULES = Patterns.model_validate({"customers": 3, "quotes": 2, "told": [{"name": "product", "roles": ["engineering"]}]})
SAID = {
    "en": (
        "Why customers left, Sunday, November 1, 2026",
        "missing_feature: 4 customers, $12,000.50 + €3,000.00 a year",
    ),
    "ms": ("Sebab pelanggan berhenti, Ahad, 1 November 2026", "missing_feature: 4 pelanggan, "),
    "id": ("Alasan pelanggan berhenti, Minggu, 1 November 2026", "missing_feature: 4 pelanggan, "),
}


def written(language: str = "en", *audiences: str) -> Letter:
    letters = PatternLetters(Templates(MESSAGES), SENDER)
    return letters.letter(FOUND, RULES, audiences or ("product",), card(locale=language))


@pytest.mark.parametrize("language", SAID)
def test_each_reader_has_it_in_their_language(language: str) -> None:  # OFFB-36
    subject, theme = SAID[language]
    letter = written(language)
    assert letter.subject.startswith(subject)
    assert "30" in letter.subject
    assert subject not in letter.text
    assert theme in letter.text
    assert letter.text.rstrip().endswith("Followthrough.")
    assert letter.kind is LetterKind.STAFF
    assert f'lang="{language}"' in (letter.html or "")


def test_the_customers_words_are_quoted_as_often_as_the_policy_says() -> None:
    assert written().text.count('- "We needed a bulk import" (acc-') == RULES.quotes


def test_everybody_hears_of_their_own_patterns_alone_and_of_what_is_none_yet() -> None:  # METR-9
    text = written("en", "support").text
    assert "technical_problem: 3 customers" in text
    assert "missing_feature" not in text
    assert "Below the threshold: service 1." in text
    assert "inc-1, No bulk import: 3 customers" in written().text


@pytest.mark.parametrize("language", SAID)
def test_it_reads_as_a_letter_without_gaps(language: str) -> None:
    text = written(language).text
    assert "\n\n\n" not in text
    assert "  " not in text
