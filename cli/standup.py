"""``team standup``: what a team speaks of today, and one confirmation for the stand-up step of all its cases (SAVE-23)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from adapters.playbooks.folder import FolderPlaybooks
from cli import cases, view_standup
from cli.codes import ExitCode
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure
from cli.team import open_cases
from models.base import Record
from models.book import CaseEntry, CaseFilter
from models.case import CaseKind
from models.commands import CompleteStep, EvidenceGiven
from models.contract_names import NAMES
from models.faults import TransientFault
from models.policy import Policy
from models.review import ConfirmReview
from models.standup import InboxWaiting
from models.status import Status
from rules import standup as rules

app = group("The work of a whole team.")
_AT_ONCE = 8
STAND_UP = "stand_up"
"""The review of the calendar that is the stand-up."""


class CaseConfirmed(Record):
    """What became of the stand-up step of one case."""

    account_id: str
    case_id: str
    step: str = ""
    done: bool = False
    said: str


class Confirmed(Record):
    """What one confirmation did, case by case."""

    by: str
    notes: str
    cases: tuple[CaseConfirmed, ...] = ()
    reviews: tuple[CaseConfirmed, ...] = ()


@command(app, "standup", example="team standup --team usr-07")
async def standup(
    desk: Desk,
    team: Annotated[
        str | None,
        typer.Option(
            "--team", help="Id of a person: the cases they lead, work in or have a seat on.", show_default=False
        ),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Complete today's stand-up step of all of them.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="Your id, to confirm.", show_default=False)] = None,
    notes: Annotated[
        str, typer.Option("--notes", help="Who attended and what blocks, as evidence, to confirm.", show_default=False)
    ] = "",
    most: Annotated[int, typer.Option("--most", min=1, help="So many lines for each owner under a heading.")] = 5,
) -> Reply:
    """What is late, due today, blocked and promised, by owner; the inbox; --confirm completes the step of every case.

    --json has every line. Without --team it covers every open case. Confirming twice does no harm.
    """
    if confirm and not (by and notes.strip()):
        raise Failure(ExitCode.SETUP, "Usage", "--confirm needs --by PERSON and --notes 'who attended, what blocks'")
    if confirm and by:
        return await confirmed(desk, team, by, notes)
    entries = await _entries(desk, team)
    policy = await _policy(desk, entries)
    book = (await desk.parts()).book
    stand = [await book.status_of(entry.case_id) for entry in entries]
    now = datetime.now(UTC)
    found = rules.digest(stand, policy, now, await _end_of_day(desk, team, now), await _inbox(desk, now))
    return Reply(found, view_standup.of_standup(found, await desk.names(), await _account_names(desk), most))


def team_of(review: str) -> str:
    """Whose team a review is the stand-up of, by its name; empty where it is another review."""
    kind, _, rest = review.partition(".")
    return rest.rpartition(".")[0] if kind == STAND_UP else ""


async def confirmed(desk: Desk, team: str | None, by: str, notes: str) -> Reply:
    """The stand-up was held: its step in each case of the team is completed, and its review is confirmed."""
    entries = await _entries(desk, team)
    book = (await desk.parts()).book
    stand = [await book.status_of(entry.case_id) for entry in entries]
    reviews = [entry for entry in entries if team and team_of(cases.key_of(entry)) == team]
    held = [await _hold(desk, cases.key_of(entry), by, notes) for entry in reviews]
    return await _confirm(desk, stand, await _policy(desk, entries), Confirmed(by=by, notes=notes, reviews=tuple(held)))


async def _hold(desk: Desk, name: str, by: str, notes: str) -> CaseConfirmed:
    asked = CaseConfirmed(account_id=name, case_id="", step=NAMES[ConfirmReview], said="")
    try:
        answered = await cases.answer(desk, name, ConfirmReview(by=by, notes=notes), str(uuid4()), CaseKind.REVIEW)
    except (Failure, TransientFault) as failure:
        return asked.model_copy(update={"said": str(failure)})
    return asked.model_copy(update={"done": True, "said": answered.said})


async def _entries(desk: Desk, team: str | None) -> Sequence[CaseEntry]:
    parts = await desk.parts()
    if team is None:
        return await parts.book.cases(CaseFilter(open_only=True, limit=10_000))
    await parts.directory.person(team)
    return [entry for entry in await open_cases(parts, team) if entry.closed_at is None]


async def _policy(desk: Desk, entries: Sequence[CaseEntry]) -> Policy:
    """The policy of the library, which goes with every playbook; the plain one where no case has a plan yet."""
    plan = next((entry.plan for entry in entries if entry.plan), None)
    return (await (await desk.parts()).playbooks.load(plan.partition("@")[0])).policy if plan else Policy()


async def _inbox(desk: Desk, now: datetime) -> InboxWaiting:
    within = (await FolderPlaybooks(desk.settings.playbooks).inbound()).look_within_hours
    return rules.waiting(await (await desk.parts()).inbox.listed(), now, timedelta(hours=within))


async def _end_of_day(desk: Desk, team: str | None, now: datetime) -> datetime:
    """The end of today (UTC) where the person works, or of the UTC day where nobody is named."""
    person = await (await desk.parts()).directory.person(team) if team else None
    local = now.astimezone(ZoneInfo(person.works.time_zone if person else "UTC"))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return (midnight + timedelta(days=1)).astimezone(UTC)


async def _account_names(desk: Desk) -> dict[str, str]:
    return {account.id: account.name for account in await (await desk.parts()).crm.accounts()}


async def _confirm(desk: Desk, stand: Sequence[Status], policy: Policy, asked: Confirmed) -> Reply:
    turns = [(case, turn) for case in stand if (turn := rules.open_turn(case, policy))]
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(case: Status, turn: str) -> CaseConfirmed:
        async with gate:
            return await _complete(desk, case, turn, asked.by, asked.notes)

    with desk.working(f"confirming the stand-up of {len(turns)} cases"):
        done = await asyncio.gather(*(one(case, turn) for case, turn in turns))
    found = asked.model_copy(update={"cases": tuple(done)})
    everything = (*found.reviews, *found.cases)
    all_done = all(case.done for case in everything)
    view = view_standup.of_confirmed(everything, await _account_names(desk))
    return Reply(found, view, ExitCode.OK if all_done else ExitCode.REFUSED)


async def _complete(desk: Desk, case: Status, turn: str, by: str, notes: str) -> CaseConfirmed:
    given = CompleteStep(step_id=turn, by=by, evidence=EvidenceGiven(text=notes))
    asked = CaseConfirmed(account_id=case.account_id, case_id=case.case_id, step=turn, said="")
    known_as = command_id(case.case_id, turn, given)
    try:
        answered = await cases.answer(desk, case.account_id, given, known_as, CaseKind(case.kind))
    except (Failure, TransientFault) as failure:
        return asked.model_copy(update={"said": str(failure)})
    return asked.model_copy(update={"done": True, "said": answered.said})


def command_id(case_id: str, turn: str, given: CompleteStep) -> str:
    """The id of the Update: the same for the same confirmation of the same day's turn.

    Who said what belongs to it: the server answers a known id with what it answered first, also where that was a refusal.
    """
    said = sha256(f"{given.by}\n{given.evidence.text}".encode()).hexdigest()[:12]
    return f"standup-{case_id}-{turn}-{said}"
