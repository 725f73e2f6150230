"""The guide to the save conversation: five stages, three languages, and faults that are named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from adapters.letters.guide import Guide, StageName, load_guide
from models.case import RefusalType
from models.faults import PermanentFault
from tests.adapters.letters.company import MESSAGES

LANGUAGES = ("en", "ms", "id")
EVERYTHING = ("whys", *StageName)


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(MESSAGES)


def passage(guide: Guide, name: str):
    return guide.whys if name == "whys" else guide.stage(StageName(name))


def test_the_stages_are_five_and_in_order(guide):  # CONV-15..19
    met = [(stage.name.value, stage.req) for stage in guide.stages]
    assert met == [
        ("open_honestly", ("CONV-15", "TMPL-26")),
        ("listen_first", ("CONV-16", "TMPL-27")),
        ("acknowledge", ("CONV-17", "TMPL-28")),
        ("propose", ("CONV-18", "TMPL-29")),
        ("get_commitment", ("CONV-19", "TMPL-30")),
    ]


@pytest.mark.parametrize("name", EVERYTHING)
def test_the_three_languages_share_no_line(guide, name):  # AMB-42
    lines = [set(passage(guide, name).text(language).splitlines()) for language in LANGUAGES]
    assert all(len(said) >= 3 for said in lines)
    assert len(set.union(*lines)) == sum(map(len, lines))


HOLDS = [
    # requirement, passage, what the text holds in each language
    ("TMPL-4", "whys", ("Why", "mengapa", "mengapa")),
    ("TMPL-26", "open_honestly", ("[score]", "[skor]", "[skor]")),
    ("TMPL-26", "open_honestly", ("not going well", "tidak begitu baik", "tidak baik")),
    ("TMPL-27", "listen_first", ("already decided", "sudah membuat keputusan", "sudah mengambil keputusan")),
    ("TMPL-28", "acknowledge", ("[issue 3]", "[isu 3]", "[kendala 3]")),
    ("TMPL-29", "propose", ("48 hours", "48 jam", "48 jam")),
    ("TMPL-29", "propose", ("30 days", "30 hari", "30 hari")),
    ("TMPL-29", "propose", ("Price and terms", "Harga dan terma", "Harga dan ketentuan")),
    ("TMPL-29", "propose", ("commit to", "Komitmen", "Komitmen")),
    ("TMPL-29", "propose", ("another year?", "setahun lagi?", "satu tahun lagi?")),
    ("TMPL-30", "get_commitment", ("will you renew?", "memperbaharui kontrak?", "memperpanjang kontrak?")),
]


@pytest.mark.parametrize(
    ("name", "said"), [pytest.param(name, said, id=f"{req}: {said[0]}") for req, name, said in HOLDS]
)
def test_a_passage_holds_what_it_must(guide, name, said):
    missing = [
        words
        for language, words in zip(LANGUAGES, said, strict=True)
        if words not in passage(guide, name).text(language)
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_questions_are_asked_and_four_things_requested(guide, language):  # TMPL-27, TMPL-30
    questions = [line for line in guide.stage(StageName.LISTEN_FIRST).text(language).splitlines() if line[-1] == "?"]
    assert [line[:2] for line in questions] == ["1.", "2.", "3.", "4."]
    asked = guide.stage(StageName.GET_COMMITMENT).text(language).splitlines()
    assert [line[:2] for line in asked[1:5]] == ["1.", "2.", "3.", "4."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_pitched_while_listening_and_no_discount_meets_the_question_why(guide, language):  # TMPL-4, TMPL-27
    said = (guide.whys.text(language) + guide.stage(StageName.LISTEN_FIRST).text(language)).casefold()
    assert [word for word in ("%", "discount", "diskaun", "diskon", "our records") if word in said] == []


FORBIDS = {
    "whys": "discount",
    "open_honestly": "pretend",
    "listen_first": "defend",
    "acknowledge": "excuses",
    "propose": "vague",
    "get_commitment": "without giving",
}


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_passage_says_what_not_to_do(guide, name):  # TMPL-4, TMPL-26..30
    assert any(FORBIDS[name] in rule for rule in passage(guide, name).must_not)


@pytest.mark.parametrize(
    ("locale", "first"),
    [
        ("en", "issue 1"),
        ("ms-MY", "isu 1"),
        ("id_ID", "kendala 1"),
        ("MS", "isu 1"),
        ("fr", "issue 1"),
        ("", "issue 1"),
    ],
)
def test_placeholders_are_listed_in_the_language_of_the_reader(guide, locale, first):  # AMB-42
    found = guide.stage(StageName.ACKNOWLEDGE).placeholders(locale)
    assert found == tuple(f"{first[:-1]}{n}" for n in (1, 2, 3))


def test_the_guide_cannot_be_changed(guide):
    with pytest.raises(ValidationError, match="frozen"):
        guide.stages[0].must = ()


def _drop_language(content):
    del content["whys"]["texts"]["id"]


def _drop_placeholder(content):
    texts = content["stages"][2]["texts"]
    texts["ms"] = texts["ms"].replace("[isu 2]", "isu")


def _half_a_bracket(content):
    content["stages"][0]["texts"]["en"] += "[score"


def _swap(content):
    content["stages"].reverse()


def _drop_stage(content):
    content["stages"].pop()


def _blank(content):
    content["stages"][1]["texts"]["ms"] = "  \n"


def _allow_all(content):
    content["stages"][3]["must_not"] = []


def _unknown(content):
    content["stages"][4]["tone"] = "warm"


FAULTS = [
    (_drop_language, "guide.yaml: whys.texts: .*each of: en, ms, id"),
    (_drop_placeholder, r"stages.2.texts: .*equally many \[placeholders\]"),
    (_half_a_bracket, "stages.0.texts: .*square bracket of the text in 'en'"),
    (_swap, "guide.yaml: the stages must be, in this order: open_honestly, listen_first"),
    (_drop_stage, "the stages must be, in this order"),
    (_blank, "stages.1.texts.ms must not be empty"),
    (_allow_all, "stages.3.must_not must not be empty"),
    (_unknown, "stages.4.tone is not known here"),
]


@pytest.mark.parametrize(("spoil", "sentence"), FAULTS)
def test_a_fault_of_the_guide_is_named(tmp_path: Path, spoil, sentence):
    content = yaml.safe_load((MESSAGES / "guide.yaml").read_text(encoding="utf-8"))
    spoil(content)
    (tmp_path / "guide.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PermanentFault, match=sentence) as fault:
        load_guide(tmp_path)
    assert fault.value.kind == RefusalType.BAD_PLAYBOOK


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"a: [", "cannot be read"),
        (b"- a", "must be a YAML mapping"),
        (b"\xff\xfe\xff", "read"),
    ],
)
def test_a_guide_that_is_no_guide_is_a_fault(tmp_path: Path, content, sentence):
    if content is not None:
        (tmp_path / "guide.yaml").write_bytes(content)
    with pytest.raises(PermanentFault, match=f"guide.yaml {sentence}|guide.yaml cannot be {sentence}") as fault:
        load_guide(tmp_path)
    assert fault.value.kind == RefusalType.BAD_PLAYBOOK
