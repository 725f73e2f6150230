"""The policies of leaving: what the check says of a broken one, and which plans carry them (AMB-24, AMB-26)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.playbooks.check import check
from adapters.playbooks.folder import FolderPlaybooks
from models.case import RefusalType
from models.faults import PermanentFault
from models.policy import Policy
from tests.adapters.playbooks.faults import POLICY, SPINE, found

DEFAULT, GERMAN = "policies/leaving/default.yaml", "policies/leaving/de_consumer.yaml"
EUROPEAN, ELIGIBILITY = "policies/leaving/eu_data_act.yaml", "policies/eligibility.yaml"
ROLES = ("cs_manager", "executive", "legal", "sales_engineer", "sales")
OFFBOARDING = """\
name: offboarding
version: 1
title: "Leave well"
kind: cancellation
steps:
  - {id: export_it, title: "Export", owner: csm, due: {after: confirmed, offset: PT48H}, reaches: exporting}
"""
Break = Callable[[str, str, str], int]


@pytest.fixture
def leaving(library: Path, break_file: Break, shipped: Path) -> Path:
    """The small library with policies of leaving in it, and with a plan of a cancellation."""
    for file in (DEFAULT, GERMAN, EUROPEAN, ELIGIBILITY):
        (library / file).parent.mkdir(exist_ok=True)
        (library / file).write_text((shipped / file).read_text(encoding="utf-8"), encoding="utf-8")
    break_file(POLICY, "  - support\n", "".join(f"  - {role}\n" for role in ("support", *ROLES)))
    (library / "offboarding").mkdir()
    (library / "offboarding/offboarding.yaml").write_text(OFFBOARDING, encoding="utf-8")
    return library


def test_the_shipped_policies_have_no_fault(leaving: Path) -> None:
    assert check(leaving) == ()


def test_a_policy_without_retention_is_a_fault_and_nothing_is_assumed(leaving: Path) -> None:  # AMB-24, OFFB-25
    text = (leaving / DEFAULT).read_text(encoding="utf-8")
    begin, end = text.index("retention:"), text.index("personal_data:")
    (leaving / DEFAULT).write_text(text[:begin] + text[end:], encoding="utf-8")
    (fault,) = check(leaving)
    assert (fault.file, fault.wrong) == (DEFAULT, "'retention' is missing")
    assert "there is no silent default (AMB-24)" in fault.right


@pytest.mark.parametrize("field", ["retrievable", "kept", "backups_purged_by", "hold_review"])
def test_each_part_of_the_retention_is_set(leaving: Path, field: str) -> None:
    lines = (leaving / DEFAULT).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(f"  {field}:")]
    (leaving / DEFAULT).write_text("\n".join(kept), encoding="utf-8")
    (fault,) = check(leaving)
    assert (fault.file, fault.wrong) == (DEFAULT, f"'{field}' is missing")
    assert kept[fault.line - 1].startswith("retention:")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("name: default", "name: other", "the name 'other' is not that of the file"),
        ("standard: 1, strategic: 2", "standard: 1, strategic: 3", "'3' does not fit"),
        ("standard: 1, strategic: 2", "standard: 2, strategic: 2", "'2' does not fit"),
        ('  rule: "OFFB-25, AMB-24: sample', '  role: "OFFB-25, AMB-24: sample', "did you mean 'rule'?"),
        ("retrievable: P90D", "retrievable: P91D", "data can be fetched for P91D and is deleted after P90D"),
        ("backups_purged_by: P12M", "backups_purged_by: P30D", "before the data is deleted"),
        ("waiver: {role: cs_manager", "waiver: {role: cs_manger", "did you mean 'cs_manager'?"),
        ("when: high_value, role: cs_manager", "when: high_value, role: nobody", "the role 'nobody' is not known"),
        ("when: notice", "when: remaining_term", "the approval 'remaining_term' is there twice"),
        ("follow_up: {within: PT24H", "follow_up: {within: PT0H", "'within' gives no time"),
        ("follow_up: {within: PT24H", "follow_up: {within: tomorrow", "'tomorrow' is not a duration"),
        ("plan: standard", "plan: quick", "'quick' is not known here"),
        ("switching: none", "switching: some", "'some' is not known here"),
        ("law: GDPR", "law: X", "does not fit"),
    ],
)
def test_a_fault_of_a_policy_is_named_with_its_line(
    leaving: Path, break_file: Break, old: str, new: str, wrong: str
) -> None:
    line = break_file(DEFAULT, old, new)
    assert wrong in found(leaving, DEFAULT, line)


def test_a_value_without_its_rule_is_a_fault(leaving: Path, break_file: Break) -> None:
    line = break_file(GERMAN, ', rule: "s. 312k(2) BGB: two steps, no forced login"', "")
    assert "'rule' is missing" in found(leaving, GERMAN, line)


def test_two_policies_of_which_neither_is_the_narrower_are_a_fault(leaving: Path, break_file: Break) -> None:
    line = break_file(GERMAN, "  switching: false\n", "")
    assert "under policies/leaving/eu_data_act.yaml" not in found(leaving, GERMAN, line)
    assert any(
        fault.file == EUROPEAN and "neither is the narrower" in fault.wrong and GERMAN in fault.wrong
        for fault in check(leaving)
    )


def test_somebody_must_be_under_a_policy_for_everybody_else(leaving: Path) -> None:
    (leaving / DEFAULT).unlink()
    assert [fault.wrong for fault in check(leaving)] == ["no policy is for everybody else"]


def test_policies_of_leaving_need_the_rules_of_eligibility(leaving: Path) -> None:
    (leaving / ELIGIBILITY).unlink()
    assert [fault.wrong for fault in check(leaving)] == ["no policy file sets 'eligibility'"]


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("[critical]", "[critcal]", "did you mean 'critical'?"),
        ("[firm_decision]", "[misunderstanding]", "the reason 'misunderstanding' is there twice"),
        ("override_roles: [cs_manager,", "override_roles: [boss,", "the role 'boss' is not known"),
        ("[competitor_signed]", "[signed]", "'signed' is not known here"),
    ],
)
def test_a_fault_of_the_eligibility_is_named_with_its_line(
    leaving: Path, break_file: Break, old: str, new: str, wrong: str
) -> None:
    assert wrong in found(leaving, ELIGIBILITY, break_file(ELIGIBILITY, old, new))


async def test_only_plans_of_a_leaving_customer_carry_the_policies(leaving: Path) -> None:
    books = FolderPlaybooks(leaving)
    save, offboarding = (await books.load("spine")).policy, (await books.load("offboarding")).policy
    assert (save.leaving, save.eligibility) == ((), Policy().eligibility)
    assert {policy.name for policy in offboarding.leaving} == {"default", "de_consumer", "eu_data_act"}
    assert offboarding.eligibility.high_value_severities == ("critical",)
    assert await books.policy() == offboarding


async def test_a_policy_without_retention_stops_cancellations_and_no_save(leaving: Path, break_file: Break) -> None:
    break_file(DEFAULT, "retention:\n", "retentions:\n")
    books = FolderPlaybooks(leaving)
    assert (await books.load("spine")).ref == "spine@1"
    with pytest.raises(PermanentFault) as refused:
        await books.load("offboarding")
    assert refused.value.kind == RefusalType.BAD_PLAYBOOK
    assert f"{DEFAULT}:" in refused.value.sentence


def test_a_save_can_run_no_plan_of_a_leaving_customer(leaving: Path, break_file: Break) -> None:
    line = break_file(POLICY, "    playbook: spine\n", "    playbook: offboarding\n")
    assert "the playbook 'offboarding' is not known" in found(leaving, POLICY, line)


@pytest.mark.parametrize("kind", ["cancellation", "retention", "win_back"])
def test_a_plan_of_a_leaving_customer_extends_one_of_its_own_kind(leaving: Path, kind: str) -> None:
    child = f'name: child_plan\nversion: 1\ntitle: "A child"\nkind: {kind}\nextends: spine\n'
    (leaving / "offboarding/child_plan.yaml").write_text(child, encoding="utf-8")
    assert "the playbook 'spine' is not known" in found(leaving, "offboarding/child_plan.yaml", 5)
    assert all(fault.file != SPINE for fault in check(leaving))


PARTS = """\
shared:
  last_day: &last_day {name: last_day, what: "the last day", from_end: true}
