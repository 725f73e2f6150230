"""The doctor says of each part that it is ready, or in one sentence what to do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.clock import utc_now
from tests.cli.conftest import Instance, run
from tests.company import moved_in
from tests.object_server import SECRET, object_desk
from tests.scim_server import TOKEN, scim_desk
from tests.slack_house import TOKEN as SLACK_TOKEN
from tests.slack_house import slack_house
from tests.stripe_world import KEY, StripeWorld


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
def stripe_world() -> Iterator[StripeWorld]:
    world = StripeWorld(utc_now)
    yield world
    world.stop()


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    return moved_in(founded, tmp_path / "home").home


def test_an_instance_that_runs_is_ready(instance: Instance):
    assert checked(instance.home) == {}
    shown = run(instance.home, "doctor").stdout
    assert shown.count("ready") == 14


def test_a_new_home_needs_its_database_and_a_temporal(tmp_path: Path):
    faulty = checked(tmp_path / "new")
    assert set(faulty) == {"database", "email", "crm", "billing", "access", "files", "chat", "temporal"}
    assert "run: python starter.py migrate" in faulty["database"]
    assert "put that right first" in faulty["email"]
    assert "start" in faulty["temporal"].lower()
    assert not (tmp_path / "new" / "followthrough.db").exists()


def test_a_scim_service_and_a_bucket_are_asked_and_told_by_what_is_to_be_done(home: Path):
    with scim_desk() as desk, object_desk() as objects:
        scim = {"ACCESS": "scim", "SCIM_URL": desk.url, "SCIM_TOKEN": TOKEN, "SCIM_READ_ONLY": "roles:reader"}
        s3 = {"FILES": "s3", "S3_BUCKET": objects.bucket, "S3_ENDPOINT": objects.at().endpoint}
        keys = {"S3_ACCESS_KEY": "AKIAEXAMPLE", "S3_SECRET_KEY": SECRET}
        named = {f"FOLLOWTHROUGH_{name}": value for name, value in (scim | s3 | keys).items()}
        assert {"access", "files"}.isdisjoint(checked(home, **named))
        wrong = {"FOLLOWTHROUGH_SCIM_TOKEN": "not-this-one", "FOLLOWTHROUGH_S3_BUCKET": "not-there"}
        faulty = checked(home, **(named | wrong))
    assert "set FOLLOWTHROUGH_SCIM_TOKEN" in faulty["access"]
    assert "check FOLLOWTHROUGH_S3_BUCKET" in faulty["files"]
    assert "not-this-one" not in json.dumps(faulty)


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


def test_a_stripe_is_ready_or_says_what_is_wrong_with_its_key(home: Path, stripe_world: StripeWorld):
    stripe = {"FOLLOWTHROUGH_BILLING": "stripe", "FOLLOWTHROUGH_STRIPE_URL": stripe_world.url}
    assert "billing" not in checked(home, **stripe, FOLLOWTHROUGH_STRIPE_KEY=KEY)
    said = checked(home, **stripe, FOLLOWTHROUGH_STRIPE_KEY="sk_test_wrong")["billing"]
    assert "put FOLLOWTHROUGH_STRIPE_KEY right" in said
    assert "sk_test" not in said


def test_a_slack_is_ready_or_says_what_is_wrong_with_its_app(home: Path):
    with slack_house() as house:
        slack = {
            "CHAT": "slack",
            "SLACK_URL": house.url,
            "SLACK_TOKEN": SLACK_TOKEN,
            "SLACK_SIGNING_SECRET": "not-a-secret",
        }
        named = {f"FOLLOWTHROUGH_{name}": value for name, value in slack.items()}
        assert "chat" not in checked(home, **named)
        faulty = checked(home, **(named | {"FOLLOWTHROUGH_SLACK_TOKEN": "xoxb-not-this-one"}))
    assert "put FOLLOWTHROUGH_SLACK_TOKEN right" in faulty["chat"]
    assert "not-this-one" not in json.dumps(faulty)


def test_a_postgres_is_checked_like_any_database(home: Path, postgres_address: str):
    assert "database" not in checked(home, FOLLOWTHROUGH_DATABASE=postgres_address)
    faulty = checked(home, FOLLOWTHROUGH_DATABASE=f"{postgres_address}_not")
    assert "createdb" in faulty["database"]
    assert "not-a-secret" not in json.dumps(faulty)
