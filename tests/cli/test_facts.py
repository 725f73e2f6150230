"""``facts`` from the command line: given by people, sent by a stream, listed with their source, proposed from a text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SAMPLE, run

Ask = Callable[..., Any]
CSM = "usr-01"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample portfolio."""
    folder = tmp_path_factory.mktemp("facts")
    portfolio = folder / "sample"
    shutil.copytree(SAMPLE, portfolio, ignore=shutil.ignore_patterns("running", "tickets.csv", "product"))
    assert run(folder, "import", str(portfolio)).exit_code == 0
    return folder


@pytest.fixture
def ask(home: Path) -> Ask:
    def call(*arguments: str, code: int = 0) -> Any:
        result = run(home, "facts", *arguments, "--json")
        assert result.exit_code == code, f"{arguments}: {result.exit_code}\n{result.output}\n{result.exception!r}"
        return json.loads(result.stdout)

    return call


def known(ask: Ask, account: str) -> set[tuple[str, str, str]]:
    return {(fact["what"], fact["text"], fact["source"]) for fact in ask("show", account)}


def test_the_facts_of_the_sample_are_shown_with_their_files(ask: Ask) -> None:  # RISK-61
    sources = {source for _, _, source in known(ask, "acc-0001")}
    files = {"signals", "submetrics", "payments", "usage", "inbound", "nps"}
    assert sources == {f"csv:{name}.csv" for name in files} | {"crm"}
    assert all(fact["received_at"] or fact["source"] == "crm" for fact in ask("show", "acc-0001"))
    assert ("renewal", "USD 148,200 a year", "crm") in known(ask, "acc-0001")


def test_a_fact_that_a_person_gives_is_there_once_with_who_gave_it(ask: Ask) -> None:  # RISK-13
    said = ("--kind", "decision_maker_replaced", "--detail", "new CFO", "--at", "2026-11-10T09:00Z", "--by", CSM)
    for _ in range(2):
        ask("add", "acc-0004", *said)
    found = [fact for fact in known(ask, "acc-0004") if fact[2] == f"command:{CSM}"]
    assert found == [("risk_signal", f"decision_maker_replaced, new CFO, {CSM}", f"command:{CSM}")]


def test_payments_and_figures_are_given_by_command(ask: Ask) -> None:  # RISK-53, RISK-63..68
    ask("add", "acc-0005", "--kind", "payment_failed", "--at", "2026-11-10", "--by", CSM)
    ask("add", "acc-0005", "--submetric", "champion_status=89.5", "--at", "2026-11-10", "--by", CSM)
    ask("add", "acc-0005", "--kpi", "hours_saved=8", "--target", "10", "--at", "2026-11-10", "--by", CSM)
    found = {fact[:2] for fact in known(ask, "acc-0005") if fact[2] == f"command:{CSM}"}
    assert found == {("payment", "failed"), ("submetric", "champion_status 89.5"), ("kpi", "hours_saved 8, of 10")}


