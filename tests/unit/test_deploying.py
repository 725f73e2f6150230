"""What ``docker compose up`` starts: pinned images, no default password, nothing open beyond the machine, health checks."""

from __future__ import annotations

import re

import pytest
import yaml

from settings import CHECKOUT, PREFIX, Settings

FILE = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(FILE)["services"]
STAYING = {name: service for name, service in SERVICES.items() if service["restart"] == "unless-stopped"}
ASKED = re.findall(r"\$\{(\w+)(:[-?])", FILE)


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    assert re.search(r":\d+\.\d+[\w.\-]*$", SERVICES[name]["image"])


def test_the_image_of_ours_is_built_on_a_pinned_one_with_hashed_packages() -> None:
    said = (CHECKOUT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:\d+\.\d+\.\d+-", said, re.MULTILINE)
    assert "--require-hashes -r requirements.lock" in said
    assert re.search(r"^USER (?!root)", said, re.MULTILINE)


@pytest.mark.parametrize("name", STAYING)
def test_what_stays_says_whether_it_is_healthy(name: str) -> None:
    assert STAYING[name]["healthcheck"]["test"]


def test_there_are_temporal_its_page_two_databases_a_worker_and_the_web_program() -> None:
    assert set(STAYING) == {"temporal", "temporal-page", "temporal-db", "followthrough-db", "worker", "web"}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_listens_beyond_this_machine(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_no_password_of_a_database_has_a_default() -> None:
    passwords = [(name, way) for name, way in ASKED if "DB_PASSWORD" in name]
    assert passwords
    assert {way for _, way in passwords} == {":?"}
    given = [value for service in SERVICES.values() for key, value in service["environment"].items() if "PASS" in key]
    assert all(value.startswith("${") for value in given)


def test_the_example_names_each_value_that_must_be_set() -> None:
    example = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    needed = {name for name, way in ASKED if way == ":?"}
    assert needed <= set(re.findall(r"^(\w+)=$", example, re.MULTILINE))


@pytest.mark.parametrize("name", ["migrate", "worker", "web"])
def test_every_setting_that_it_gives_is_one(name: str) -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    given = {key for key in SERVICES[name]["environment"] if key.startswith(PREFIX)}
    assert given
    assert given <= known
