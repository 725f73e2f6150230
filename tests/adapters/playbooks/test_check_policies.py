"""A malformed policy: every fault, with file, line and what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters.playbooks.check import check
from tests.adapters.playbooks.faults import POLICY, RACI, found

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_matrix_without_a_needed_cell_is_a_fault(library: Path, break_file: Callable[[str, str, str], int]) -> None:
    break_file(POLICY, '    - {severity: low, urgency: medium, respond: P7D, resources: "CSM"}\n', "")
    assert any("no cell for low x medium" in fault.wrong for fault in check(library))


def test_a_cell_for_any_urgency_answers_all_of_them(library: Path, break_file: Callable[[str, str, str], int]) -> None:
    break_file(POLICY, "{severity: low, urgency: medium, respond", "{severity: low, urgency: any, respond")
    assert check(library) == ()


def test_urgencies_stand_in_the_order_of_their_days(library: Path, break_file: Callable[[str, str, str], int]) -> None:
    line = break_file(POLICY, "to_days: 90}", "to_days: 90}\n    - {urgency: high, to_days: 30}")
    assert "out of order" in found(library, POLICY, line - 1)


def test_bands_must_begin_at_zero(library: Path, break_file: Callable[[str, str, str], int]) -> None:
    break_file(POLICY, "severity: low, from_arr: 0", "severity: low, from_arr: 9")
    assert any("no band begins at 0" in fault.wrong for fault in check(library))


def test_a_command_that_no_policy_speaks_of_is_a_fault(
    library: Path, break_file: Callable[[str, str, str], int]
) -> None:
    break_file(POLICY, "  - {command: hold, roles: [csm]}\n", "")
    assert [fault.wrong for fault in check(library)] == ["nothing is said about the command 'hold'"]


@pytest.mark.parametrize(
    "field", ["longest_hold: P90D", "no_contact_after: 5", "lead_role: csm", "held_waits: [PT0H, PT1H]"]
)
def test_no_number_of_the_process_is_left_to_the_program(
    library: Path, break_file: Callable[[str, str, str], int], field: str
) -> None:
    break_file(POLICY, f"{field}\n", "")
    assert [fault.wrong for fault in check(library)] == [f"no policy file sets '{field.partition(':')[0]}'"]


@pytest.mark.parametrize("form", ["consent", "closing", "roadmap"])
def test_the_forms_of_evidence_that_commands_ask_for_are_there(
    library: Path, break_file: Callable[[str, str, str], int], form: str
) -> None:
    break_file(POLICY, f"{{name: {form},", "{name: other,")
    assert [fault.wrong for fault in check(library)] == [f"no form of evidence '{form}'"]


def test_a_policy_that_two_files_set_is_a_fault(library: Path) -> None:
    (library / "policies/more.yaml").write_text("digest_window: PT1H\n", encoding="utf-8")
    assert "policies/all.yaml" in found(library, "policies/more.yaml", 1)


def test_the_rungs_of_the_ladder_of_concessions_ascend(
    library: Path, break_file: Callable[[str, str, str], int]
) -> None:
    line = break_file(
        POLICY, "{up_to_pct: 15, role: csm}", "{up_to_pct: 15, role: csm}\n    - {up_to_pct: 12, role: csm}"
    )
    assert "12 % does not lie above the 15 %" in found(library, POLICY, line + 1)


def test_somebody_approves_the_highest_rate(library: Path, break_file: Callable[[str, str, str], int]) -> None:
    break_file(POLICY, "up_to_pct: 100", "up_to_pct: 40")
    assert [fault.wrong for fault in check(library)] == ["nobody approves a rate above 40 %"]


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("look_back_days: 90", "look_back_days: 27", "two stretches of 14 days do not fit into 27 days"),
        ("least_days: 5", "least_days: 15", "a stretch of 14 days never has 15 measured days"),
        ("drop_pct: 40", "drop_pct: 10", "a drop of 10 % would count as steady, which reaches 15 %"),
        ("[pause, partner]", "[pause, pause]", "the kind 'pause' is there twice"),
    ],
)
def test_a_brief_that_could_never_see_a_decline_is_a_fault(
    library: Path, break_file: Callable[[str, str, str], int], old: str, new: str, wrong: str
) -> None:
    break_file(POLICY, old, new)
    assert [fault.wrong for fault in check(library)] == [wrong]


@pytest.mark.parametrize(
    ("written", "instead", "wrong"),
    [
        ("  ladder: standard\n", "  ladder: loudest\n", "the ladder 'loudest' is not known"),
        ("communicated_by: note", "communicated_by: rumour", "the kind of evidence 'rumour' is not known"),
        ("confirm_within: P5D", "confirm_within: PT0H", "'confirm_within' gives no time"),
    ],
)
def test_what_becomes_of_a_promise_is_said_in_words_and_times_that_are_there(
    library: Path, break_file: Callable[[str, str, str], int], written: str, instead: str, wrong: str
) -> None:
    break_file(POLICY, written, instead)
    assert [fault.wrong for fault in check(library)] == [wrong]


@pytest.mark.parametrize(
    ("file", "field"), [(POLICY, "concessions"), (POLICY, "brief"), (POLICY, "promises"), (RACI, "raci")]
)
def test_a_policy_that_offers_need_is_not_left_out(library: Path, file: str, field: str) -> None:
    text = (library / file).read_text(encoding="utf-8")
    (library / file).write_text(text.replace(f"{field}:", "x:"))
    assert f"no policy file sets '{field}'" in [fault.wrong for fault in check(library)]


def test_a_policy_may_do_without_offers_of_its_own(library: Path, break_file: Callable[[str, str, str], int]) -> None:
    offers = 'offers:\n  - {id: resources, kind: resources, what: "a person more", approval: csm}\n'
    break_file(POLICY, offers, "")
    assert check(library) == ()


def test_every_activity_has_somebody_who_answers_for_it(
    library: Path, break_file: Callable[[str, str, str], int]
) -> None:
    break_file(RACI, "  - {activity: workaround, title: workaround, responsible: [csm], accountable: csm}\n", "")
    assert [fault.wrong for fault in check(library)] == ["nothing is said about the activity 'workaround'"]