@pytest.mark.parametrize(
    ("said", "code", "why"),
    [
        (("--kind", "mumble"), 3, "'mumble' is no kind of fact"),
        (("--kind", "champion_left", "--at", "2199-01-01"), 3, "lies in the future"),
        (("--kind", "payment_late", "--amount", "12 XXX"), 3, "amounts are not converted"),
        (("--kind", "payment_late", "--amount=-12 USD"), 3, "not negative"),
        (("--submetric", "champion_status=NaN"), 3, "no number"),
        (("--submetric", "champion_status"), 3, "name=value"),
        (("--kind", "champion_left", "--by", "usr-99"), 4, "usr-99"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(ask: Ask, said: tuple[str, ...], code: int, why: str) -> None:
    before = known(ask, "acc-0007")
    by = () if "--by" in said else ("--by", CSM)
    assert why in ask("add", "acc-0007", *said, *by, code=code)["error"]["sentence"]
    assert known(ask, "acc-0007") == before


def test_an_account_that_is_not_there_is_named(ask: Ask) -> None:
    assert "acc-9999" in ask("show", "acc-9999", code=4)["error"]["sentence"]
    assert "acc-9999" in ask("add", "acc-9999", "--kind", "layoffs", "--by", CSM, code=4)["error"]["sentence"]


def test_a_stream_becomes_use_and_facts_once(ask: Ask) -> None:
    file = str(SAMPLE / "stream" / "events.jsonl")
    first, again = ask("ingest", file), ask("ingest", file)
    assert (first["new"], first["known"], first["signals"], first["payments"]) == (11, 0, 1, 1)
    assert (first["accounts"], first["unmapped"]) == (["acc-0003"], {"Theme Changed": 1})
    assert (again["new"], again["known"], again["days_changed"], again["signals"]) == (0, 11, 0, 0)
    assert again["accounts"] == []
    found = known(ask, "acc-0003")
    measured = "active_users 2, key_feature_events 2, logins 3, uploads 1"
    assert ("usage", measured, "segment") in found
    assert (
        "risk_signal",
        "data_export_requested, Data Export Requested (format: csv; tables: all)",
        "segment",
    ) in found
    assert ("payment", "failed, Payment Failed", "segment") in found


def event(id_: str, **more: object) -> dict[str, object]:
    said = {
        "type": "track",
        "messageId": id_,
        "timestamp": "2026-11-17T01:00:00Z",
        "userId": "u-7",
        "event": "Signed In",
    }
    return said | more


def test_good_lines_of_a_stream_are_kept_beside_broken_ones_and_pieces_come_to_the_same(
    ask: Ask, tmp_path: Path
) -> None:
    lines = [
        event("x-1"),  # nobody said yet whose user it is
        event("x-2", type="group", groupId="acc-0009"),
        event("x-3"),
        event("x-4", groupId="acc-9999"),
        event("x-5", timestamp="2199-01-01T00:00:00Z"),
        event("x-3"),
        event("x-7", event="Scrolled", groupId="acc-9999"),  # means nothing, whosever it is
        event("x-8", type="identify", userId="u-8"),
    ]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n{broken\n", encoding="utf-8")
    report = ask("ingest", str(file), code=5)
    assert [error["line"] for error in report["errors"]] == [1, 4, 5, 9]
    assert "whose account" in report["errors"][0]["wrong"] and "acc-9999" in report["errors"][1]["wrong"]
    assert (report["new"], report["unmapped"]) == (2, {"Scrolled": 1, "identify": 1})
    file.write_text(json.dumps(event("x-6")), encoding="utf-8")
    ask("ingest", str(file))
    assert ("usage", "active_users 1, key_feature_events 0, logins 2", "segment") in known(ask, "acc-0009")


def test_a_text_is_answered_with_proposals_that_record_nothing(ask: Ask) -> None:  # RISK-25
    (found,) = ask("match", "Kami tidak melihat ROI.")
    assert (found["code"], found["words"]) == ("no_roi", "tidak melihat roi")
    assert found["meaning"] and found["response"]
    assert ask("match", "Thank you, all is well.") == []


def test_an_import_names_a_kind_that_is_not_known(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "portfolio"
    shutil.copytree(home / "sample", folder)
    with (folder / "signals.csv").open("a", encoding="utf-8") as file:
        file.write("sig-900,acc-0001,2026-11-12T00:00:00Z,mumble,,\n")
    result = run(home, "import", str(folder))
    assert result.exit_code == 5
    assert "signals.csv:8: kind: 'mumble' is not in the signals of detection.yaml" in " ".join(result.output.split())


def test_an_answer_a_ticket_and_a_day_of_use_are_told_by_hand_and_count_once(ask: Ask) -> None:
    for _ in range(2):
        ask("nps", "acc-0002", "3", "--comment", "too slow", "--at", "2026-11-02T09:00", "--by", CSM)
        ask(
            "ticket",
            "acc-0002",
            "--id",
            "T-1",
            "--sentiment",
            "negative",
            "--csat",
            "2",
            "--at",
            "2026-11-02",
            "--by",
            CSM,
        )
        ask("usage", "acc-0002", "2026-11-26", "--logins", "14", "--active-users", "6", "--by", CSM)
    by_hand = [one for one in ask("show", "acc-0002") if one["source"] == f"command:{CSM}"]
    assert sorted(one["what"] for one in by_hand) == ["nps", "ticket", "usage"]
    assert "logins 14" in next(one["text"] for one in by_hand if one["what"] == "usage")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("nps", "acc-0002", "3", "--at", "2099-01-01"), "lies in the future"),
        (("nps", "acc-0002", "3", "--contact", "nobody"), "has no contact 'nobody'"),
        (("usage", "acc-0002", "2099-01-01", "--logins", "1"), "lies in the future"),
        (("usage", "acc-0002", "2026-11-02"), "nothing was measured"),
        (("ticket", "acc-9999", "--id", "T-1"), "no account has the id 'acc-9999'"),
    ],
)
def test_a_measure_that_cannot_be_is_refused_and_kept_nowhere(
    home: Path, ask: Ask, told: tuple[str, ...], said: str
) -> None:
    before = ask("show", "acc-0002")
    refused = run(home, "facts", *told, "--by", CSM)
    assert refused.exit_code in (3, 4)
    assert said in refused.output
    assert ask("show", "acc-0002") == before


@pytest.mark.parametrize("told", [("nps", "acc-0002", "11"), ("ticket", "acc-0002", "--id", "T-1", "--csat", "0")])
def test_a_rating_off_the_scale_is_a_matter_of_usage(home: Path, told: tuple[str, ...]) -> None:
    assert run(home, "facts", *told, "--by", CSM).exit_code == 2


def test_who_has_left_records_no_fact(home: Path, ask: Ask) -> None:
    before = ask("show", "acc-0002")
    for told in (("add", "acc-0002", "--kind", "layoffs"), ("nps", "acc-0002", "3")):
        refused = run(home, "facts", *told, "--by", "usr-05")
        assert refused.exit_code == 3
        assert "'usr-05' is deactivated" in refused.output
    assert ask("show", "acc-0002") == before
