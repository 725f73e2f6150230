"""Detection is checked like every policy: weights, bands, names; and its faults stand in no case's way."""

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
        if not folder.exists():
            shutil.copytree("playbooks", folder)
        file = folder / "detection.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


def test_all_faults_are_named_at_once_with_what_was_meant(changed: Change) -> None:
    for old, new in (
        ("from_score: 90", "from_score: 70"),
        ("kind: layoffs", "kind: layofs"),
        ("measure: csat_below", "measure: csat_belo"),
        ("measure: no_login, days", "measure: no_login, dayz"),
        ("req: RISK-81, kind: automatic_alert", "req: RISK-81, kind: automatic_alrt"),
        ("any_of: [champion_left]", "any_of: [champion_lft]"),
    ):
        folder = changed(old, new)
    found = {fault.where: (fault.wrong, fault.right) for fault in check(folder)}
    assert found.pop("signals[50].kind")[1].startswith(
        "did you mean 'layoffs'? If it is a new one, name it under 'relapse'"
    )
    assert found == {
        "health.bands[good].from_score": (
            "'good' overlaps 'excellent': both begin at 70",
            "begin each band at a score of its own",
        ),
        "rules[low_csat].measure": ("the measure 'csat_belo' is not known", "did you mean 'csat_below'?"),
        "rules[negative_tickets].kind": ("'automatic_alrt' is not known here", "did you mean 'automatic_alert'?"),
        "rules[no_login].days": ("'days' is missing", "write 'days: ...'"),
        "rules[no_login].dayz": ("the key 'dayz' is not known", "did you mean 'days'?"),
        "combinations[silent_departure].parts[1].any_of[0]": (
            "the rule or signal 'champion_lft' is not known",
            "did you mean 'champion_left'?",
        ),
    }


def test_a_rule_without_its_measure_is_told_what_is_missing(changed: Change) -> None:
    (fault,) = check(changed("measure: csat_below, ", ""))
    assert (fault.where, fault.wrong) == ("rules[low_csat]", "'measure' is missing")


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("weight: 40", "weight: 41", "health.models[weighted_4].components", "sum to 101"),
        ("name: usage, weight: 40,", "name: usage,", "components[usage]", "'usage' has no weight"),
        ("model: weighted_4", "model: five_factor", "components[product_usage]", "'product_usage' has no weight"),
        ("model: weighted_4", "model: weighted", "health.model", "the model 'weighted' is not known"),
        ("time_in_product]", "time_in_prduct]", "metrics", "the sub-metric 'time_in_prduct' is not known"),
        ("active_users, time_in_product]", "active_users, active_users]", "metrics", "is there twice"),
        ("from_score: 70", "from_score: 50", "bands", "overlaps"),
        ("from_score: 0,", "from_score: 1,", "health.bands", "no band begins at 0"),
        ("from_score: 90", "from_score: 190", "bands", "less than or equal to 100"),
        ("{at: 1, value: 30}", "{at: 9, value: 30}", "steps", "out of order"),
        ("metric: nps_csat, steps", "metric: roi, steps", "curves", "the computed sub-metric 'roi' is not known"),
        ("id: below_50", "id: below_30", "rules", "the rule or signal 'below_30' is there twice"),
        ("below: 50", "below: 500", "below", "less than or equal to 100"),
        ("measure: no_login", "measure: no_logn", "rules[no_login]", "no_logn"),
        ("any_of: [champion_left]", "any_of: [champion_gone]", "any_of", "'champion_gone' is not known"),
        ("signals: [alternative_chosen_unsigned]", "signals: [chosen]", "windows", "the signal 'chosen' is not known"),
        ("kind: too_complex", "kind: too_hard", "kind", "the statement 'too_hard' is not known"),
        ("no_case_for: low", "no_case_for: lowest", "no_case_for", "the severity 'lowest' is not known"),
        ("{level: watch, happens", "{level: low, happens", "responses", "the level 'low' is there twice"),
        ("{findings: 3,", "{findings: 2,", "together", "out of order"),
        ("family: stakeholders, level: medium", "family: stakeholders, level: high", "level", "no urgency knows it"),
    ],
)
def test_a_fault_is_named_with_file_and_key(changed: Change, old: str, new: str, where: str, said: str) -> None:
    faults = check(changed(old, new))
    assert {fault.file for fault in faults} == {"detection.yaml"}
    assert any(where in fault.where and said in str(fault) for fault in faults), faults


async def test_detection_at_fault_is_not_used_and_stops_no_case(changed: Change) -> None:
    playbooks = FolderPlaybooks(changed("weight: 40", "weight: 41"))
    with pytest.raises(PermanentFault, match="Detection cannot be used until 1 fault is corrected"):
        await playbooks.detection()
    assert (await playbooks.load("standard")).name == "standard"
    assert (await playbooks.load("common_spine")).name == "common_spine"


async def test_a_folder_without_it_is_told_apart(changed: Change) -> None:
    folder = changed("weight: 40", "weight: 40")
    (folder / "detection.yaml").unlink()
    assert check(folder) == ()
    with pytest.raises(PermanentFault, match=r"no detection\.yaml"):
        await FolderPlaybooks(folder).detection()


async def test_it_is_no_playbook() -> None:
    assert "detection" not in await FolderPlaybooks(Path("playbooks")).names()


async def test_every_shipped_statement_is_a_signal() -> None:  # RISK-25..52
    playbooks = FolderPlaybooks(Path("playbooks"))
    rules, policy = await playbooks.detection(), await playbooks.policy()
    tagged = {signal.kind for signal in rules.signals if signal.statement}
    assert {statement.code for statement in policy.statements} == tagged


async def test_every_reason_of_urgency_is_something_that_can_be_seen() -> None:  # RISK-103, RISK-104
    playbooks = FolderPlaybooks(Path("playbooks"))
    rules, policy = await playbooks.detection(), await playbooks.policy()
    kinds = {signal.kind for signal in rules.signals} | {"churn_likely"}
    assert {reason for band in policy.triage.urgencies for reason in band.reasons} <= kinds


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        ("champion_left", "signals["),
        ("below_70", "rules[below_70].id"),
        ("churn_likely", "combinations[packing].id"),
        ("several_signals", "together"),
        ("business_under_pressure", "pressure_lifts_to"),
    ],
)
def test_what_a_case_would_refuse_to_hear_is_a_fault(changed: Change, kind: str, where: str) -> None:  # RISK-7, RISK-85
    folder = changed("weight: 40", "weight: 40")
    file = folder / "policies" / "signals.yaml"
    text = file.read_text(encoding="utf-8")
    assert f"    - {kind}\n" in text
    file.write_text(text.replace(f"    - {kind}\n", "", 1), encoding="utf-8")
    faults = [fault for fault in check(folder) if fault.file == "detection.yaml"]
    assert any(
        where in fault.where and f"'{kind}' is no risk signal that a case hears" in str(fault) for fault in faults
    )
