"""Reads cases that run elsewhere until now, with what was done already, so that they can be started with their past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from adapters.portfolio import tables
from adapters.portfolio.read import read_file, today_anywhere
from adapters.portfolio.references import Link, linked
from adapters.portfolio.sheet import shown
from models.past_step import PastStep
from models.portfolio import Portfolio, RowError, RunningCaseRow, RunningCases, RunningStepRow
from models.starts import ImportedPast, SaveStart


def read_running(folder: Path, portfolio: Portfolio | None = None, today: date | None = None) -> RunningCases:
    """The cases of cases.csv with their done steps of case_steps.csv, each as the start of a save attempt.

    With a ``portfolio``, rows that name an account or a person outside it are refused. ``today`` is the last day (UTC)
    that anything may have happened on; by default the present one. Never raises for what a file holds: every fault is
    an error with file, line, column and what would be right.
    """
    day = today or today_anywhere()
    cases, steps = read_file(folder, tables.CASES, day), read_file(folder, tables.CASE_STEPS, day)
    errors = [*cases.errors, *steps.errors]
    good_cases, good_steps = tuple(cases.good), tuple(steps.good)
    if portfolio is not None:
        good_cases = linked(tables.CASES.file, good_cases, _case_links(portfolio), errors)
        good_steps = linked(tables.CASE_STEPS.file, good_steps, (_people(portfolio, "by"),), errors)
    opened = {case.account_id: case for case in good_cases}
    faults = [(step, _misplaced(step, opened.get(step.account_id))) for step in good_steps]
    errors.extend(fault for _, fault in faults if fault)
    placed = [step for step, fault in faults if not fault]
    return RunningCases(starts=tuple(_starts(good_cases, placed)), errors=tuple(errors))


def _people(portfolio: Portfolio, column: str) -> Link:
    return Link(column, {row.id for row in portfolio.people}, tables.PEOPLE.file)


def _case_links(portfolio: Portfolio) -> tuple[Link, ...]:
    accounts = Link("account_id", {row.id for row in portfolio.accounts}, tables.ACCOUNTS.file)
    return accounts, _people(portfolio, "opened_by")


def _misplaced(step: RunningStepRow, case: RunningCaseRow | None) -> RowError | None:
    """Why a step belongs to no case, or None where it does."""
    if case is None:
        field, wrong = (
            "account_id",
            f"{shown(step.account_id)} has no case in {tables.CASES.file}, or it has a fault there",
        )
        right = f"the account_id of a case in {tables.CASES.file}"
    elif step.at < case.opened_at:
        field, wrong = "at", f"the step was done before its case was opened, {case.opened_at.isoformat()}"
        right = f"a moment that is not before opened_at on line {case.line} of {tables.CASES.file}"
    else:
        return None
    return RowError(file=tables.CASE_STEPS.file, line=step.line, field=field, wrong=wrong, right=right)


def _starts(cases: Sequence[RunningCaseRow], steps: Sequence[RunningStepRow]) -> Iterator[SaveStart]:
    for case in cases:
        done = sorted((step for step in steps if step.account_id == case.account_id), key=lambda step: step.at)
        yield SaveStart(
            account_id=case.account_id,
            opened_by=case.opened_by,
            reason=case.reason,
            playbook=case.playbook,
            past=ImportedPast(
                opened_at=case.opened_at,
                root_cause=case.root_cause,
                whys=case.whys,
                done=tuple(
                    PastStep(step_id=step.step_id, by=step.by, at=step.at, evidence=step.evidence) for step in done
                ),
            ),
        )
