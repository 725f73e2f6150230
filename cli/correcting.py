"""``save correct``: an outcome that turns out to be wrong is put right by a save that is linked to it."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.text import Text

from adapters.book.port import BookPort
from cli import cases
from cli.command import Reply, command
from cli.desk import Desk
from cli.exits import Failure, refused
from cli.opening import check_opener, weigh
from cli.options import Account, By, CommandId, Why
from models.base import Record
from models.book import CaseEntry
from models.case import CaseKind, RefusalType
from models.commands import CorrectOutcome
from models.faults import TransientFault
from models.people import PersonId
from models.policy import Policy
from models.status import Status
from parts import Parts
from rules import authority
from rules.refusal import Refused
from rules.save import correcting, handing_on
from rules.save.lifecycle import SPINE
from workflows.contract import workflow_id

_STANDS = "Others have heard of it. If it was wrong"


class Righting(Record):
    """What ``save correct`` began: ``said`` is what becomes of the outcome ``was`` of the save ``corrects``."""

    account_id: str
    corrects: str
    was: str
    said: str


def add_to(app: typer.Typer) -> None:
    """Put the command where the others on a save are."""
    command(app, "correct", example='save correct acc-0001 --by usr-07 --why "they had not signed yet"')(correct)


def of_closed(account: str, failure: Failure) -> Failure:
    """The refusal to close a closed save, with the way to put its outcome right; any other refusal as it is."""
    if failure.kind != RefusalType.CASE_CLOSED:
        return failure
    way = f"a manager says so with 'save correct {account} --by MANAGER --why REASON'; close the save that it opens rightly"
    return Failure(failure.code, failure.kind, f"{failure.sentence}. {_STANDS}, {way}")


async def correct(desk: Desk, account: Account, by: By, why: Why, command_id: CommandId = None) -> Reply:
    """Say that the outcome of the last save was stated wrongly; a save that puts it right is opened, and closed rightly.

    Both outcomes stay, with who said so, when and why; the metrics count the right one. A recovery that had begun ends.
    """
    parts = await desk.parts()
    seen = (await cases.see(desk, account)).status
    try:
        correcting.check(seen)
        policy = (await parts.playbooks.load(SPINE)).policy
        if handing_on.begins_recovery(policy, seen.outcome or ""):
            said = await _of_recovery(desk, seen, CorrectOutcome(by=by, why=why, case_id=seen.case_id), command_id)
        else:
            await _check_may(parts, policy, account, by)
            said = await _opened(desk, seen, by, why)
    except Refused as no:
        raise refused(no.kind, no.sentence) from no
    next_ = f"close it rightly: 'save close {account} OUTCOME --by PERSON --notes TEXT'"
    righting = Righting(account_id=account, corrects=seen.case_id, was=seen.outcome or "", said=said)
    return Reply(righting, Text(f"{said}; {next_}"))


async def _of_recovery(desk: Desk, seen: Status, given: CorrectOutcome, command_id: str | None) -> str:
    """The recovery that began with the outcome ends, and opens the save itself."""
    running = await cases.is_running(await desk.client(), workflow_id(CaseKind.RECOVERY, seen.account_id))
    theirs = None if running else await _recovery_of((await desk.parts()).book, seen)
    if not running and theirs is None:
        raise TransientFault(f"the recovery of {seen.account_id} is being opened; give the command again in a moment")
    correcting.check_recovery_runs(seen, theirs.outcome if theirs else None)
    return (await cases.update(desk, seen.account_id, given, command_id, CaseKind.RECOVERY)).said


async def _recovery_of(book: BookPort, seen: Status) -> CaseEntry | None:
    """The last recovery of the account, where it began with that save."""
    last = await book.latest_case(seen.account_id, CaseKind.RECOVERY)
    lines = await book.timeline(last.case_id) if last else ()
    return last if any(seen.case_id in line.text for line in lines if line.kind in ("opened", "taken_over")) else None


async def _opened(desk: Desk, seen: Status, by: PersonId, why: str) -> str:
    weighed = await weigh(desk, correcting.start(seen, by, why, datetime.now(UTC)))
    if not await cases.open_save(await desk.client(), weighed.start):
        raise TransientFault(
            f"the save of {seen.account_id} still ends what it began; give the command again in a moment"
        )
    said = f"save case {seen.case_id} was not {seen.outcome}: {why}; a save attempt that puts it right is open"
    return f"{said}. {weighed.beside}" if weighed.beside else said


async def _check_may(parts: Parts, policy: Policy, account: str, by: PersonId) -> None:
    """Raises ``Refused(NotAllowed)`` for who may not, ``Failure`` for who has left."""
    await check_opener(parts, account, by)
    seats = (await parts.crm.account_file(account)).team.seats
    held = [seat.role for seat in seats if by in (seat.person, seat.deputy)]
    held += [role for role in (await parts.directory.person(by)).roles if role not in held]
    authority.check_permission(policy, "correct_outcome", by, held)
