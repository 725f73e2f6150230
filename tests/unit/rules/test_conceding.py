"""Who hears of a concession besides those who decide: the rows of the RACI for its rung of the ladder (SAVE-26)."""

from __future__ import annotations

from typing import Any

import pytest

from models.effects import Word
from tests.unit.rules.offered import NET60, PHASE_IN, accepted, answered, decided, diagnosed, proposal, said
from tests.unit.rules.plans import world
from tests.unit.rules.world import Drive, file, seated

TEAM = seated(seated(file(), "finance", "p-fin"), "legal", "p-law")


def heard(d: Drive, word: Word, about: str) -> list[str]:
    """Whom a line of that word that says this was put down for, each once."""
    told = [(note.person, note.line.word, note.line.subject) for note in d.case.notices]
    told += [(a.recipients[0], line.word, line.subject) for _, a in d.sent for line in a.lines]
    return sorted({person for person, said_as, text in told if said_as is word and about in text})


@pytest.mark.parametrize(
    ("terms", "asked", "by", "told"),
    [
        ({"pct": 10}, ["p-sales"], "p-mgr", ["p-fin"]),  # the manager decides, since the CSM proposed
        ({"pct": 20}, ["p-sales"], "p-mgr", ["p-fin"]),
        (PHASE_IN, ["p-law", "p-mgr", "p-sales"], "p-exec", ["p-fin"]),  # legal above 25 %
        (NET60, ["p-sales"], "p-fin", ["p-mgr"]),  # terms go with the lowest rung; finance decided
    ],
)
def test_those_of_the_rung_are_asked_before_it_is_decided_and_hear_of_it_then_and_when_it_is_in_force(
    terms: dict[str, Any], asked: list[str], by: str, told: list[str]
):
    d = diagnosed(around=world(team=TEAM))
    said(d, proposal(**terms))
    assert heard(d, Word.CONSULTED, "is proposed") == asked
    assert heard(d, Word.INFORMED, "offer_1") == []
    decided(d, by=by)
    assert heard(d, Word.INFORMED, "is approved") == told
    said(d, answered())
    if terms is NET60:
        d.done("offer_1_apply")
    assert set(told) | {"p-fin"} <= set(heard(d, Word.INFORMED, "is applied"))


def test_a_refusal_is_heard_of_as_well():
    d = diagnosed(around=world(team=TEAM))
    said(d, proposal())
    decided(d, decision="refused", reason="we gave enough")
    assert heard(d, Word.INFORMED, "is refused") == ["p-fin"]


def test_what_concedes_neither_price_nor_terms_is_nobodys_row():
    d = diagnosed("missing_feature", around=world(team=TEAM))
    accepted(d, offer="interim_manual_service", details={"until_date": "2027-02-01"})
    assert heard(d, Word.CONSULTED, "offer_1") == heard(d, Word.INFORMED, "offer_1") == []
