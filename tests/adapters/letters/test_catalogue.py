"""The lists of wording to avoid, their faults, the counting of figures, and parts that others can write by the rules."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import yaml

from adapters.letters import checks, wording
from adapters.letters.catalogue import load_catalogue
from cli import papers
from models.case import RefusalType
from models.faults import PermanentFault
from tests.adapters.letters.company import AT, MESSAGES

CATALOGUE = load_catalogue(MESSAGES)
LANGUAGES = ("en", "ms", "id")


def _unknown_list(parts, phrases):
    parts["messages"]["apology"]["avoid"] = ["nowhere"]


def _wordless(parts, phrases):
    phrases["avoid"]["begging"]["phrases"]["ms"] = ["!!"]


def _no_pattern(parts, phrases):
    phrases["avoid"]["headline_discount"]["patterns"] = ["("]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_unknown_list, "message 'apology' avoids 'nowhere', which is no list of phrases.yaml"),
        (_wordless, "phrases.avoid.begging.phrases: .*each phrase a letter or digit"),
        (_no_pattern, r"'\(' is not a regular expression"),
    ],
)
def test_a_fault_in_the_lists_to_avoid_is_named(tmp_path: Path, spoil, sentence):
    files = [yaml.safe_load((MESSAGES / name).read_text(encoding="utf-8")) for name in ("parts.yaml", "phrases.yaml")]
    spoil(*files)
    for name, content in zip(("parts.yaml", "phrases.yaml"), files, strict=True):
        (tmp_path / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PermanentFault, match=sentence) as fault:
        load_catalogue(tmp_path)
    assert fault.value.kind == RefusalType.BAD_PLAYBOOK


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("from 24 to 4 hours by 2026-12-04", 2),
        ("4 December 2026 and 12/12", 0),
        ("1,247 campaigns, 340 000 readers", 2),
        ("３ of ８", 2),
        ("4hb Dis 2026, Jan 5, 2027 or 2026年12月4日", 0),
        ("Q1 2027", 2),
        ("99.5% by 06:00", 2),
        ("many", 0),
    ],
)
def test_figures_are_counted_without_the_dates(text, count):
    assert wording.figures(text) == count


def test_every_list_to_avoid_speaks_all_languages_and_is_used():
    lists = CATALOGUE.phrases.avoid
    assert {name for name, avoided in lists.items() if tuple(avoided.phrases) != LANGUAGES} == set()
    used = {word for spec in CATALOGUE.messages.values() for word in spec.avoid}
    used |= {word for spec in CATALOGUE.messages.values() for part in spec.parts for word in part.avoid}
    assert used == set(lists)


@pytest.mark.parametrize("name", CATALOGUE.phrases.avoid)
def test_each_phrase_is_found_whatever_its_case_and_punctuation(name):
    phrases = [phrase for texts in CATALOGUE.phrases.avoid[name].phrases.values() for phrase in texts]
    missed = [phrase for phrase in phrases if not CATALOGUE.avoided((name,), f"Well, «{phrase.upper()}»! And more.")]
    assert missed == []


@pytest.mark.parametrize("name", CATALOGUE.messages)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_keeps_to_its_own_lists_to_avoid(name, language):
    spec = CATALOGUE.message(name)
    lists = {*spec.avoid, *(word for part in spec.parts for word in part.avoid)}
    text = (MESSAGES / language / f"{name}.j2").read_text(encoding="utf-8").replace("{%", " ").replace("%}", " ")
    assert CATALOGUE.avoided(lists, text) is None


@pytest.mark.parametrize("name", CATALOGUE.messages)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_people_of_a_story_write_what_every_message_asks_for(name, language):
    written = papers.edits(CATALOGUE, name, language, AT, Random(7), 0)
    checks.check(CATALOGUE.message(name), written, CATALOGUE)
    longer = {part for part, text in written.items() if len(text.splitlines()) > 1}
    assert longer == {part.name for part in CATALOGUE.message(name).parts if part.lines > 1}


def test_only_letters_that_their_reader_may_do_without_can_be_unsubscribed():
    optional = {name for name, spec in CATALOGUE.messages.items() if spec.unsubscribe}
    assert optional == {"value_summary", "value_report", "win_back_contact", "fixed_what_you_named"}
