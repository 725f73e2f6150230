"""Every message to customers: three real languages, no gap where a part must be, and what the system may fill in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.letters.catalogue import load_catalogue
from adapters.letters.guide import load_guide
from models.case import Edit
from models.faults import PermanentFault
from tests.adapters.letters.company import MESSAGES, PERSONAL_WORD, SENDER, card, files, release
from tests.adapters.letters.samples import SAMPLES
from tests.adapters.letters.test_customer_letters import LANGUAGES

CATALOGUE = load_catalogue(MESSAGES)
MUST = [(name, part) for name, sample in SAMPLES.items() for part in sample.must]
GUIDED = {"TMPL-4", *(f"TMPL-{n}" for n in range(26, 31))}
CODES = ("on_track", "performance_guarantee")
BESIDE = {
    "fee_before": ("fee",),
    "refund_by": ("refund_owed",),
    "balance_by": ("balance",),
    "last_day": ("end_date",),
    "refunded_on": ("refund",),
}
"""Parts that say something only beside another one."""


def ids(names: list[str] | dict[str, object]) -> list[object]:
    return [pytest.param(name, id=f"{SAMPLES[name].req}: {name}") for name in names]


def test_every_message_has_an_example_and_each_requirement_a_message():  # TMPL-1..33
    catalogue = CATALOGUE.messages
    assert set(SAMPLES) == set(catalogue)
    assert all(req in catalogue[name].req for name, sample in SAMPLES.items() for req in sample.req.split(", "))
    met = {req.strip() for spec in catalogue.values() for req in spec.req.split(",")}
    guide = load_guide(MESSAGES)
    assert {req for said in (guide.whys, *guide.stages) for req in said.req if req.startswith("TMPL")} == GUIDED
    assert {f"TMPL-{n}" for n in range(1, 53)} - GUIDED - {"TMPL-51"} <= met  # 51 goes to the team


@pytest.mark.parametrize("name", ids(SAMPLES))
def test_a_message_has_exactly_the_parts_of_its_example(name):
    parts = CATALOGUE.message(name).parts
    assert {part.name for part in parts if part.required and not part.instead_of} == set(SAMPLES[name].must)
    assert {part.name for part in parts if not part.required} == set(SAMPLES[name].may)


def own_lines(text: str, parts: dict[str, str]) -> set[str]:
    """The lines that the template itself says."""
    foreign = {line for part in parts.values() for line in part.splitlines()}
    person = card()
    signed = {person.name, person.title, f"{person.email} | {person.phone}", SENDER.address}
    return {line for line in text.splitlines() if line.strip()} - foreign - signed


@pytest.mark.parametrize("name", ids(SAMPLES))
@pytest.mark.parametrize("which", ["must", "whole"])
async def test_it_is_written_in_three_languages_that_are_really_three(desk, name, which):  # AMB-42
    parts, said = getattr(SAMPLES[name], which), {}
    for language, (greeting, farewell, _) in LANGUAGES.items():
        desk.locale(language)
        letter = await desk.write(name, parts)
        assert letter.text.startswith(greeting)
        assert farewell in letter.text
        assert "Kedai Buku O'Hara: " in letter.subject
        assert f'<html lang="{language}">' in letter.html
        assert [text for text in parts.values() if text not in letter.text and text not in CODES] == []
        said[language] = own_lines(letter.text, parts)
    assert said["en"] & (said["ms"] | said["id"]) == set()
    assert len(said["ms"] & said["id"]) <= 1  # the two languages are close: a short heading may be the same in both


@pytest.mark.parametrize("name", ids([name for name, sample in SAMPLES.items() if sample.may]))
@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_not_written_leaves_no_heading_behind(desk, name, language):
    desk.locale(language)
    sample = SAMPLES[name]
    for part, text in sample.may.items():
        said = sample.must | {whole: sample.may[whole] for whole in BESIDE.get(part, ())}
        short = own_lines((await desk.write(name, said)).text, sample.whole)
        longer = own_lines((await desk.write(name, said | {part: text})).text, sample.whole)
        changed = (len(longer - short), len(short - longer))
        assert changed in ((1, 0), (0, 1), (1, 1)), part  # a letter may say instead that there is none yet


@pytest.mark.parametrize(
    ("name", "part"), [pytest.param(name, part, id=f"{SAMPLES[name].req}: {name}.{part}") for name, part in MUST]
)
async def test_a_part_that_it_must_hold_is_asked_for(desk, name, part):
    kept = {other: text for other, text in SAMPLES[name].must.items() if other != part}
    asked = CATALOGUE.message(name).part(part).what
    assert (await desk.refused(name, kept)).startswith(f"Still to be written: {part} ({asked})")


@pytest.mark.parametrize("name", ids(SAMPLES))
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_draft_marks_each_gap_in_its_place(desk, name, language):
    desk.locale(language)
    await desk.draft(name, attachments=files(name))
    shown = await desk.letters.preview("case-1", "m-1")
    assert [part.name for part in shown.missing] == list(SAMPLES[name].must)
    assert [part.name for part in shown.missing if f"⟪{part.name} (" not in shown.text] == []
    assert {part.name for part in shown.optional} - {"no_progress_because"} == set(SAMPLES[name].may)


async def test_what_the_case_knows_is_filled_in_and_a_person_may_correct_it(desk):
    sample = SAMPLES["concession_offer"].must
    known = tuple(Edit(name=name, text=sample[name]) for name in ("terms", "until", "tied_to"))
    await desk.draft("concession_offer", given=known)
    shown = await desk.letters.preview("case-1", "m-1")
    assert [part.name for part in shown.missing] == ["personal_word", "problem"]
    assert "20% off the monthly price" in shown.text
    by_hand = {"personal_word": PERSONAL_WORD, "problem": sample["problem"], "terms": "15% off the monthly price"}
    text = (await desk.letters.compose(release(by_hand))).text
    assert "15% off" in text
    assert "20% off" not in text
    assert sample["until"] in text


async def test_the_case_fills_no_part_that_a_person_must_find_words_for(desk):  # OFFB-58
    told = tuple(Edit(name=name, text=text) for name, text in SAMPLES["apology"].whole.items())
    await desk.draft("apology", given=told)
    shown = await desk.letters.preview("case-1", "m-1")
    assert [part.name for part in shown.missing] == ["personal_word", "ownership"]


async def test_what_the_case_fills_in_is_checked_like_the_words_of_a_person(desk):  # TMPL-19
    await desk.draft("phase_in", given=(Edit(name="schedule", text="Months 1 to 3: 40% off\nThen 20% indefinitely"),))
    by_hand = {name: text for name, text in SAMPLES["phase_in"].must.items() if name != "schedule"}
    with pytest.raises(PermanentFault, match="'schedule' says 'indefinitely'"):
        await desk.letters.compose(release(by_hand))


async def test_today_is_the_day_on_which_the_new_csm_is_really_announced(desk):  # TMPL-15
    await desk.draft("new_csm")
    late = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
    letter = await desk.letters.compose(release(SAMPLES["new_csm"].must, at=late))
    assert "They get in touch with you today, Tuesday, December 1, 2026:" in letter.text
    assert "November 25" not in letter.text


@pytest.mark.parametrize("kind", ["performance_guarantee", "paid_pilot", "easier_exit"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_clause_of_each_kind_is_put_in_words(desk, kind, language):  # TMPL-33
    desk.locale(language)
    written = SAMPLES["contract_clause"].must
    clause = (await desk.write("contract_clause", written | {"kind": kind})).text
    others = {"performance_guarantee", "paid_pilot", "easier_exit"} - {kind}
    texts = {(await desk.write("contract_clause", written | {"kind": other})).text for other in others}
    assert kind not in clause
    assert clause not in texts
    assert len(texts) == 2
