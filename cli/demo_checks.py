"""What must be true once the demo's story is told; each expectation is named, and read back from where it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import text

from cli import demo_offer
from cli.demo_cast import AWAY_ACCOUNT, LATE_ACCOUNT, OFFERED_ACCOUNT, RUNNING_ACCOUNT
from cli.demo_house import House
from cli.demo_looking import Check, Faults, book_faults, caught_up, check, looked
from cli.demo_story import Played
from cli.diary import is_escalation
from models.effects import Word
from models.letter import LetterKind, OutboxEntry, OutboxState
from models.save import SaveOutcome
from models.status import Status
from workflows.contract import STATUS, save_id

ACK = "ack_call"


async def check_all(house: House, played: Sequence[Played]) -> list[Check]:
    """Every expectation of the story, in the order in which it is told."""
    by_account = {each.role.account: each for each in played}
    late, away = by_account[LATE_ACCOUNT], by_account[AWAY_ACCOUNT]
    checks = [_ended(each) for each in played]
    checks += [*_all_kinds(played), _told(late, "executive"), _told(late, "cs_manager"), _listed(late)]
    checks += [_rerouted(away), _no_storm(by_account[RUNNING_ACCOUNT]), _nothing_refused(played)]
    checks += [check async for check in _read_back(house, played)]
    return checks


def _ended(played: Played) -> Check:
    wanted, found = played.role.story.ending, played.status.outcome
    said = wanted.value if wanted else "still open"
    return Check(name=f"{played.role.account} ends as {said}", holds=found == wanted, found=str(found))


def _all_kinds(played: Sequence[Played]) -> list[Check]:
    found = {each.status.outcome for each in played}
    missing = [outcome.value for outcome in SaveOutcome if outcome is not SaveOutcome.REJECTED and outcome not in found]
    return [check("every outcome of a save is seen", missing)]


def _told(late: Played, role: str) -> Check:
    seat = late.file.team.seat(role)
    people = {seat.person, seat.deputy} if seat else set()
    told = [t for t in late.told if is_escalation(t) and t.step == ACK and t.person in people]
    name = f"the {role.replace('_', ' ')} was told of {late.role.account}'s {ACK}"
    return check(name, [] if told else ["nobody in that seat got the escalation"])


def _listed(late: Played) -> Check:
    name = f"'Overdue = true' lists {late.role.account} while it is late"
    return Check(name=name, holds=bool(late.listed_overdue), found="Temporal's list did not show it")


def _rerouted(away: Played) -> Check:
    seat = away.file.team.seat("csm")
    told = [t for t in away.told if t.word == Word.REROUTED and seat and t.person == seat.deputy]
    moved = any(event.kind == "rerouted" for event in away.diary.events)
    name = f"{away.role.account}'s deputy took over when the CSM went on leave, and was told"
    return check(name, [] if moved and told else [f"rerouted: {moved}, told: {len(told)}"])


def _no_storm(running: Played) -> Check:
    start = next((e.at for e in running.diary.events if e.kind == "plan_adopted"), running.status.opened_at)
    early = [t.subject for t in running.told if is_escalation(t) and (t.at - start).total_seconds() < 3600]
    return check(f"{running.role.account} came in with its past, and no storm of escalations followed", early)


def _nothing_refused(played: Sequence[Played]) -> Check:
    return check("no command of the story was refused", [f"{p.role.account}: {r}" for p in played for r in p.refused])


async def _read_back(house: House, played: Sequence[Played]) -> AsyncIterator[Check]:
    offered = next(each for each in played if each.role.account == OFFERED_ACCOUNT)
    yield await looked("each closed case has no open CRM task", _tasks_closed(house, played))
    yield await looked("each closed case left one note in the CRM", _notes_written(house, played))
    yield await looked("the book says of each case what Temporal says", _book_agrees(house, played))
    yield await looked("no effect key has two receipts", _one_receipt(house))
    yield await looked("every message to a customer is signed with a name and a title", _signed(house))
    yield await looked("no letter is stuck", _all_sent(house))
    yield await looked("no workflow failed", _no_failure(house))
    yield await looked(
        f"{OFFERED_ACCOUNT}'s discount was applied once, with its receipt", _applied_once(house, offered)
    )
    yield await looked(f"{OFFERED_ACCOUNT} returns to the standard price by itself", _returns(house, offered))


async def _tasks_closed(house: House, played: Sequence[Played]) -> Check:
    wrong = []
    for each in (each for each in played if each.status.outcome):
        known = await house.parts.crm.tasks(each.role.account)
        tasks = [task for task in known if task.open and task.case_id == each.status.case_id]
        wrong += [f"{each.role.account}: {task.step}" for task in tasks]
    return check("each closed case has no open CRM task", wrong)


async def _notes_written(house: House, played: Sequence[Played]) -> Check:
    closed = [each.role.account for each in played if each.status.outcome]
    missing = [account for account in closed if len(await house.parts.crm.notes(account)) != 1]
    return check("each closed case left one note in the CRM", missing)


async def _book_agrees(house: House, played: Sequence[Played]) -> Check:
    async def faults() -> Faults:
        return [wrong for each in played for wrong in await _of_book(house, each)]

    return check("the book says of each case what Temporal says", await caught_up(faults))


async def _of_book(house: House, played: Played) -> Faults:
    """An open case goes on meanwhile, so that it is asked anew."""
    status = played.status
    if not status.outcome:
        handle = house.client.get_workflow_handle(save_id(played.role.account))
        status = await handle.query(STATUS, result_type=Status)
    return await book_faults(house.parts, played.role.account, status)


async def _one_receipt(house: House) -> Check:
    async with house.parts.database.reading() as session:
        keys = [str(key) for (key,) in await session.execute(text("select key from receipts"))]
    twice = [key for key, times in Counter(keys).items() if times > 1]
    twice += [mail for mail, times in Counter(one.message_id for one in await _letters(house)).items() if times > 1]
    return check(f"no effect key has two receipts ({len(keys)} effects)", twice)


async def _letters(house: House) -> tuple[OutboxEntry, ...]:
    return tuple(await house.parts.outbox.entries(limit=10_000))


async def _all_sent(house: House) -> Check:
    return check("no letter is stuck", [one.key for one in await _letters(house) if one.state is not OutboxState.SENT])


async def _applied_once(house: House, offered: Played) -> Check:
    name = f"{OFFERED_ACCOUNT}'s discount was applied once, with its receipt"
    return check(name, (await demo_offer.look(house, offered)).applied_once)


async def _returns(house: House, offered: Played) -> Check:
    name = f"{OFFERED_ACCOUNT} returns to the standard price by itself"
    return check(name, (await demo_offer.look(house, offered)).returns)


async def _signed(house: House) -> Check:
    titles = {person.name: person.title for person in await house.parts.directory.people()}
    by_itself = "/receipt/"  # a plain receipt is the team's, and promises a person (DIS-30)
    ours = [entry for entry in await _letters(house) if by_itself not in entry.key]
    sent = [entry.letter for entry in ours if entry.letter.kind is LetterKind.CUSTOMER]
    wrong = [
        letter.subject
        for letter in sent
        if letter.sender.name not in titles
        or letter.sender.name not in letter.text
        or titles[letter.sender.name] not in letter.text
    ]
    name = f"every message to a customer is signed with a name and a title ({len(sent)} messages)"
    return check(name, wrong if sent else ["no message was sent"])


async def _no_failure(house: House) -> Check:
    query = "ExecutionStatus = 'Failed'"
    failed = [found.id async for found in house.client.list_workflows(query)]
    return check("no workflow failed", failed)
