"""The dashboard and the reports from the command line; they read the book alone and need no server (F.15, F.16)."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.book import BookBatch
from models.incident import IncidentKind, IncidentLink
from models.metrics import CaseRecord
from parts import open_parts
from settings import Settings
from tests.cli.conftest import MANAGER, SAMPLE, run
from tests.unit.rules.metrics.measured import ago, left, promise, save, win_back

Ask = Callable[..., Any]
WORDS = [{"question": "differently", "text": "we needed a bulk import"}]
LONG_AGO = {"asked": 2500, "closed": 2490}
GAP: dict[str, Any] = {"may_tell": True, "churn_reason": "missing_feature", "answers": WORDS}
GONE = tuple(left(f"acc-000{n}", **LONG_AGO, **GAP) for n in (1, 4, 5))
BOOK: tuple[CaseRecord, ...] = (
    *GONE,
    left("acc-0006", **LONG_AGO, churn_reason="service", clean_break=True),
    win_back("acc-0001", opened_at=ago(2490)),
    save("acc-0007", contact=20, verified=None, commitments=[promise(5, "done", breached_at=ago(4), done_at=ago(3))]),
    save("acc-0009", "lost", contact=60),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose book has a few cases, and a register with a gap that is still open."""
    folder = tmp_path_factory.mktemp("metrics")
    portfolio = folder / "sample"
    shutil.copytree(SAMPLE, portfolio, ignore=shutil.ignore_patterns("running", "usage.csv", "tickets.csv"))
    assert run(folder, "import", str(portfolio)).exit_code == 0
    asyncio.run(_fill(folder))
    return folder


