"""The shipped forms of evidence take what people really write, and nothing weaker."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from adapters.playbooks.check import check

WEAK = [
    "ok",
    "OK.",
    "done",
    "n/a",
    "yes",
    "-",
    "tbd",
    "call",
    "called him",
    "email sent",
    "see crm",
    "     ",
    "done done",
]
STRONG = [
    ("call", "call 4711: spoke with the ops lead, export fails on large files"),
    ("call", "Call with Aisyah 14:00 - exports time out above 2 GB, wants a date"),
    ("call", "video 88, they walked us through the failing import"),
    ("call", "panggilan 4711: ketua operasi kata eksport gagal untuk fail besar"),
    ("call", "called the CFO: budget is frozen\nuntil the new fiscal year"),
    ("meeting", "meeting 2026-11-24: walked the team lead through the numbers"),
    ("meeting", "workshop on site: rebuilt the import with two power users"),
    ("message", "email 88213"),
    ("message", "message <ack-1@followthrough.example>"),
    ("message", "mail to the ops lead: roadmap answer with the beta date"),
    ("document", "https://docs.example/plans/d-114"),
    ("document", "plan D-114: three actions, each with an owner and a date"),
    ("ids", "4711, 4733"),
    ("ids", "none found in the last 90 days"),
    ("ids", "ESC-19, named stakeholder is the VP of product"),
    ("record", "customer confirmed in mail 5512 that exports of 2 GB run"),
    ("note", "they asked for bulk import in March already"),
    ("consent", "agreed by email"),
    ("consent", "客户同意了"),
    ("closing", "renewal signed, DocuSign 8814"),
    ("closing", "their mail: we have decided not to talk about it"),
    ("note", "客户说导出大文件时总是失败"),
    ("roadmap", "Jun of engineering committed to it in FEAT-22: beta on 12 June"),
    ("roadmap", "the PM confirmed the date in mail 5512"),
    ("roadmap", "produk sudah mengonfirmasi tanggal rilis, tiket 4711"),
]
UNANSWERED = [
    "call 4711: no answer, left a voicemail",
    "call 4712: rang twice, no answer",
    "call 4713: left message with the desk",
    "call 4714: he did not pick up.",
]


@pytest.fixture(scope="module")
def kinds(shipped: Path) -> dict[str, dict[str, str]]:
    text = (shipped / "policies" / "evidence.yaml").read_text(encoding="utf-8")
    return {kind["name"]: kind for kind in yaml.safe_load(text)["evidence"]}


def _fits(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None


@pytest.mark.parametrize("weak", WEAK)
def test_no_form_of_evidence_takes_an_empty_word(kinds: dict[str, dict[str, str]], weak: str) -> None:
    assert [name for name, kind in kinds.items() if _fits(kind["pattern"], weak)] == []


@pytest.mark.parametrize(("name", "text"), STRONG)
def test_what_a_csm_would_write_is_taken(kinds: dict[str, dict[str, str]], name: str, text: str) -> None:
    assert _fits(kinds[name]["pattern"], text)


@pytest.mark.parametrize(
    "text", ["sales is sure that it comes in June", "engineering has not confirmed the date of the beta yet", "product"]
)
def test_no_word_but_that_of_who_builds_it_confirms_a_roadmap(kinds: dict[str, dict[str, str]], text: str) -> None:
    assert not _fits(kinds["roadmap"]["pattern"], text)  # DIS-31


@pytest.mark.parametrize("text", UNANSWERED)
def test_a_call_that_nobody_answered_proves_no_contact(kinds: dict[str, dict[str, str]], text: str) -> None:
    assert not _fits(kinds["call"]["pattern"], text)  # SAVE-2: it is logged as an attempt


def test_an_email_stands_in_for_a_call_only_where_the_customer_wants_email(kinds: dict[str, dict[str, str]]) -> None:
    written = "email 88213: asked for the failing files, she sent two"  # DIS-7
    assert not _fits(kinds["call"]["pattern"], written)
    assert _fits(kinds["call"]["email_only"], written)


def test_an_example_that_would_not_prove_its_own_step_is_a_fault(tmp_path: Path, shipped: Path) -> None:
    folder = tmp_path / "playbooks"
    shutil.copytree(shipped, folder)
    file = folder / "save" / "common_spine.yaml"
    given = "call 4711: spoke with the ops lead, export fails on large files"
    file.write_text(file.read_text(encoding="utf-8").replace(given, "ok"), encoding="utf-8")
    (fault,) = check(folder)
    assert (fault.file, fault.line) == ("save/common_spine.yaml", 30)
    assert "the example is no evidence of the kind call" in str(fault)
