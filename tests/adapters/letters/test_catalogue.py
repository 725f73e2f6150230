"""Faults in the lists of wording to avoid, and the counting of figures."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from adapters.letters import wording
from adapters.letters.catalogue import load_catalogue
from models.case import RefusalType
from models.faults import PermanentFault
from tests.adapters.letters.company import MESSAGES


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