messages:
  notice: {parts: [*last_day]}
  thanks: {parts: [{name: word, what: "a word"}]}
"""


@pytest.fixture
def letters(leaving: Path) -> Path:
    """The same library with two letters of a cancellation, one of which names the last day."""
    for file in ("en/notice.j2", "en/thanks.j2", "ms/notice.j2", "ms/thanks.j2"):
        (leaving / "messages" / file).write_text("Hello", encoding="utf-8")
    (leaving / "messages/parts.yaml").write_text(PARTS, encoding="utf-8")
    return leaving


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("template: notice, tells_end: true", ""),
        ("template: thanks", ""),
        ("template: notice", "write 'tells_end: true'"),
        ("template: thanks, tells_end: true", "names no day that counts from the end date"),
        ("tells_end: true", "names no day that counts from the end date"),
    ],
)
def test_a_step_says_whether_its_letter_names_a_day_that_moves_with_the_end(  # OFFB-17, TMPL-43
    letters: Path, break_file: Break, letter: str, said: str
) -> None:
    line = break_file("offboarding/offboarding.yaml", "owner: csm", f"owner: csm, {letter}")
    told = found(letters, "offboarding/offboarding.yaml", line)
    assert said in told if said else not told


def test_what_a_message_is_made_of_may_change_while_the_steps_stay_the_same(letters: Path, break_file: Break) -> None:
    line = break_file("offboarding/offboarding.yaml", "owner: csm", "owner: csm, template: thanks")
    assert not found(letters, "offboarding/offboarding.yaml", line)
    break_file("messages/parts.yaml", '{name: word, what: "a word"}', '{name: word, what: "a word", from_end: true}')
    assert "tells_end: true" in found(letters, "offboarding/offboarding.yaml", line)
