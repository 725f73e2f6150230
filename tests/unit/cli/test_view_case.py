"""A case on a terminal: the day on top, what is late told apart from what comes, and no id broken in its middle."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console, RenderableType

from cli.cases import Seen
from cli.desk import Names
from cli.menu import of_causes
from cli.save_offers import Register, of_register
from cli.view_case import of_answer, of_cases, of_status
from cli.view_history import of_history
from models.account import Money
from models.book import CaseEntry
from models.case import TimelineEvent
from models.commands import Answered
from models.concession import Approval, ApprovalState, Offer, OfferState
from models.directory import DirectoryPerson
from models.menu import CauseLine
from models.status import Status, StepStatus
from models.step import StepState

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
NAMES = Names(
    (
        DirectoryPerson(id="usr-04", name="Hana", email="h@f.example"),
        DirectoryPerson(id="usr-06", name="Rizal", email="r@f.example"),
    )
)
SEATS = {"csm": "usr-04", "engineering": "usr-06"}


def step(id_: str, hours: int | None, state: StepState = StepState.OPEN, **more: Any) -> StepStatus:
    due = None if hours is None else NOW + timedelta(hours=hours)
    late = hours is not None and hours <= 0 and state is StepState.OPEN
    return StepStatus(id=id_, title=f"do {id_}", owner="csm", due=due, state=state, overdue=late, **more)


def case(*steps: StepStatus) -> Status:
    first = min((each.due for each in steps if each.due), default=None)
    return Status(
        case_id="c-1",
        kind="save",
        account_id="acc-1",
        stage="executing",
        as_of=NOW,
        opened_at=NOW - timedelta(days=9),
        next_due=first,
        next_wake=NOW + timedelta(hours=1),
        overdue=tuple(each.id for each in steps if each.overdue),
        steps=steps,
    )


def shown(view: RenderableType, width: int = 100) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(view)
    return console.export_text()


def status(*steps: StepStatus, seats: Mapping[str, str] = SEATS) -> str:
    return shown(of_status(Seen(case(*steps)), "Acme (acc-1)", NAMES, seats))


def test_a_step_whose_day_has_come_says_what_it_waits_for():  # OFFB-4
    first = {"waits_for": ("the talk",), "opens": NOW - timedelta(days=2)}
    said = shown(of_status(Seen(case(step("reduce", -9, StepState.WAITING, **first))), "Acme", NAMES, SEATS))
    assert "blocked" in said
    assert "waits for: the talk" in said
    ahead = {"waits_for": ("the talk",), "opens": NOW + timedelta(days=2)}
    said = shown(of_status(Seen(case(step("reduce", 90, StepState.WAITING, **ahead))), "Acme", NAMES, SEATS))
    assert "waits for" not in said


def test_what_is_late_since_when_and_what_comes_next_are_told_apart() -> None:
    said = status(step("a", -30), step("b", -2), step("c", 5), step("d", 50))
    assert "2 overdue, oldest since 2026-11-28 03:00" in said
    assert "next due 2026-11-29 14:00" in said


def test_where_nothing_is_late_only_what_comes_is_told() -> None:
    said = status(step("c", 5))
    assert "nothing overdue" in said and "next due 2026-11-29 14:00" in said


def test_the_day_stands_above_the_plan() -> None:
    late = [step(f"late_{n}", -n - 1) for n in range(7)]
    lines = status(*late, step("today_1", 5), step("next_1", 50), step("later", None, StepState.WAITING)).splitlines()
    places = {name: next(n for n, text in enumerate(lines) if f" {name} " in f" {text} ") for name in
              ("late_6", "today_1", "next_1", "late_0", "later")}  # fmt: skip
    assert list(places) == sorted(places, key=places.__getitem__)
    assert max(len(text) for text in lines) <= 100
    assert any("and 2 more steps below" in text for text in lines)
    assert sum(text.split()[:1] == ["today_1"] for text in lines) == 1  # whole, in the plan below


def test_a_waiting_step_names_who_holds_the_seat() -> None:
    assert "Hana (usr-04)" in status(step("later", None, StepState.WAITING))
    assert "Hana" not in status(step("later", None, StepState.WAITING), seats={})


def test_an_answer_names_a_moment_ahead_and_since_when_something_is_late() -> None:
    answered = Answered(said="done", stage="executing", next_due=NOW, overdue_since=NOW - timedelta(days=1))
    assert "overdue since 2026-11-28 09:00 UTC, next due 2026-11-29 09:00 UTC" in shown(of_answer(answered))
    assert "nothing is due" in shown(of_answer(Answered(said="done", stage="executing")))


def event(n: int, text: str, step_id: str | None = None, at: datetime = NOW) -> TimelineEvent:
    return TimelineEvent(n=n, at=at, kind="rerouted" if step_id else "told", text=text, step=step_id)


def test_what_happened_alike_to_many_steps_at_once_is_one_line() -> None:
    away = "usr-04 is away or inactive; usr-06 takes over"
    said = shown(of_history([event(n, away, f"step_{n}") for n in range(15)], NAMES), 140)
    assert said.count("rerouted") == 1
    assert "15 steps (step_0, step_1," in said
    later = event(16, away, "step_16", NOW + timedelta(hours=1))
    assert shown(of_history([event(1, away, "step_1"), later], NAMES)).count("rerouted") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("usr-04 was told (due: a)", "Hana (usr-04) was told (due: a)"),
        ("csm: usr-04 -> usr-06.", "csm: Hana (usr-04) -> Rizal (usr-06)."),
        ("Hana (usr-04) has left", "Hana (usr-04) has left"),
        ("usr-040, usr-04-1 and mail usr-04@f.example/x", "usr-040, usr-04-1 and mail usr-04@f.example/x"),
        ("usr-77 was told", "usr-77 was told"),
    ],
)
def test_a_bare_id_in_the_history_gets_its_name(text: str, said: str) -> None:
    assert NAMES.in_text(text) == said


def test_every_approval_is_listed_with_who_decided_and_when() -> None:
    offer = Offer(
        id="offer_1", title="bridge", state=OfferState.APPROVED, cost_per_year=Money(minor=100, currency="USD")
    )
    done = Approval(
        id="approval_1",
        subject="offer_1",
        role="cs_manager",
        state=ApprovalState.APPROVED,
        decided_by="usr-06",
        decided_at=NOW,
        reason="fair",
    )
    said = shown(of_register(Register(offers=(offer,), approvals=(done,), judge=("the price",)), NAMES, NOW))
    assert "cs_manager: Rizal (usr-06)" in said and "2026-11-29 09:00" in said and "fair" in said
    assert "Before you decide" not in said


@pytest.mark.parametrize("width", [80, 100])
def test_no_id_is_broken_in_its_middle(width: int) -> None:
    line = CauseLine(
        code="fundamental_mismatch",
        title="The product does not solve their real problem at all",
        category="product_fit",
        playbook="competitive_threat",
        modules=("alternative_solution", "executive_engagement"),
    )
    said = shown(of_causes([line]), width)
    assert {"fundamental_mismatch", "competitive_threat", "executive_engagement"} <= set(said.split())


def test_the_list_says_of_whoever_leads_a_case_that_they_have_left() -> None:
    names = Names((DirectoryPerson(id="usr-05", name="Farouk", email="f@f.example", active=False),))
    entry = CaseEntry(
        case_id="c-1",
        workflow_id="save:acc-1",
        kind="save",
        account_id="acc-1",
        stage="opened",
        owner="usr-05",
        opened_at=NOW,
        as_of=NOW,
        revision=1,
    )
    assert "Farouk (usr-05), has left" in shown(of_cases([entry], names, NOW), width=160)
    there = entry.model_copy(update={"owner": "usr-04"})
    assert "has left" not in shown(of_cases([there], NAMES, NOW), width=160)
