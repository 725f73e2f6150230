"""Reviews by the calendar from the command line: begin one, read its page, confirm it once (RISK-121, SAVE-23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import CSM, MANAGER, Cli, Instance, eventually, run
from tests.company import SUPPORT

Ask = Callable[..., Any]
STRATEGIC, THEIR_NAME = "acc-0001", "Gerbang Selatan Logistik Sdn Bhd"
NOTES = "went through all of them; two worry me, both lost their champion"


@pytest.fixture(scope="module")
def instance(own_instance: Instance) -> Instance:
    """The calendar's reviews are of everybody."""
    return own_instance


def begun(as_json: Ask, review: str, subject: str) -> str:
    """The name of the review of this period, once its page is there."""
    answer = as_json("review", "start", review, "--subject", subject)
    (name,) = answer["begun"] + answer["known"]
    eventually(lambda: any(one["name"] == name for one in as_json("review", "list", "--all")["reviews"]))
    eventually(lambda: as_json("review", "show", name)["page"] != "")
    return str(name)


def listed(as_json: Ask, name: str, *more: str) -> list[tuple[str, str | None]]:
    """Whom the review of that name asks, and how it ended, as the list has it."""
    found = as_json("review", "list", *more)["reviews"]
    return [(one["person"], one["outcome"]) for one in found if one["name"] == name]


def test_the_list_has_what_waits_for_whom_and_when_each_kind_is_asked_for_again(cli: Cli, as_json: Ask) -> None:
    name = begun(as_json, "portfolio", CSM)
    eventually(lambda: listed(as_json, name, "--person", CSM) != [])
    ((person, outcome),) = listed(as_json, name, "--person", CSM)
    assert (person, outcome) == (CSM, None)
    assert as_json("review", "list", "--person", SUPPORT)["reviews"] == []
    assert set(as_json("review", "list")["next"]) >= {"portfolio", "stand_up", "health_audit"}
    assert name in cli("review", "list").stdout


def test_a_round_begins_a_review_once_for_its_period(cli: Cli, as_json: Ask) -> None:
    name = begun(as_json, "portfolio", CSM)
    assert as_json("review", "start", "portfolio", "--subject", CSM) == {"begun": [], "known": [name], "nobody": []}
    assert f"begun before: {name}" in cli("review", "start", "portfolio", "--subject", CSM).stdout


def test_a_review_of_no_such_name_is_refused_with_those_that_there_are(cli: Cli) -> None:
    assert "the calendar has: " in cli("review", "start", "wishful", code=4).output
    assert "'review list --all'" in cli("review", "show", "portfolio.usr-99.2026-W01", code=4).output
    unknown = cli("review", "confirm", "portfolio.usr-99.2026-W01", "--by", CSM, "--notes", NOTES, code=4)
    assert "there is no review 'portfolio.usr-99.2026-W01'" in unknown.output


def test_a_review_of_somebody_who_has_none_is_refused_with_those_who_have(cli: Cli) -> None:
    refused = cli("review", "start", "portfolio", "--subject", SUPPORT, code=4)
    assert f"'portfolio' is not held of '{SUPPORT}' now" in refused.output
    assert CSM in refused.output


@pytest.mark.parametrize("notes", ["", " ", "ok"])
def test_a_note_that_says_nothing_confirms_nothing(cli: Cli, as_json: Ask, notes: str) -> None:
    name = begun(as_json, "strategic_account", "acc-0006")
    owner = as_json("review", "show", name)["status"]["steps"][0]["person"]
    assert "EvidenceMissing" in cli("review", "confirm", name, "--by", owner, "--notes", notes, code=3).output
    assert as_json("review", "show", name)["status"]["outcome"] is None


def test_a_stranger_confirms_nothing_and_is_told_for_whom_it_is(cli: Cli, as_json: Ask) -> None:
    name = begun(as_json, "strategic_account", "acc-0006")
    owner = as_json("review", "show", name)["status"]["steps"][0]["person"]
    refused = cli("review", "confirm", name, "--by", "usr-99", "--notes", NOTES, code=3).output
    assert f"'usr-99' has no part in {name}: it is asked of {owner};" in refused
    assert as_json("review", "show", name)["status"]["outcome"] is None


def test_what_was_confirmed_counts_once(cli: Cli, as_json: Ask, instance: Instance) -> None:
    name = begun(as_json, "portfolio", CSM)
    confirm = ("review", "confirm", name, "--by", CSM, "--notes", NOTES)
    assert f"{name} is held" in cli(*confirm).stdout
    assert f"{name} is held" in cli(*confirm).stdout  # sent again
    eventually(lambda: as_json("review", "show", name)["status"]["outcome"] == "held")
    assert f"{name} is held" in cli(*confirm).stdout
    for other in (("--by", MANAGER, "--notes", NOTES), ("--by", CSM, "--notes", f"{NOTES}; and a third")):
        assert "CaseClosed" in cli("review", "confirm", name, *other, code=3).output
    ended = as_json("review", "show", name)["status"]
    assert [step["evidence"]["text"] for step in ended["steps"]] == [NOTES]
    shown = run(instance.home, "review", "show", name, COLUMNS="40").stdout
    assert NOTES in shown
    assert as_json("review", "show", name)["page"].strip() in shown  # as it was written, no line of a table broken
    assert name not in [one["name"] for one in as_json("review", "list")["reviews"]]


def test_the_page_of_a_strategic_account_names_it(as_json: Ask) -> None:
    page = as_json("review", "show", begun(as_json, "strategic_account", STRATEGIC))["page"]
    assert page.splitlines()[0].endswith(f": {THEIR_NAME} ({STRATEGIC})")


def test_cases_are_listed_and_shown_by_the_name_of_a_review(cli: Cli, as_json: Ask) -> None:
    of_one, of_account = begun(as_json, "portfolio", CSM), begun(as_json, "strategic_account", STRATEGIC)
    shown = cli("case", "list").stdout
    assert of_one in shown
    assert of_account in shown
    assert cli("case", "show", f"review:{of_one}").stdout.startswith(f"{of_one} · review")
    assert cli("case", "show", f"review:{of_account}").stdout.startswith(f"{of_account} · {THEIR_NAME} ({STRATEGIC}) ")
