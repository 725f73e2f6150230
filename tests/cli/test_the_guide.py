"""The guide of the conversation reaches whoever holds it, in the customer's language (CONV-14..19, TMPL-26..30)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cli.conftest import Cli

Ask = Callable[..., Any]
STAGES = ["open_honestly", "listen_first", "acknowledge", "propose", "get_commitment"]


def test_the_guide_asks_why_and_leads_through_five_stages(as_json: Ask, cli: Cli) -> None:
    found = as_json("save", "guide", "acc-0001")
    assert [passage["name"] for passage in found["passages"]] == ["whys", *STAGES]  # TMPL-4, CONV-15..19
    shown = cli("save", "guide", "acc-0001").stdout
    assert "2. Listen first" in shown
    assert "never" in shown


def test_one_stage_can_be_asked_for_and_an_unknown_one_is_refused(as_json: Ask, cli: Cli) -> None:
    (only,) = as_json("save", "guide", "acc-0001", "--stage", "listen_first")["passages"]
    assert only["name"] == "listen_first"
    cli("save", "guide", "acc-0001", "--stage", "shouting", code=2)
    cli("save", "guide", "acc-9999", code=4)


def test_the_guide_speaks_the_language_of_whom_one_speaks_with(as_json: Ask) -> None:
    said = {}
    for n in range(1, 41):
        found = as_json("save", "guide", f"acc-{n:04}", "--stage", "listen_first")
        said[found["locale"][:2]] = found["passages"][0]["text"]
        if len(said) > 2:
            break
    assert {"en", "ms", "id"} <= said.keys()
    assert said["en"].startswith("Before I say anything")
    assert len(set(said.values())) == len(said)


def test_a_stage_can_be_given_by_its_number(as_json: Ask, cli: Cli) -> None:
    (only,) = as_json("save", "guide", "acc-0001", "--stage", "4")["passages"]
    assert only["name"] == "propose"
    said = cli("save", "guide", "acc-0001", "--stage", "6", code=2).stderr
    assert "a number from 1 to 5" in said
    assert "Value error" not in said
