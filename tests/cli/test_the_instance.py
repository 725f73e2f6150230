"""Import, backup and restore, the playbooks, and JSON everywhere."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from starter import app
from tests.cli.conftest import SAMPLE, Cli, Instance, OpenSave, eventually, run

Ask = Callable[..., Any]


def test_an_import_makes_a_fresh_database_and_again_changes_nothing(tmp_path: Path) -> None:
    first = run(tmp_path / "home", "import", str(SAMPLE), "--json")
    again = run(tmp_path / "home", "import", str(SAMPLE), "--json")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert sum(file["created"] for file in json.loads(first.stdout)["report"]["files"]) > 4000
    assert {file["created"] + file["changed"] for file in json.loads(again.stdout)["report"]["files"]} == {0}


def test_a_second_import_leaves_the_product_of_the_customers_it_does_not_name(tmp_path: Path) -> None:
    home, second = tmp_path / "home", tmp_path / "second"
    run(home, "import", str(SAMPLE))
    shutil.copytree(SAMPLE, second, ignore=shutil.ignore_patterns("running", "product"))
    (second / "product").mkdir()
    row = "id,account_id,title,body,version,updated_at\nd9,acc-0002,Note,Text,1,2026-11-01T00:00:00\n"
    (second / "product" / "content_documents.csv").write_text(row, encoding="utf-8")
    said = run(home, "import", str(second))
    assert said.exit_code == 0
    assert "product/content_documents.csv" in said.stdout
    with sqlite3.connect(home / "product.db") as product:
        count = "SELECT count(*) FROM content_documents WHERE account_id = ?"
        left = [product.execute(count, (account,)).fetchone()[0] for account in ("acc-0001", "acc-0002")]
    assert left == [7, 1]


def test_broken_rows_are_named_and_the_good_ones_kept(tmp_path: Path) -> None:
    folder = tmp_path / "portfolio"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("running", "usage.csv"))
    accounts = (folder / "accounts.csv").read_text(encoding="utf-8").replace("148200.00", "a lot", 1)
    (folder / "accounts.csv").write_text(accounts, encoding="utf-8")
    result = run(tmp_path / "home", "import", str(folder))
    assert result.exit_code == 5
    assert "accounts.csv:2" in result.stdout
    known = {account["id"] for account in json.loads(run(tmp_path / "home", "accounts", "--json").stdout)}
    assert "acc-0001" not in known
    assert "acc-0002" in known


def test_cases_that_ran_elsewhere_come_with_their_past_once(instance: Instance, as_json: Ask) -> None:
    folder = instance.home / "sample"
    arguments = ("import", str(folder), "--running", str(folder / "running"))
    first = as_json(*arguments)
    assert {case["account_id"]: case["opened"] for case in first["cases"]} == {"acc-0012": True, "acc-0028": True}
    eventually(lambda: "acc-0012" in {entry["account_id"] for entry in as_json("case", "list", "--open")})
    status = as_json("case", "show", "acc-0012")
    assert {step["id"]: step["state"] for step in status["steps"]}["ack_call"] == "done"
    assert status["overdue"] == []
    assert [case["opened"] for case in as_json(*arguments)["cases"]] == [False, False]


def test_a_case_is_found_by_its_id_and_by_its_account(save: OpenSave, as_json: Ask, cli: Cli) -> None:
    eventually(lambda: bool(as_json("case", "list", "--open")))
    case_id = as_json("save", "status", save.account)["case_id"]
    assert as_json("case", "show", case_id)["case_id"] == case_id
    assert as_json("case", "show", f"save:{save.account}")["case_id"] == case_id
    assert "UnknownCase" in cli("case", "show", "acc-7777", code=4).stderr


def test_a_backup_comes_back_and_never_over_a_running_instance(instance: Instance, cli: Cli, tmp_path: Path) -> None:
    file = str(tmp_path / "b.zip")
    cli("backup", file)
    cli("backup", file, code=3)
    assert "HomeInUse" in cli("restore", file, "--force", code=3).stderr
    assert run(tmp_path / "new", "restore", file).exit_code == 0
    here, there = (json.loads(run(home, "people", "--json").stdout) for home in (instance.home, tmp_path / "new"))
    assert here == there


def test_a_faulty_playbook_is_named_by_line_and_the_exit_code_says_so(tmp_path: Path, cli: Cli) -> None:
    folder = tmp_path / "playbooks"
    shutil.copytree(SAMPLE.parent / "playbooks", folder)
    cli("playbook", "check", str(folder))
    spine = folder / "save" / "common_spine.yaml"
    spine.write_text(spine.read_text(encoding="utf-8").replace("owner: csm", "owner: cms", 1), encoding="utf-8")
    said = cli("playbook", "check", str(folder), code=5).stdout
    assert "save/common_spine.yaml:" in said
    assert "did you mean 'csm'?" in said


def test_an_edited_playbook_is_compared_with_the_present_one(tmp_path: Path, as_json: Ask, cli: Cli) -> None:
    folder = tmp_path / "playbooks"
    shutil.copytree(SAMPLE.parent / "playbooks", folder)
    file = folder / "save" / "common_spine.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("version: 1", "version: 2", 1), encoding="utf-8")
    assert as_json("playbook", "diff", "common_spine", str(file)) == [{"where": "version", "was": "1", "now": "2"}]
    assert "contact_call" in cli("playbook", "show", "common_spine").stdout
    assert "common_spine" in {plan["name"] for plan in as_json("playbook", "list")}
    cli("playbook", "show", "wishful", code=4)


def test_the_help_says_where_too_expensive_belongs(tmp_path: Path) -> None:
    said = " ".join(run(tmp_path, "cancel", "validate", "--help").stdout.replace("│", " ").split())
    assert "'Too expensive' is value" in said
    assert "budget_cut" in said.partition("'Too expensive'")[2]


def test_a_code_that_is_not_known_is_refused_in_our_words(tmp_path: Path) -> None:
    said = " ".join(run(tmp_path, "cancel", "validate", "acc-0001", "too_expensive", "--by", "usr-02").output.split())
    assert "Invalid value for 'reason': 'too_expensive' is not one of" in said


def test_a_check_of_the_folder_of_policies_itself_names_the_one_above(tmp_path: Path) -> None:
    folder = SAMPLE.parent / "playbooks"
    said = run(tmp_path, "policy", "check", str(folder / "policies"))
    assert said.exit_code == 2
    assert said.stderr.strip() == f"{folder / 'policies'} holds no folder policies/; name the folder above it, {folder}"
    assert run(tmp_path, "policy", "check", str(folder)).exit_code == 0


def leaves(group: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    found = []
    for name, each in group.commands.items():
        found += leaves(each, (*path, name)) if hasattr(each, "commands") else [((*path, name), each)]
    return found


@pytest.mark.parametrize(("path", "each"), leaves(typer.main.get_command(app)), ids=lambda part: str(part)[:40])
def test_every_command_has_json_and_a_help_with_an_example(path: tuple[str, ...], each: Any) -> None:
    options = {option for parameter in each.params for option in parameter.opts}
    assert "--json" in options or path in (("serve",), ("web",))  # they answer nothing: they run until they are stopped
    assert len(each.help or "") > 15
    assert f"starter.py {' '.join(path)}" in f"{each.help}{each.epilog}"
