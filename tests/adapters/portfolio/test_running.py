"""Cases that ran elsewhere before, brought in with their past."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters.portfolio.running import read_running
from models.portfolio import RunningCases

TODAY = date(2026, 11, 15)
CASES = "account_id,opened_at,opened_by,reason,playbook,root_cause,whys\n"
STEPS = "account_id,step_id,by,at,evidence\n"
ONE = "acc-1,2026-11-04T08:00:00+07:00,usr-1,missing_feature,product_technical,missing_feature,Slow|No import\n"


def running(company: Any, cases: str = ONE, steps: str = "") -> RunningCases:
    company.exports("cases", CASES + cases).exports("case_steps", STEPS + steps)
    return read_running(company.folder, company.read(), TODAY)


def test_a_case_is_started_with_its_past_in_the_order_it_happened(company: Any) -> None:
    found = running(
        company,
        steps="acc-1,escalate,usr-2,2026-11-05T02:00:00Z,escalation 52\n"
        "acc-1,weekly_update/1,usr-1,2026-11-04T03:00:00Z,email 88\n",
    )
    assert found.errors == ()
    (start,) = found.starts
    assert (start.account_id, start.opened_by, start.playbook) == ("acc-1", "usr-1", "product_technical")
    assert start.past is not None
    assert start.past.opened_at == datetime(2026, 11, 4, 1, tzinfo=UTC)
    assert start.past.whys == ("Slow", "No import")
    assert [(step.step_id, step.by) for step in start.past.done] == [
        ("weekly_update/1", "usr-1"),
        ("escalate", "usr-2"),
    ]


def test_a_case_whose_cause_is_not_known_yet_starts_without_one(company: Any) -> None:
    (start,) = running(company, "acc-1,2026-11-04T08:00:00Z,usr-1,budget,,,\n").starts
    assert start.playbook is None
    assert start.past is not None
    assert (start.past.root_cause, start.past.whys, start.past.done) == (None, (), ())


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("acc-9,2026-11-04T08:00:00Z,usr-1,x,,,\n", "account_id: 'acc-9' is not in accounts.csv"),
        ("acc-1,2026-11-04T08:00:00Z,usr-9,x,,,\n", "opened_by: 'usr-9' is not in people.csv"),
        ("acc-1,2026-12-04T08:00:00Z,usr-1,x,,,\n", "opened_at: '2026-12-04T08:00:00Z' does not fit"),
        ("acc-1,2026-11-04T08:00:00Z,usr-1,,,,\n", "reason: the cell is empty"),
        ("acc-1,2026-11-04T08:00:00Z,usr-1,x,,y,a|b|c|d|e|f\n", "one to five whys separated by '|'"),
        ("acc-1,2026-11-04T08:00:00Z,usr-1,x,,y,a||c\n", "one to five whys separated by '|'"),
    ],
)
def test_a_case_with_a_fault_is_not_started(company: Any, case: str, says: str) -> None:
    found = running(company, case)
    assert found.starts == ()
    assert len(found.errors) == 1
    assert str(found.errors[0]).startswith("cases.csv:2: ")
    assert says in str(found.errors[0])


def test_one_account_has_one_running_case(company: Any) -> None:
    found = running(company, ONE + ONE)
    assert len(found.starts) == 1
    assert "account_id 'acc-1' was given before, on line 2" in str(found.errors[0])


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("acc-2,ack_call,usr-1,2026-11-05T02:00:00Z,call 1", "account_id: 'acc-2' has no case in cases.csv"),
        ("acc-1,ack_call,usr-1,2026-11-03T02:00:00Z,call 1", "at: the step was done before its case was opened"),
        ("acc-1,ack_call,usr-9,2026-11-05T02:00:00Z,call 1", "by: 'usr-9' is not in people.csv"),
        ("acc-1,ack_call,usr-1,2026-11-05T02:00:00Z,", "evidence: the cell is empty"),
        ("acc-1,Ack Call,usr-1,2026-11-05T02:00:00Z,call 1", "step_id: 'Ack Call' does not fit"),
    ],
)
def test_a_done_step_belongs_to_a_case_and_is_proven(company: Any, step: str, says: str) -> None:
    found = running(company, steps=step + "\n")
    assert [len(start.past.done) for start in found.starts if start.past] == [0]
    assert str(found.errors[0]).startswith(f"case_steps.csv:2: {says}")