async def _fill(home: Path) -> None:
    async with open_parts(Settings(home=home)) as parts:
        for record in BOOK:
            written = {"steps": record.steps, "commitments": record.commitments, "timeline": record.timeline}
            await parts.book.write(BookBatch(key=record.case.case_id, case=record.case, **written))
        await parts.incidents.open("inc-1", IncidentKind.PRODUCT_GAP, "No bulk import", "usr-12")
        for record in (*GONE[:1], BOOK[3]):
            account = record.case.account_id
            known = {"case_id": record.case.case_id, "account_id": account, "workflow_id": account}
            await parts.incidents.link("inc-1", IncidentLink(**known, by="usr-12", at=ago(20)))


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A copy of that home, so that no test finds what another did."""
    return Path(shutil.copytree(filled, tmp_path / "home"))


async def _close_the_gap(home: Path) -> None:
    async with open_parts(Settings(home=home)) as parts:
        await parts.incidents.add_progress("inc-1", "usr-12", "bulk import is out", closes=True)


@pytest.fixture
def ask(home: Path) -> Ask:
    def call(*arguments: str, code: int = 0) -> Any:
        result = run(home, *arguments, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    return call


def test_the_dashboard_says_part_and_whole_and_invents_no_share(ask: Ask) -> None:
    found = {metric["id"]: metric for metric in ask("metrics")["metrics"]}
    assert len(found) == 17
    rate = found["METR-12"]["readings"][0]
    assert (rate["part"], rate["whole"], rate["share"]) == (1, 2, 0.5)
    kept = found["METR-16"]["readings"][0]
    assert (kept["part"], kept["whole"]) == (0, 1)
    assert found["METR-14"]["said"] == "nothing measured yet"
    assert found["METR-14"]["readings"][0]["share"] is None


def test_on_a_terminal_a_line_of_the_source_is_marked_as_a_claim(home: Path) -> None:
    shown = run(home, "metrics", COLUMNS="100").stdout
    assert "BENCH-1 (000:L9): above 40 % with systematic playbooks [unverified claim of the source]" in shown
    assert "50 % (1 of 2)" in shown
    assert " 0 % (0 of 0)" not in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_a_period_leaves_out_what_was_decided_outside_it(ask: Ask) -> None:
    before = ask("metrics", "--to", "2020-01-31")
    assert {metric["said"] for metric in before["metrics"] if metric["id"] in ("METR-3", "METR-12")} == {
        "nothing measured yet"
    }
    assert ask("metrics", "--from", "2026-02-01", "--to", "2026-01-31", code=2)["error"]["type"] == "Usage"


def test_the_steps_of_one_plan_are_timed(ask: Ask) -> None:
    (row,) = ask("report", "durations", "--plan", "product_technical")
    assert (row["step"], row["ended"], row["late"], row["with_due"]) == ("contact_call", 2, 1, 2)
    assert ask("report", "durations", "--plan", "nowhere", code=4)["error"]["type"] == "UnknownPlaybook"


def test_the_themes_and_their_digest_name_the_pattern_and_who_hears_of_it(ask: Ask, home: Path) -> None:
    found = {theme["name"]: theme for theme in ask("report", "themes")["reasons"]}
    assert found["missing_feature"]["told"] == ["product", "leadership"]
    assert not found["service"]["pattern"]
    digest = run(home, "report", "themes", "--digest").stdout
    assert "For product (product_manager, engineering)\n  missing_feature: 3 customers" in digest
    assert '"we needed a bulk import" (acc-0001)' in digest


def test_the_patterns_of_a_period_reach_whoever_can_change_something_once(ask: Ask, home: Path) -> None:  # OFFB-36
    days = ("--from", "2010-01-01", "--to", "2030-01-01")
    assert "once for a period" in ask("report", "themes", "--send", code=2)["error"]["sentence"]
    assert "to be told" in run(home, "report", "themes", *days).stdout
    first = ask("report", "themes", *days, "--send")
    assert first["sent"]
    assert first["kept_back"] == []
    assert ask("report", "themes", *days, "--send") == first
    letters = asyncio.run(_patterns(home))
    assert sorted(letters) == sorted(first["sent"])
    assert all("missing_feature: 3 " in text for text in letters.values())
    assert "to be told" not in run(home, "report", "themes", *days).stdout


async def _patterns(home: Path) -> dict[str, str]:
    async with open_parts(Settings(home=home)) as parts:
        found = [entry for entry in await parts.outbox.entries() if entry.key.startswith("patterns/")]
        return {entry.key.rsplit("/", 1)[1]: entry.letter.text for entry in found if entry.state == "sent"}


def test_the_dashboard_lists_reasons_and_who_could_be_won_back(ask: Ask, home: Path) -> None:  # OFFB-59
    found = ask("metrics")
    assert found["churn_reasons"] == [{"reason": "missing_feature", "count": 3}, {"reason": "service", "count": 1}]
    assert [(one["account_id"], one["reason"]) for one in found["candidates"]] == [("acc-0001", "missing_feature")]
    assert "re-engagement candidates: acc-0001 (missing_feature" in " ".join(run(home, "metrics").stdout.split())


def test_the_loop_is_closed_with_who_named_a_fixed_gap_and_wants_to_hear_of_it(ask: Ask, home: Path) -> None:
    assert ask("report", "loop") == []

    asyncio.run(_close_the_gap(home))
    found = {entry["account_id"]: entry for entry in ask("report", "loop")}
    assert {account: entry["blocked"] for account, entry in found.items()} == {
        "acc-0001": "",
        "acc-0006": "clean break: they want no contact",
    }
    assert found["acc-0001"]["letter"] == "fixed_what_you_named"
    assert "may be written to" in run(home, "report", "loop").stdout


def test_nobody_is_told_against_a_clean_break_or_of_what_is_not_fixed(ask: Ask, home: Path) -> None:  # OFFB-37, OFFB-51
    assert ask("winback", "tell", "acc-0006", "--by", MANAGER, code=4)["error"]["type"] == "NothingFixed"
    asyncio.run(_close_the_gap(home))
    said = ask("winback", "tell", "acc-0006", "--by", MANAGER, code=3)["error"]
    assert (said["type"], "clean break" in said["sentence"]) == ("NotAllowed", True)
    assert ask("winback", "tell", "acc-0004", "--by", MANAGER, code=4)["error"]["type"] == "NothingFixed"
    assert ask("winback", "tell", "acc-0001", "--incident", "inc-9", "--by", MANAGER, code=4)["error"]
