"""The targets of the metrics are checked like every policy, and stand in nobody's way where they are at fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.playbooks.check import check
from adapters.playbooks.folder import FolderPlaybooks
from models.faults import PermanentFault

Change = Callable[[str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    def change(old: str, new: str) -> Path:
        folder = tmp_path / "playbooks"
        shutil.copytree("playbooks", folder, dirs_exist_ok=True)
        file = folder / "policies" / "metrics.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("first_response: contact_call", "first_response: contact_cal", "the step 'contact_cal' is not known"),
        ("saved: [saved_full", "saved: [saved_ful", "the outcome of a save 'saved_ful' is not known"),
        ("left: left", "left: gone", "the outcome of a cancellation 'gone' is not known"),
        ("roles: [support]", "roles: [suport]", "the role 'suport' is not known"),
        ("letter: fixed_what_you_named", "letter: fixed", "the letter 'fixed' is not known"),
        ("review: spot_check", "review: party", "the review 'party' is not known"),
        ("review: feedback_themes", "review: process_audit", "the review 'process_audit' is there twice"),
        ("percent: 40", "percent: 140", "less than or equal to 100"),
        ("percent: 40", "percent: 40, score: 7", "a target has one figure"),
        ("id: METR-17", "id: METR-16", "METR-16, METR-17"),
        ("customers: 3", "customers: 1", "greater than or equal to 2"),
        ("reasons: [service", "reasons: [sevice", "'sevice' is not known here"),
    ],
)
def test_a_fault_is_named_with_its_line(changed: Change, old: str, new: str, said: str) -> None:
    (fault, *_) = check(changed(old, new))
    assert fault.file == "policies/metrics.yaml"
    assert said in str(fault)
    assert fault.line >= 1


async def test_targets_at_fault_stop_the_metrics_and_no_case(changed: Change) -> None:
    playbooks = FolderPlaybooks(changed("left: left", "left: gone"))
    with pytest.raises(PermanentFault, match="The targets cannot be used until 1 fault is corrected"):
        await playbooks.metrics()
    assert (await playbooks.load("standard")).name == "standard"
    assert (await playbooks.policy()).leaving


async def test_a_folder_without_targets_is_told_apart(changed: Change) -> None:
    folder = changed("left: left", "left: left")
    (folder / "policies" / "metrics.yaml").unlink()
    assert check(folder) == ()
    with pytest.raises(PermanentFault, match=r"no policies/metrics\.yaml"):
        await FolderPlaybooks(folder).metrics()


async def test_the_targets_are_of_no_plan() -> None:
    assert "metrics" not in (await FolderPlaybooks(Path("playbooks")).load("standard")).policy.model_dump()
