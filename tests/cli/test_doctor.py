"""The doctor says of each part that it is ready, or in one sentence what to do."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Instance, run
from tests.company import moved_in


def checked(home: Path, **more: str) -> dict[str, str]:
    """What is said of each part that is not ready."""
    result = run(home, "doctor", "--json", **more)
    found = json.loads(result.stdout)
    faulty = {part["part"]: part["sentence"] for part in found["parts"] if not part["ready"]}
    assert result.exit_code == (1 if faulty else 0)
    assert found["ready"] is not bool(faulty)
    assert not [sentence for sentence in faulty.values() if "\n" in sentence]
    return faulty


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    return moved_in(founded, tmp_path / "home").home


def test_an_instance_that_runs_is_ready(instance: Instance):
    assert checked(instance.home) == {}
    shown = run(instance.home, "doctor").stdout
    assert shown.count("ready") == 9


def test_a_new_home_needs_its_database_and_a_temporal(tmp_path: Path):
    faulty = checked(tmp_path / "new")
    assert set(faulty) == {"database", "email", "temporal"}
    assert "run: python starter.py migrate" in faulty["database"]
    assert "put that right first" in faulty["email"]
    assert "start" in faulty["temporal"].lower()
    assert not (tmp_path / "new" / "followthrough.db").exists()


def test_a_home_that_cannot_be_written_to_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    assert "set FOLLOWTHROUGH_HOME to a folder that can" in checked(tmp_path / "file")["home"]


def test_faulty_playbooks_are_counted_and_the_first_is_shown(home: Path):
    spine = home / "playbooks" / "save" / "common_spine.yaml"
    spine.write_text(spine.read_text(encoding="utf-8").replace("kind: call", "kind: cal", 1), encoding="utf-8")
    said = checked(home, FOLLOWTHROUGH_PLAYBOOKS=str(home / "playbooks"))["playbooks"]
    assert "common_spine.yaml:" in said
    assert f"playbook check {home / 'playbooks'}" in said


def test_a_table_of_the_product_that_belongs_to_nobody_is_named(home: Path):
    product = home / "wrong.db"
    sqlite3.connect(product).execute("create table content_notes (id integer)").connection.close()
    said = checked(home, FOLLOWTHROUGH_PRODUCT_DATA=f"sqlite:///{product}")["product data"]
    assert "content_notes" in said


def test_a_postgres_is_checked_like_any_database(home: Path, postgres_address: str):
    assert "database" not in checked(home, FOLLOWTHROUGH_DATABASE=postgres_address)
    faulty = checked(home, FOLLOWTHROUGH_DATABASE=f"{postgres_address}_not")
    assert "createdb" in faulty["database"]
    assert "not-a-secret" not in json.dumps(faulty)
