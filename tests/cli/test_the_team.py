"""People go on leave, leave, and hand over; mail is stopped and let go; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import MANAGER, Cli, Instance, eventually, run

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def instance(own_instance: Instance) -> Instance:
    """Whoever goes away is gone for every account; no two of these tests send the same person away."""
    return own_instance


def opened(instance: Instance, account: str, by: str) -> None:
    result = run(instance.home, "save", "open", account, "--by", by, "--reason", "budget_absolute")
    assert result.exit_code == 0, result.output


def owner_of(as_json: Ask, account: str, step: str) -> str | None:
    steps = as_json("save", "status", account)["steps"]
    return next(each["person"] for each in steps if each["id"] == step)


def test_a_handover_moves_seats_and_open_cases_and_may_be_given_again(
    instance: Instance, cli: Cli, as_json: Ask
) -> None:
    opened(instance, "acc-0016", "usr-03")
    done = as_json("handover", "usr-05", "usr-01", "--by", MANAGER, "--role", "csm")
    assert {"acc-0016", "acc-0041", "acc-0043"} <= {seat["account_id"] for seat in done["handed"]}
    assert [seat["account_id"] for seat in done["handed"] if seat["case_told"]] == ["acc-0016"]
    assert owner_of(as_json, "acc-0016", "contact_call") == "usr-01"
    assert as_json("handover", "usr-05", "usr-01", "--by", MANAGER, "--role", "csm")["handed"] == []


def test_a_handover_by_somebody_who_may_not_changes_nothing(cli: Cli, as_json: Ask) -> None:
    assert "NotAllowed" in cli("handover", "usr-06", "usr-01", "--by", "usr-06", code=3).stderr
    cli("handover", "usr-06", "usr-01", "--by", "usr-99", code=4)


def test_a_handover_goes_to_somebody_who_is_there(cli: Cli) -> None:
    assert "usr-99" in cli("handover", "usr-05", "usr-99", "--by", MANAGER, code=4).stderr
    assert "the same person" in cli("handover", "usr-05", "usr-05", "--by", MANAGER, code=2).stderr


def test_what_an_absent_person_owes_goes_to_their_deputy(instance: Instance, as_json: Ask) -> None:
    opened(instance, "acc-0014", "usr-03")
    assert owner_of(as_json, "acc-0014", "contact_call") == "usr-03"
    told = as_json("absence", "usr-03", "--from", "2020-01-01", "--until", "2099-01-01")
    assert "acc-0014" in told["cases_told"]
    eventually(lambda: owner_of(as_json, "acc-0014", "contact_call") == "usr-01")


def test_what_somebody_who_left_owes_goes_to_their_deputy(instance: Instance, as_json: Ask) -> None:
    opened(instance, "acc-0018", "usr-04")
    assert "acc-0018" in as_json("deactivate", "usr-04")["cases_told"]
    eventually(lambda: owner_of(as_json, "acc-0018", "contact_call") == "usr-06")
    assert {person["id"]: person["active"] for person in as_json("people")}["usr-04"] is False
    no = as_json("incident", "open", "Exports fail", "--by", "usr-04", code=3)["error"]
    assert (no["type"], no["sentence"]) == ("NotAllowed", "'usr-04' is deactivated and may not give commands")


def test_while_all_is_paused_mail_waits_and_then_leaves(instance: Instance, cli: Cli, as_json: Ask) -> None:
    def letters(state: str) -> int:
        return len(as_json("outbox", "list", "--state", state, "--case", "acc-0021"))

    cli("pause-all", "--by", MANAGER, "--reason", "a wrong template went out")
    try:
        opened(instance, "acc-0021", "usr-01")
        eventually(lambda: "acc-0021" in {entry["account_id"] for entry in as_json("case", "list", "--open")})
        eventually(lambda: letters("held") > 0)
        assert letters("sent") == 0
        assert "outgoing mail is paused" in cli("outbox", "list").stdout
    finally:
        told = as_json("resume-all", "--by", MANAGER)
    assert "acc-0021" in told["cases_told"]
    eventually(lambda: letters("held") == 0 and letters("sent") > 0)


def test_a_case_is_told_to_try_again_and_none_is_stuck(instance: Instance, cli: Cli, as_json: Ask) -> None:
    opened(instance, "acc-0024", "usr-01")
    cli("case", "retry", "acc-0024", "--by", "usr-01")
    assert "acc-0024" not in {each["account_id"] for each in as_json("case", "stuck")}
