"""An incident that many cases share, from the command line: recorded once, told to all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cli.conftest import CSM, MANAGER, Cli, Instance, OpenSave, eventually

Ask = Callable[..., Any]


def shared(as_json: Ask, account: str) -> list[tuple[str, int]]:
    return [(one["id"], one["number"]) for one in as_json("save", "status", account)["incidents"]]


def test_progress_reaches_every_linked_case_and_a_later_one_at_once(
    as_json: Ask, cli: Cli, instance: Instance, save: OpenSave
) -> None:
    other = next(instance.free)
    as_json("save", "open", other, "--by", CSM, "--reason", "missing_feature")
    in_book = lambda: {save.account, other} <= {e["account_id"] for e in as_json("case", "list", "--open")}  # noqa: E731
    eventually(in_book)
    title = "Export of large files fails"
    assert as_json("incident", "open", title, "--by", MANAGER, "--id", "exp-1")["kind"] == "incident"
    assert as_json("incident", "link", "exp-1", save.account, "--by", save.csm)["cases_told"] == [save.account]
    told = ("incident", "progress", "exp-1", "--text", "fix in test", "--estimate", "2099-12-04", "--by", MANAGER)
    assert as_json(*told, "--number", "1")["cases_told"] == [save.account]
    as_json(*told, "--number", "1")
    eventually(lambda: shared(as_json, save.account) == [("exp-1", 1)])
    as_json("incident", "link", "exp-1", other, "--by", MANAGER)
    eventually(lambda: shared(as_json, other) == [("exp-1", 1)])
    as_json("incident", "close", "exp-1", "--text", "all sizes are exported", "--by", MANAGER)
    eventually(lambda: shared(as_json, save.account) == shared(as_json, other) == [("exp-1", 2)])
    lines = [e["text"] for e in as_json("save", "status", save.account)["timeline"] if e["kind"] == "incident"]
    assert lines == [
        f"exp-1, progress 1: {title}: fix in test (2099-12-04)",
        f"exp-1, closed: {title}: all sizes are exported",
    ]
    assert "all sizes are exported" in cli("incident", "list").stdout


def test_what_is_not_there_is_named(cli: Cli, save: OpenSave) -> None:
    assert "exp-99" in cli("incident", "show", "exp-99", code=4).stderr
    assert "usr-99" in cli("incident", "open", "Something", "--by", "usr-99", code=4).stderr
    cli("incident", "open", "Something", "--by", MANAGER, "--id", "exp-2")
    for account, case in (("acc-9999", "acc-9999"), (save.account, f"recovery:{save.account}")):
        assert account in cli("incident", "link", "exp-2", case, "--by", MANAGER, code=4).stderr
    said = cli("incident", "link", "exp-2", save.account, "acc-9999", "--by", MANAGER, code=4).stderr
    assert "acc-9999" in said and said.strip().endswith("none of these 2 was linked")
