"""What a sweep and an account at risk say of themselves: what is worth, what is grave, and what is really done."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from adapters.playbooks.folder import FolderPlaybooks
from cli.view_detection import of_sweeps
from cli.view_risk import of_open, of_risk
from models.alerts import Alert, AlertEntry, AlertKind, AtRisk, Happens, RiskLevel
from models.calendar import Offset
from models.sweep import SweepReport, Swept

RULES = asyncio.run(FolderPlaybooks(Path("playbooks")).detection())
AT = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
WEEK = Offset(days=7)


def alert(level: RiskLevel, happens: Happens) -> Alert:
    kind = AlertKind.BEHAVIOUR
    return Alert(account_id="acc-1", rule="no_login", kind=kind, level=level, since=AT.date(), happens=happens)


def risk(level: RiskLevel, happens: Happens, severity: str, **more: object) -> AtRisk:
    found = {"account_id": "acc-1", "level": level, "severity": severity, "alerts": (alert(level, happens),)}
    return AtRisk.model_validate(found | more)


def shown(view: RenderableType) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(view)
    return console.export_text()


def test_level_and_severity_are_told_apart() -> None:  # RISK-86, RISK-106
    said = shown(of_risk(risk(RiskLevel.HIGH, Happens.OPEN_CASE, "critical", respond=Offset(minutes=120)), RULES))
    assert "level high: how near to leaving the gravest finding is" in said
    assert "severity critical: what the account is worth to us" in said
    assert "what happens: a case opens: drop everything; all hands on deck; within 2 h" in said


def test_who_gets_a_letter_is_not_told_to_drop_everything() -> None:  # DIS-5
    low = risk(RiskLevel.HIGH, Happens.OUTREACH, RULES.no_case_for, respond=WEEK, resources="Automated/scale")
    said = shown(of_risk(low, RULES))
    assert "drop everything" not in said
    assert "Automated" not in said
    assert "what happens: the letter 'check_in' of the system" in said
    assert "within 7 d" in said


def test_a_larger_account_is_reached_by_a_person() -> None:  # RISK-88
    said = shown(of_risk(risk(RiskLevel.LOW, Happens.OUTREACH, "high", respond=WEEK), RULES))
    assert "whoever leads the account is asked to reach out" in said


@pytest.mark.parametrize(
    ("level", "happens", "state"),
    [
        (RiskLevel.WATCH, Happens.WATCH, "to be watched, not at risk yet"),
        (RiskLevel.NONE, Happens.HYGIENE, "to be put in order, no risk yet"),
    ],
)
def test_what_is_only_watched_or_to_be_put_in_order_is_not_at_risk(
    level: RiskLevel, happens: Happens, state: str
) -> None:  # RISK-89
    said = shown(of_risk(risk(level, happens, "critical"), RULES))
    assert said.splitlines()[0].strip() == state
    assert "deadline" not in said
    assert "within" not in said.split("found")[0].replace("do not intervene", "")


@pytest.mark.parametrize("happens", list(Happens))
def test_no_code_word_is_shown_of_what_happens(happens: Happens) -> None:
    found = alert(RiskLevel.HIGH, happens)
    entry = AlertEntry(**found.model_dump(), id="a-1", raised_at=AT)
    said = shown(of_risk(risk(RiskLevel.HIGH, happens, "high"), RULES)) + shown(of_open([entry]))
    assert "not answered yet; " in said
    assert "_case" not in said
    assert "win_back" not in said


def sweep(**more: object) -> SweepReport:
    swept = Swept(accounts=46, bands={"green": 46})
    return SweepReport.model_validate({"id": "sweep-1", "at": AT, "swept": swept} | more)


@pytest.mark.parametrize(
    ("took", "said"),
    [(timedelta(seconds=7), " 7 s "), (timedelta(milliseconds=300), "under 1 s"), (timedelta(minutes=3), "3 min")],
)
def test_a_sweep_that_is_over_within_seconds_says_how_many(took: timedelta, said: str) -> None:
    assert said in shown(of_sweeps([sweep(finished_at=AT + took)]))


def test_a_sweep_that_found_nothing_new_says_how_many_it_judged() -> None:
    said = shown(of_sweeps([sweep(finished_at=AT + timedelta(seconds=7))]))
    assert "all 46 were judged, nothing new was found of any" in said
    found = shown(of_sweeps([sweep(finished_at=AT + timedelta(seconds=7), became={"open_case": 2})]))
    assert "case opened 2" in found
    assert "nothing new" not in found
