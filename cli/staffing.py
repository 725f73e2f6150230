"""Open cases with steps that nobody has, since nobody of their account could: what is said of them, and who is told."""

from __future__ import annotations

from cli import cases
from cli.case_work import GROUP_NAMES
from cli.desk import Desk
from models.book import CaseEntry, CaseFilter
from models.case import CaseKind
from models.commands import TeamChanged
from models.portfolio import Portfolio
from models.status import StepStatus
from models.step import StepState
from parts import Parts


async def nobodys(parts: Parts, entry: CaseEntry) -> list[tuple[str, str]]:
    """Why the case does not go on, and what to do, where open steps of it have nobody; nothing for any other case."""
    steps = await _without_person(parts, entry)
    if not steps:
        return []
    names, roles = (", ".join(dict.fromkeys(words)) for words in ([s.id for s in steps], [s.owner for s in steps]))
    if entry.kind == CaseKind.REVIEW:
        return [
            ("nobody is there to hold it", f"give somebody the role, then: {cases.key_of(entry)} is asked for anew")
        ]
    assign = f"{GROUP_NAMES[CaseKind(entry.kind)]} assign {entry.account_id}"
    todo = f"a manager gives them people: {assign} ROLE PERSON --by MANAGER, for {roles}; or import the seats of the account"
    return [(f"nobody has its open steps: {names}", todo)]


async def waiting(parts: Parts, portfolio: Portfolio) -> list[tuple[CaseEntry, str]]:
    """The open cases with such steps whose account is given a team by the portfolio, each with one of its people."""
    somebody = {seat.account: seat.person for seat in reversed(portfolio.seats)}
    open_cases = await parts.book.cases(CaseFilter(open_only=True, limit=100_000)) if somebody else ()
    theirs = [case for case in open_cases if case.account_id in somebody]
    return [(case, somebody[case.account_id]) for case in theirs if await _without_person(parts, case)]


async def tell(desk: Desk, told: list[tuple[CaseEntry, str]]) -> None:
    """They hear that there is somebody, and read their team."""
    for case, person in told:
        fact = TeamChanged(person=person)
        await cases.signal_each(desk, [case], fact, f"telling the {case.kind} of {case.account_id} of its team")


async def _without_person(parts: Parts, entry: CaseEntry) -> list[StepStatus]:
    steps = [step.status for step in await parts.book.steps(entry.case_id)]
    return [step for step in steps if step.state is StepState.OPEN and step.person is None]
