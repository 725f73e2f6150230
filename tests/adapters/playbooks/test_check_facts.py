"""Faults of facts.yaml are named with their line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adapters.playbooks.check import check
from adapters.playbooks.folder import FolderPlaybooks
from models.faults import PermanentFault

SHIPPED = Path(__file__).resolve().parents[3] / "playbooks"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SHIPPED, tmp_path / "playbooks")


def edited(folder: Path, old: str, new: str) -> list[str]:
    file = folder / "facts.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(fault) for fault in check(folder) if fault.file == "facts.yaml"]


def test_the_shipped_file_has_no_fault_and_is_no_playbook(folder: Path) -> None:
    assert check(folder) == ()


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("kind: plan_downgraded", "kind: plan_downgrded", "the signal 'plan_downgrded' is not known"),
        ("informational: []", "informational: [webinar, webinar]", "the word 'webinar' is there twice"),
        ("informational: []", "informational: [champion_left]", "'champion_left' is judged by detection"),
        ('event: "Workflow Run"', 'event: "Signed In"', "the event 'Signed In' is there twice"),
        ("code: no_roi", "code: no_rio", "the statement 'no_rio' is not known"),
        ("measure: logins", "measure: active_users", "name another measure"),
        ("state: failed", "state: lost", "state"),
        ("gap: 4", "gap: -1", "gap"),
        ('phrases: ["too complex"', 'phrases: ["Too complex"', "would never be found"),
    ],
)
def test_a_fault_is_found(folder: Path, old: str, new: str, wrong: str) -> None:
    found = edited(folder, old, new)
    assert any(wrong in fault for fault in found), found


async def test_facts_are_refused_until_the_file_is_right_and_plans_are_not(folder: Path) -> None:
    edited(folder, "kind: plan_downgraded", "kind: plan_downgrded")
    with pytest.raises(PermanentFault, match="plan_downgrded"):
        await FolderPlaybooks(folder).facts()
    await FolderPlaybooks(folder).load("common_spine")
    (folder / "facts.yaml").unlink()
    with pytest.raises(PermanentFault, match=r"no facts\.yaml"):
        await FolderPlaybooks(folder).facts()


def test_a_statement_that_a_language_lacks_is_a_fault(folder: Path) -> None:
    file = folder / "policies" / "statements.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('      ms: "Bajet telah dipotong"\n', ""), encoding="utf-8")
    assert any("'budget_cut' is not said in ms" in str(fault) for fault in check(folder))
