"""What must be true once the demo's story is told; each expectation is named, and read back from where it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import text

from cli import demo_offer
from cli.demo_cast import AWAY_ACCOUNT, LATE_ACCOUNT, OFFERED_ACCOUNT, RUNNING_ACCOUNT
from cli.demo_house import House
from cli.demo_story import Played
from cli.diary import is_escalation
from models.base import Record
from models.effects import Word
from models.letter import LetterKind, OutboxEntry, OutboxState
from models.save import SaveOutcome

ACK = "ack_call"


class Check(Record):
    """One expectation: what it says, whether it holds, and what was found where it does not."""

    name: str
    holds: bool
    found: str = ""


async def check_all(house: House, played: Sequence[Played]) -> list[Check]:
    """Every expectation of the story, in the order in which it is told."""
    by_account = {each.role.account: each for each in played}
    late, away = by_account[LATE_ACCOUNT], by_account[AWAY_ACCOUNT]
    checks = [_ended(each) for each in played]
    checks += [*_all_kinds(played), _told(late, "executive"), _told(late, "cs_manager"), _listed(late)]
    checks += [_rerouted(away), _no_storm(by_account[RUNNING_ACCOUNT]), _nothing_refused(played)]
    checks += [check async for check in _read_back(house, played)]
    return checks


def _check(name: str, wrong: Sequence[str]) -> Check:
    """An expectation that holds where nothing is wrong."""
    return Check(name=name, holds=not wrong, found="; ".join(wrong[:3]))


def _ended(played: Played) -> Check:
    wanted, found = played.role.story.ending, played.status.outcome
    said = wanted.value if wanted else "still open"
    return Check(name=f"{played.role.account} ends as {said}", holds=found == wanted, found=str(found))


def _all_kinds(played: Sequence[Played]) -> list[Check]:
    found = {each.status.outcome for each in played}
    missing = [outcome.value for outcome in SaveOutcome if outcome is not SaveOutcome.REJECTED and outcome not in found]
    return [_check("every outcome of a save is seen", missing)]


def _told(late: Played, role: str) -> Check:
    seat = late.file.team.seat(role)
    people = {seat.person, seat.deputy} if seat else set()
    told = [t for t in late.told if is_escalation(t) and t.step == ACK and t.person in people]
    name = f"the {role.replace('_', ' ')} was told of {late.role.account}'s {ACK}"
    return _check(name, [] if told else ["nobody in that seat got the escalation"])


def _listed(late: Played) -> Check:
    name = f"'Overdue = true' lists {late.role.account} while it is late"
    return Check(name=name, holds=bool(late.listed_overdue), found="Temporal's list did not show it")


def _rerouted(away: Played) -> Check:
    seat = away.file.team.seat("csm")
    told = [t for t in away.told if t.word == Word.REROUTED and seat and t.person == seat.deputy]
    moved = any(event.kind == "rerouted" for event in away.diary.events)
    name = f"{away.role.account}'s deputy took over when the CSM went on leave, and was told"
    return _check(name, [] if moved and told else [f"rerouted: {moved}, told: {len(told)}"])


def _no_storm(running: Played) -> Check:
    start = next((e.at for e in running.diary.events if e.kind == "plan_adopted"), running.status.opened_at)
    early = [t.subject for t in running.told if is_escalation(t) and (t.at - start).total_seconds() < 3600]
    return _check(f"{running.role.account} came in with its past, and no storm of escalations followed", early)


def _nothing_refused(played: Sequence[Played]) -> Check:
    return _check("no command of the story was refused", [f"{p.role.account}: {r}" for p in played for r in p.refused])


async def _read_back(house: House, played: Sequence[Played]) -> AsyncIterator[Check]:
    letters = await house.parts.outbox.entries(limit=10_000)
    yield await _tasks_closed(house, played)
    yield await _notes_written(house, played)
    yield await _book_agrees(house, played)
    yield await _one_receipt(house, letters)
    yield await _signed(house, letters)
    yield _check("no letter is stuck", [e.key for e in letters if e.state is not OutboxState.SENT])
    yield await _no_failure(house)
    seen = await demo_offer.look(house, next(each for each in played if each.role.account == OFFERED_ACCOUNT))
    yield _check(f"{OFFERED_ACCOUNT}'s discount was applied once, with its receipt", seen.applied_once)
    yield _check(f"{OFFERED_ACCOUNT} returns to the standard price by itself", seen.returns)


async def _tasks_closed(house: House, played: Sequence[Played]) -> Check:
    wrong = []
    for each in (each for each in played if each.status.outcome):
        known = await house.parts.crm.tasks(each.role.account)
        tasks = [task for task in known if task.open and task.case_id == each.status.case_id]
        wrong += [f"{each.role.account}: {task.step}" for task in tasks]
    return _check("each closed case has no open CRM task", wrong)


async def _notes_written(house: House, played: Sequence[Played]) -> Check:
    closed = [each.role.account for each in played if each.status.outcome]
    missing = [account for account in closed if len(await house.parts.crm.notes(account)) != 1]
    return _check("each closed case left one note in the CRM", missing)


async def _book_agrees(house: House, played: Sequence[Played]) -> Check:
    wrong = []
    for each in played:
        book = await house.parts.book.status_of(each.status.case_id)
        same = (book.outcome, book.stage, len(book.steps)) == (
            each.status.outcome,
            each.status.stage,
            len(each.status.steps),
        )
        wrong += [] if same else [each.role.account]
    return _check("the book says of each case what Temporal says", wrong)


async def _one_receipt(house: House, letters: Sequence[OutboxEntry]) -> Check:
    async with house.parts.database.reading() as session:
        keys = [str(key) for (key,) in await session.execute(text("select key from receipts"))]
    twice = [key for key, times in Counter(keys).items() if times > 1]
    twice += [mail for mail, times in Counter(letter.message_id for letter in letters).items() if times > 1]
    return _check(f"no effect key has two receipts ({len(keys)} effects)", twice)


async def _signed(house: House, letters: Sequence[OutboxEntry]) -> Check:
    titles = {person.name: person.title for person in await house.parts.directory.people()}
    by_itself = "/receipt/"  # a plain receipt is the team's, and promises a person (DIS-30)
    ours = [entry for entry in letters if by_itself not in entry.key]
    sent = [entry.letter for entry in ours if entry.letter.kind is LetterKind.CUSTOMER]
    wrong = [
        letter.subject
        for letter in sent
        if letter.sender.name not in titles
        or letter.sender.name not in letter.text
        or titles[letter.sender.name] not in letter.text
    ]
    name = f"every message to a customer is signed with a name and a title ({len(sent)} messages)"
    return _check(name, wrong if sent else ["no message was sent"])


async def _no_failure(house: House) -> Check:
    query = "ExecutionStatus = 'Failed'"
    failed = [found.id async for found in house.client.list_workflows(query)]
    return _check("no workflow failed", failed)
