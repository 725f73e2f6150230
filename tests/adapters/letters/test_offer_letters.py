"""The letters of an approved offer begin with its terms, in the reader's language, and what is filled passes every check."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.concession import Detail, PriceTerm
from models.concession_policy import ConcessionRules
from models.offer import OfferKind
from models.telling import Offered, Promised, Told
from tests.adapters.letters.company import release
from tests.adapters.letters.samples import SAMPLES
from tests.unit.rules.world import plan

RULES: ConcessionRules = plan("budget_economic").policy.concessions
LANGUAGES = ("en", "ms", "id")
PRICE = Offered(kind="discount", terms=(PriceTerm(pct=20, first=1, last=6),), tied_to="reference")
PROMISE = Promised(title="The link to your till system", owner="p-x", due=datetime(2027, 3, 31, 9, tzinfo=UTC))


def details(**said: str) -> tuple[Detail, ...]:
    return tuple(Detail(name=name, text=text) for name, text in said.items())


GUARANTEE = Offered(
    kind="guarantee", details=details(metric="Imports done by 06:00", target="99.5 %", measure_date="2027-03-31")
)
EXIT = Offered(kind="easier_exit", details=details(improve_by="P60D", exit_notice="P30D"))
EARLY = Offered(kind="beta_access", details=details(start_date="2026-12-14"))
TRIAL = Offered(kind="feature_trial", starts=date(2026, 12, 1), ends_at=datetime(2026, 12, 31, tzinfo=UTC))
FILLED = [
    # requirement, letter, offer, the parts that it fills, and what a reader of each language finds
    ("TMPL-2", "concession_offer", PRICE, "terms until tied_to", "20% off", "diskaun 20%", "diskon 20%"),
    (
        "SAVE-45",
        "concession_offer",
        PRICE,
        "terms until tied_to",
        "another customer",
        "pelanggan lain",
        "pelanggan lain",
    ),
    ("TMPL-33", "contract_clause", GUARANTEE, "kind measure by", "March 31, 2027", "31 Mac 2027", "31 Maret 2027"),
    ("PLAY-145", "contract_clause", EXIT, "kind then", "30 days of notice", "notis 30 hari", "pemberitahuan 30 hari"),
    ("TMPL-23", "beta_invitation", EARLY, "start", "December 14", "14 Disember", "14 Desember"),
    ("TMPL-25", "feature_trial", TRIAL, "starts ends", "December 1,", "Selasa, 1 Disember", "Selasa, 1 Desember"),
]


@pytest.mark.parametrize("nth", range(len(LANGUAGES)))
@pytest.mark.parametrize(("letter", "offered", "parts", "words"), [(row[1], row[2], row[3], row[4:]) for row in FILLED])
async def test_a_letter_of_an_offer_begins_with_its_terms(desk, letter, offered, parts, words, nth):
    desk.locale(LANGUAGES[nth])
    await desk.draft(letter, told=Told(offered=offered))
    shown = await desk.letters.preview("case-1", "m-1")
    assert {part.name for part in shown.filled} == set(parts.split())
    by_hand = {name: text for name, text in SAMPLES[letter].must.items() if name not in parts.split()}
    text = (await desk.letters.compose(release(by_hand))).text
    assert words[nth] in text.replace("\xa0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_price_until_delivery_names_what_we_promised_and_when(desk, language):  # SAVE-38
    desk.locale(language)
    until = PRICE.model_copy(update={"tied_to": "until_delivery_of_our_commitment", "until": PROMISE})
    await desk.draft("concession_offer", told=Told(offered=until))
    text = (await desk.letters.preview("case-1", "m-1")).text
    assert PROMISE.title in text
    assert "2027" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tie", RULES.ties)
async def test_what_an_offer_is_tied_to_is_said_in_words_and_not_by_its_code(desk, language, tie):  # SAVE-45
    desk.locale(language)
    await desk.draft("concession_offer", told=Told(offered=PRICE.model_copy(update={"tied_to": tie})))
    shown = await desk.letters.preview("case-1", "m-1")
    assert "tied_to" in {part.name for part in shown.filled}
    assert tie not in shown.text


async def test_a_tie_that_the_words_do_not_know_is_left_to_the_writer(desk):
    await desk.draft("concession_offer", told=Told(offered=PRICE.model_copy(update={"tied_to": "a_joint_webinar"})))
    assert "tied_to" in {part.name for part in (await desk.letters.preview("case-1", "m-1")).missing}


def test_every_letter_of_the_policy_is_a_message_for_kinds_of_offers_named_once():
    kinds = [kind for letter in RULES.letters for kind in letter.kinds]
    assert len(kinds) == len(set(kinds))
    assert {letter.template for letter in RULES.letters} <= set(SAMPLES)
    assert set(RULES.price_kinds) - {OfferKind.PHASE_IN} <= set(kinds)  # a phase-in has a letter and a step of its own
