"""The policies from the command line: their faults, and what holds for an account that leaves."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from settings import CHECKOUT
from tests.cli.conftest import run
from tests.company import moved_in

Ask = Callable[..., Any]


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    """A home with the sample in it; explaining needs no server."""
    return moved_in(founded, tmp_path / "home").home


def explained(home: Path, *arguments: str) -> str:
    result = run(home, "policy", "explain", *arguments)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_the_shipped_policies_have_no_fault(home: Path) -> None:
    assert run(home, "policy", "check").exit_code == 0


def test_a_policy_without_retention_is_named_with_file_and_line(home: Path, tmp_path: Path) -> None:  # AMB-24
    books = tmp_path / "playbooks"
    shutil.copytree(CHECKOUT / "playbooks", books)
    default = books / "policies/leaving/default.yaml"
    lines = default.read_text(encoding="utf-8").splitlines()
    broken = lines.index("  kept: P90D")
    default.write_text("\n".join(lines[:broken] + lines[broken + 1 :]), encoding="utf-8")
    spine = books / "save/common_spine.yaml"
    spine.write_text(spine.read_text(encoding="utf-8").replace("owner: csm", "owner: cms", 1), encoding="utf-8")
    result = run(home, "policy", "check", str(books))
    assert result.exit_code == 5
    assert "policies/leaving/default.yaml:" in result.stdout and "'kept' is missing" in result.stdout
    assert "common_spine" not in result.stdout  # playbooks are checked by 'playbook check'
    stopped = run(home, "policy", "explain", "acc-0022", FOLLOWTHROUGH_PLAYBOOKS=str(books))
    assert stopped.exit_code == 5
    assert "The policies cannot be used until 1 fault is corrected" in stopped.stderr


def test_a_missed_notice_is_explained_to_end_within_the_renewed_term(home: Path) -> None:  # CANC-46
    late = " ".join(explained(home, "acc-0004", "--end-date", "2027-01-20").split())
    assert "renews by itself on 2026-12-05" in late and "charged until" in late
    assert "renews by itself" not in explained(home, "acc-0003")


@pytest.mark.parametrize(
    ("account", "policy", "rule"),
    [
        ("acc-0003", "default", "OFFB-25"),
        ("acc-0022", "eu_data_act", "Data Act art. 25"),
        ("acc-0038", "us_california_consumer", "AB 2863"),
        ("acc-0020", "us_minnesota_consumer", "325G.56"),
        ("acc-0034", "de_consumer", "s. 312k"),
    ],
)
def test_each_policy_is_explained_with_its_rules(home: Path, account: str, policy: str, rule: str) -> None:
    shown = explained(home, account)
    assert f"the policy '{policy}' is for such accounts" in shown
    assert rule in shown
    assert "not legal advice" in shown


def test_what_a_cancellation_would_bring_is_told_with_its_dates(home: Path) -> None:
    shown = explained(home, "acc-0006", "--reason", "service", "--end-date", "2026-01-01")
    assert "at most 2" in shown
    assert "2026-01-01 has passed" in shown
    assert "cs_manager: it is an account of high value" in shown
    quiet = explained(home, "acc-0006", "--reason", "service", "--no-sales")
    assert "the customer asked for no sales conversation (CANC-36)" in quiet


def test_an_account_that_nobody_knows_and_a_day_that_is_none_are_refused(home: Path) -> None:
    assert run(home, "policy", "explain", "acc-9999").exit_code == 4
    assert run(home, "policy", "explain", "acc-0006", "--end-date", "soon").exit_code == 2
    assert run(home, "policy", "explain", "acc-0006", "--reason", "bored").exit_code == 2


def test_what_may_be_offered_and_recorded_is_looked_up_before_it_is_proposed(home: Path) -> None:  # SAVE-37..51
    said = " ".join(run(home, "save", "offer", "kinds", "--cause", "budget_cut").stdout.split())
    for word in ("bridge_discount", "module price_concession", "up to 15 % csm", "reference", "PT24H"):
        assert word in said
    assert "no price answers no_roi" not in said
    everywhere = json.loads(run(home, "save", "offer", "kinds", "--json").stdout)
    assert {"bridge_discount", "upgraded_service"} <= {line["id"] for line in everywhere["lines"]}
    causes = json.loads(run(home, "playbook", "causes", "--json").stdout)
    assert ("budget_cut", "budget_economic") in {(line["code"], line["playbook"]) for line in causes}
    assert run(home, "save", "offer", "kinds", "--cause", "bad_luck").exit_code == 4
    assert "'save offer kinds'" in run(home, "playbook", "show", "budget_economic").stdout
