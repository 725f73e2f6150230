"""What a playbook does to people, by ``simulate``: the true workflow in its real durations, and what RevOps sees of it."""

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from settings import CHECKOUT
from starter import app

pytestmark = pytest.mark.xdist_group("simulate")  # the calendars are played once for all tests


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWTHROUGH_HOME", str(tmp_path / "home"))


def simulated(playbook: str, people: str, *more: str) -> Result:
    return CliRunner().invoke(app, ["simulate", playbook, "--people", people, "--seed", "7", *more])


@cache
def calendar(playbook: str, people: str) -> dict:
    """The calendar of that playbook; each is played once for all tests."""
    result = simulated(playbook, people, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def told(found: dict, step: str, word: str) -> Iterator[tuple[int, str, str]]:
    """Day, time and reader of each mail that says that word of a step."""
    for line in found["calendar"]:
        if step in line["steps"] and word in line["happened"]:
            yield from ((line["day"], line["time"], reader) for reader in line["told"])


# AMB-37: the ladder is the owner, the manager at the breach, the executive a day later.
def test_where_people_are_late_the_manager_hears_of_the_call_at_the_breach_and_the_executive_a_day_later():
    found = list(told(calendar("product_technical", "late"), "ack_call", "escalated"))
    assert (2, "09:00", "Hana (cs-manager)") in found
    assert (3, "09:00", "Viola (executive)") in found


def test_where_people_are_late_the_owner_was_reminded_before_the_breach_in_working_hours():
    assert list(told(calendar("product_technical", "late"), "ack_call", "reminder")) == [(1, "18:00", "Dewi (csm)")]


@pytest.mark.parametrize("playbook", ["product_technical", "budget_economic"])
def test_diligent_people_save_the_customer_and_nobody_is_escalated_to(playbook):
    found = calendar(playbook, "diligent")["summary"]
    assert found["outcome"] in ("saved_full", "saved_partial")
    assert (found["steps_late"], found["steps_never"], found["escalations"]) == (0, 0, 0)


def test_a_diligent_save_takes_its_month():
    assert calendar("product_technical", "diligent")["summary"]["days"] >= 29


@pytest.mark.parametrize("playbook", ["product_technical", "budget_economic"])
def test_while_the_csm_is_away_the_deputy_takes_over_and_is_told(playbook):
    found = calendar(playbook, "absent")
    assert any(reader == "Tomas (deputy)" for _, _, reader in told(found, "contact_call", "rerouted"))
    assert any("Tomas" in line["happened"] and "done" in line["happened"] for line in found["calendar"])
    assert not any("by Dewi" in line["happened"] and line["day"] > 1 for line in found["calendar"])


@pytest.mark.parametrize("playbook", ["product_technical", "budget_economic"])
def test_a_customer_who_answers_nobody_is_closed_as_no_contact_by_the_manager(playbook):
    found = calendar(playbook, "absent")
    assert found["summary"]["outcome"] == "no_contact"
    assert found["calendar"][-1]["happened"].startswith("closed by Hana")


@pytest.mark.parametrize(
    ("playbook", "people"),
    [(p, m) for p in ("product_technical", "budget_economic") for m in ("diligent", "late", "absent")],
)
def test_no_command_of_the_people_is_refused(playbook, people):
    assert calendar(playbook, people)["refused"] == []


def test_the_same_seed_gives_the_same_calendar_and_the_same_picture(tmp_path):
    pictures = [tmp_path / "one.svg", tmp_path / "two.svg"]
    one, two = (simulated("budget_economic", "late", "--days", "9", "--chart", str(path)).stdout for path in pictures)
    assert one == two
    assert pictures[0].read_text(encoding="utf-8") == pictures[1].read_text(encoding="utf-8")
    assert ElementTree.fromstring(pictures[0].read_text(encoding="utf-8")).tag.endswith("svg")


@pytest.fixture
def playbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped playbooks that RevOps may edit."""
    folder = tmp_path / "playbooks"
    shutil.copytree(CHECKOUT / "playbooks", folder)
    monkeypatch.setenv("FOLLOWTHROUGH_PLAYBOOKS", str(folder))
    return folder


def test_a_step_that_revops_adds_is_in_the_calendar(playbooks):
    spine = playbooks / "save" / "common_spine.yaml"
    added = '  - {id: thank_you, title: "Thank the team", owner: cs_manager, due: PT6H, evidence: {kind: note}}\n'
    spine.write_text(spine.read_text(encoding="utf-8") + added, encoding="utf-8")
    found = json.loads(simulated("common_spine", "diligent", "--days", "2", "--json").stdout)
    assert any(line["steps"] == ["thank_you"] and "done by Hana" in line["happened"] for line in found["calendar"])


def test_an_unknown_playbook_is_one_line_that_names_the_known_ones():
    result = simulated("product_tecnical", "late")
    assert result.exit_code == 4
    assert len(result.stderr.strip().splitlines()) == 1
    assert "product_technical" in result.stderr


def test_a_malformed_playbook_names_every_fault_and_nothing_starts(playbooks):
    broken = playbooks / "save" / "budget_economic.yaml"
    text = broken.read_text(encoding="utf-8").replace("owner: sales", "owner: seller").replace("P14D", "P14X")
    broken.write_text(text, encoding="utf-8")
    result = simulated("budget_economic", "late")
    assert result.exit_code == 5
    assert "seller" in result.stderr and "P14X" in result.stderr
    assert result.stdout == ""


def test_a_chart_in_a_folder_that_is_not_there_is_refused_before_anything_is_played(tmp_path):
    result = simulated("common_spine", "late", "--chart", str(tmp_path / "no" / "out.svg"))
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


def test_nothing_of_the_instance_is_touched(tmp_path):
    simulated("common_spine", "diligent", "--days", "1")
    assert not (tmp_path / "home").exists()


# OFFB-1: whoever leaves has everything on the day that the sources put it, sixteen days after the confirmation.
@pytest.mark.parametrize("plan", ["standard", "fast", "eu_switching"])
def test_a_customer_leaves_on_their_day_and_nothing_is_left_undone(plan):
    found = calendar(plan, "diligent")
    assert (found["summary"]["outcome"], found["summary"]["steps_never"], found["refused"]) == ("left", 0, [])
    done = {step: line["day"] for line in found["calendar"] if "done" in line["happened"] for step in line["steps"]}
    days = {step: day - done["confirm_end"] + 1 for step, day in done.items()}
    last = 7 if plan == "fast" else 15
    assert days["data_export"] <= 3
    assert days["issue_final_invoice"] == days["close_account"] == last
    assert days["revoke_access"] == days["closure_confirmation"] == last + 1


def test_where_people_are_late_the_manager_hears_of_it_before_the_customer_does():
    found = calendar("standard", "late")
    assert found["summary"]["escalations"] > 0
    assert found["refused"] == []
