"""The pages for a conversation, as a CSM asks for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run
from tests.company import moved_in


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    """An instance with the sample and without a server: these pages need none."""
    return moved_in(founded, tmp_path / "home").home


@pytest.fixture
def ask(home: Path) -> Callable[..., Any]:
    def call(*arguments: str) -> Any:
        result = run(home, "save", *arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return call


def test_conv_8_a_brief_is_written_to_a_file_and_names_the_day_of_the_drop(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "brief.md"
    at = ("--at", "2026-11-16T10:10:00+08:00")
    assert run(home, "save", "brief", "acc-0001", "--by", "usr-01", *at, "--out", str(out)).exit_code == 0
    text = out.read_text(encoding="utf-8")
    assert "sudden drop on 17 Oct" in text
    assert "never your own yes: up to 25 %" in text
    assert len(text.split()) <= 450


def test_conv_12_a_given_cause_picks_its_playbook_and_rules_prices_out(ask: Callable[..., Any]) -> None:
    offers = ask("brief", "acc-0013", "--by", "usr-04", "--cause", "no_roi")["brief"]["offers"]
    assert "discount" in offers["blocked"]
    (training,) = [offer for offer in offers["approved"] if offer["id"] == "training"]
    assert training["approver"]["role"] == "cs_manager"  # nobody approves their own


def test_save_10_the_value_of_a_period_is_in_the_language_of_the_customer(ask: Callable[..., Any]) -> None:
    found = ask("value", "acc-0021", "--from", "2026-08-18", "--until", "2026-11-16")
    (logins,) = [each for each in found["summary"]["quantitative"] if each["now"]["metric"] == "logins"]
    assert (logins["now"]["measured_days"], logins["change_pct"]) == (69, 2)
    assert "diukur pada 69 daripada 90 hari" in found["text"]


def test_play_51_the_return_is_counted_in_cents_of_the_accounts_currency(ask: Callable[..., Any]) -> None:
    model = ask("roi", "acc-0021", "--hours", "1200", "--rate", "85.50")["model"]
    assert model["labour_saved"] == {"minor": 10_260_000, "currency": "MYR"}
    assert model["net"]["minor"] == 10_260_000 - 8_860_050


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ("roi", "acc-0013", "--hours", "5"),
            2,
            "hours saved and their hourly rate belong together; give both or neither",
        ),
        (("roi", "acc-0013", "--avoided", "1.234"), 2, "'1.234' is no amount of money"),
        (("roi", "acc-0013", "--avoided", "lots"), 2, "'lots' is no amount"),
        (("roi", "acc-0013", "--avoided", "NaN"), 2, "'NaN' is no amount"),
        (("value", "acc-0013", "--from", "2026-11-16", "--until", "2026-11-10"), 2, "a period ends after it begins"),
        (("brief", "acc-0013", "--by", "usr-04", "--cause", "wishes"), 4, "There is no root cause 'wishes'"),
        (("brief", "acc-9999", "--by", "usr-04"), 4, "acc-9999"),
        (("brief", "acc-0013", "--by", "usr-99"), 4, "usr-99"),
        (("value", "acc-0013", "--out", "/nowhere/v.md"), 2, "/nowhere/v.md cannot be written"),
    ],
)
def test_what_cannot_be_is_refused_with_one_sentence(
    home: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    result = run(home, "save", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


FALLING = ("value", "acc-0001", "--from", "2026-10-17", "--until", "2026-11-16", "--alternative", "1000")


def test_what_argues_against_us_is_said_before_the_page_and_never_on_it(home: Path) -> None:
    result = run(home, "save", *FALLING)
    assert result.stderr.startswith("before you show it: this argues against us: active users -")
    assert "the alternative costs" in result.stderr
    assert "argues against us" not in result.stdout
    assert len(json.loads(run(home, "save", *FALLING, "--json").stdout)["warnings"]) >= 2


def test_a_page_is_markdown_as_written_in_a_pipe_and_set_for_reading_on_a_terminal(home: Path) -> None:
    piped = run(home, "save", *FALLING).stdout
    assert "\n## " in piped
    assert json.loads(run(home, "save", *FALLING, "--json").stdout)["text"].strip() == piped.strip()
    shown = run(home, "save", *FALLING, FORCE_COLOR="1").stdout
    assert "## " not in shown
    assert "**" not in shown
