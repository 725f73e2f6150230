"""The team is told that a customer left: when, why and where to (TMPL-51)."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from adapters.letters.staff import StaffLetters
from adapters.letters.templates import Templates
from models.leaving_facts import Churned
from models.letter import LetterKind
from models.work import NotifyTeam
from tests.adapters.letters.company import AT, MESSAGES, SENDER, card

LEFT = Churned(left_on=date(2026, 12, 7), reason="no bulk import", destination="Product B")
SAID = {
    "en": ("Acme Fabrik: left on Monday, December 7, 2026", "They moved to: ", "not said"),
    "ms": ("Acme Fabrik: berhenti pada Isnin, 7 Disember 2026", "Mereka beralih kepada: ", "tidak dinyatakan"),
    "id": ("Acme Fabrik: berhenti pada Senin, 7 Desember 2026", "Mereka beralih ke: ", "tidak disebutkan"),
}


def notice(locale: str, churned: Churned | None = LEFT):
    facts = {"key": "k", "case_id": "case-1", "account_id": "acct-1", "step": "teams_told", "people": ("p-csm",)}
    request = NotifyTeam(**facts, at=AT, title="Tell the teams", churned=churned)
    reader = card(locale=locale, time_zone="America/Los_Angeles")
    return StaffLetters(Templates(MESSAGES), SENDER).notice(request, reader, "Acme Fabrik")


@pytest.mark.parametrize("language", SAID)
def test_it_names_customer_day_reason_and_destination(language):  # TMPL-51, OFFB-47
    subject, moved, _ = SAID[language]
    letter = notice(language)
    assert (letter.subject, letter.kind) == (subject, LetterKind.STAFF)
    assert f"{moved}Product B\n" in letter.text
    assert ": no bulk import\n" in letter.text


@pytest.mark.parametrize("language", SAID)
def test_where_nobody_knows_where_they_went_it_says_so(language):
    _, moved, unknown = SAID[language]
    assert f"{moved}{unknown}\n" in notice(language, LEFT.model_copy(update={"destination": ""})).text


def test_a_reason_is_needed():  # TMPL-51
    with pytest.raises(ValidationError, match="reason"):
        Churned(left_on=date(2026, 12, 7), reason=" ")


def test_any_other_notice_is_as_it_was():
    assert "Tell the teams" in notice("en", None).subject
