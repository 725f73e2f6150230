"""Talking to cases: open one, give it a command or a signal, ask how it stands, and say clearly why it does not answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from temporalio.client import (
    Client,
    RPCError,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCStatusCode

from adapters.temporal.skipping import virtual_now
from cli import strangers
from cli.closed import HOW, NAMES_OF, closed, ended_at
from cli.desk import Desk
from cli.exits import refused, unknown
from cli.spoken import as_typed
from models.base import Request
from models.book import CaseEntry, CaseFilter
from models.case import CaseKind, RefusalType
from models.commands import Answered, Command
from models.contract_names import NAMES
from models.faults import PermanentFault, TransientFault
from models.starts import SaveStart
from models.status import Status
from workflows import contract

T = TypeVar("T")
SAVE, RECOVERY, CANCELLATION = CaseKind.SAVE, CaseKind.RECOVERY, CaseKind.CANCELLATION
KINDS = tuple(kind for kind in NAMES_OF if kind is not CaseKind.REVIEW)
"""The kinds of case that people work on, in the order in which an account has them."""
PATIENCE = timedelta(seconds=30)
QUICK = timedelta(seconds=5)
# Below the 20 s after which the server answers by itself and the client would ask again, for ever. A deadline and not
# a cancelled task, which now and then leaves the client's runtime hanging when the process ends.
ANSWER_WITHIN = timedelta(seconds=15)
LOOK_EVERY_SECONDS = 0.2
NO_WORKER = "the case does not answer; is a worker running? Start one: python worker.py"
_GONE = (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION)


@dataclass(frozen=True)
class Seen:
    """How a case stands; ``note`` says why it was read from the book where it is open."""

    status: Status
    note: str = ""


async def open_save(client: Client, start: SaveStart) -> bool:
    """Open the save attempt of an account, or reach the open one. True where this call opened it."""
    playbook = f", playbook {start.playbook}" if start.playbook else ""
    try:
        await client.start_workflow(
            contract.WorkflowType.SAVE_ATTEMPT,
            start,
            id=contract.save_id(start.account_id),
            task_queue=contract.Queue.CASES,
            # FAIL tells an open case from a new one, which USE_EXISTING does not; both reach the open case.
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            static_summary=f"save attempt: {start.account_id}",
            static_details=f"Save attempt for account **{start.account_id}**, opened by {start.opened_by}{playbook}.",
        )
    except WorkflowAlreadyStartedError:
        return False
    return True


async def update(
    desk: Desk, account: str, given: Command, command_id: str | None = None, kind: CaseKind = SAVE
) -> Answered:
    """Give the open case of an account a command. The same ``command_id`` twice counts once.

    Raises ``Failure``: what the case refuses, a closed case with its outcome, an account without a case.
    """
    with desk.working(f"asking the case of {account}"):
        return await answer(desk, account, given, command_id or str(uuid4()), kind)


async def answer(desk: Desk, account: str, given: Command, known_as: str, kind: CaseKind = SAVE) -> Answered:
    """The same as ``update`` without a word on the terminal, for whoever asks many cases at once."""
    handle = (await desk.client()).get_workflow_handle(contract.workflow_id(kind, account))
    try:
        answered: Answered = await handle.execute_update(
            NAMES[type(given)], given, id=known_as, result_type=Answered, rpc_timeout=ANSWER_WITHIN
        )
        return answered
    except WorkflowUpdateFailedError as error:
        raise await _failed_update(desk, account, error, kind, given) from error
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        again = f"The command may still count: give it again with --id {known_as}, then it counts once."
        raise TransientFault(f"{NO_WORKER}. {again}") from error
    except RPCError as error:
        raise await gone(desk, account, error, kind, given) from error


async def signal(desk: Desk, account: str, fact: Request, kind: CaseKind = SAVE) -> None:
    """Send the open case of an account a fact. Raises ``Failure`` where there is no open one."""
    await strangers.check_sender(desk, fact)
    await _check_open(desk, account, kind)
    handle = (await desk.client()).get_workflow_handle(contract.workflow_id(kind, account))
    try:
        await handle.signal(NAMES[type(fact)], fact)
    except RPCError as error:
        raise await gone(desk, account, error, kind) from error


async def signal_each(desk: Desk, open_cases: list[CaseEntry], fact: Request, on: str) -> list[str]:
    """Send a fact to these open cases; gives the accounts that were reached, skipping what closed meanwhile."""
    client = await desk.client()
    reached = []
    with desk.counting(on, len(open_cases)) as progress:
        for entry in open_cases:
            try:
                await client.get_workflow_handle(entry.workflow_id).signal(NAMES[type(fact)], fact)
                reached.append(entry.account_id)
            except RPCError as error:
                if error.status not in _GONE:
                    raise
            progress.advance(progress.task_ids[0])
    return list(dict.fromkeys(reached))


async def _clock(client: Client, workflow_id: str) -> datetime:
    """The case's own time (UTC): an open case answers with the time of its last change, which may be days ago."""
    try:
        return await virtual_now(client, workflow_id)
    except (PermanentFault, TransientFault):
        return datetime.now(UTC)


async def see(desk: Desk, account: str, kind: CaseKind = SAVE) -> Seen:
    """How the case of an account stands: asked of the open case, read from the book for a closed one."""
    workflow_id = contract.workflow_id(kind, account)
    if not await is_running(await desk.client(), workflow_id):
        entry = await latest(desk, account, kind)
        note = "" if entry.closed_at else "Temporal does not know this case; this is what the book knows of it"
        return Seen(await (await desk.parts()).book.status_of(entry.case_id), note)
    try:
        with desk.working(f"asking the case of {account}"):
            client = await desk.client()
            status = await ask(client, account, kind)
            return Seen(status.model_copy(update={"as_of": max(status.as_of, await _clock(client, workflow_id))}))
    except TransientFault as fault:
        known = await _known_open(desk, account, kind)
        if known is None:
            raise
        note = f"{fault}. This is what the book knew at its last entry"
        return Seen(await (await desk.parts()).book.status_of(known.case_id), note)


async def _known_open(desk: Desk, account: str, kind: CaseKind) -> CaseEntry | None:
    if kind is not CaseKind.REVIEW:
        return await (await desk.parts()).book.open_case(account, kind)
    entry = await _review(desk, account)
    return entry if entry and entry.closed_at is None else None


async def ask(client: Client, account: str, kind: CaseKind = SAVE) -> Status:
    """The query ``status`` of the open case. Raises ``TransientFault`` where the case does not answer."""
    handle = client.get_workflow_handle(contract.workflow_id(kind, account))
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            while True:
                try:
                    found: Status = await handle.query(contract.STATUS, result_type=Status, rpc_timeout=QUICK)
                    return found
                except WorkflowQueryFailedError:  # the case is being opened
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
    except (TimeoutError, RPCError) as error:
        raise TransientFault(NO_WORKER) from error


async def is_running(client: Client, workflow_id: str) -> bool:
    """Whether a workflow of that id is open."""
    try:
        described = await client.get_workflow_handle(workflow_id).describe(rpc_timeout=QUICK)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return described.status is WorkflowExecutionStatus.RUNNING


async def latest(desk: Desk, account: str, kind: CaseKind = SAVE) -> CaseEntry:
    """The last case of that kind in the book. Raises ``Failure`` saying whether the account or the case is missing."""
    parts = await desk.parts()
    entry = await _review(desk, account) if kind is CaseKind.REVIEW else await parts.book.latest_case(account, kind)
    if entry is not None:
        return entry
    if kind is not CaseKind.REVIEW:
        await parts.crm.account(account)
    if await _was_just_opened(desk, account, kind):
        raise TransientFault(f"the case of {account} was opened a moment ago and is not in the book yet; try again")
    if kind is CaseKind.REVIEW:
        raise unknown(RefusalType.UNKNOWN_REVIEW, f"there is no review '{account}'; see 'review list --all'")
    how = HOW[kind].format("one", account)
    raise unknown(RefusalType.UNKNOWN_CASE, f"account {account} has no {NAMES_OF[kind]}; {how}")


async def _review(desk: Desk, name: str) -> CaseEntry | None:
    """A review by its name, as the book has it."""
    found = await (await desk.parts()).book.cases(CaseFilter(workflow_id=contract.review_id(name)))
    return max(found, key=lambda entry: entry.opened_at, default=None)


def key_of(entry: CaseEntry) -> str:
    """By what the commands know a case: its account, a review by its name."""
    return entry.workflow_id.partition(":")[2] if entry.kind == CaseKind.REVIEW else entry.account_id


async def _was_just_opened(desk: Desk, account: str, kind: CaseKind) -> bool:
    try:
        return await is_running(await desk.client(), contract.workflow_id(kind, account))
    except PermanentFault:  # without Temporal the book has the last word
        return False


def named(case_or_account: str) -> tuple[CaseKind, str]:
    """The kind and the account that ``recovery:ACCOUNT`` or ``save:ACCOUNT`` name; a save where no kind is named."""
    prefix, _, rest = case_or_account.partition(":")
    return (CaseKind(prefix), rest) if rest and prefix in set(CaseKind) else (SAVE, case_or_account)


async def find(desk: Desk, case_or_account: str) -> CaseEntry:
    """A case by its id, or the last save of an account; ``recovery:ACCOUNT`` is its recovery. Raises ``Failure``.

    An account that never had a save is found by the first other case that it has.
    """
    kind, name = named(case_or_account)
    parts = await desk.parts()
    if kind is CaseKind.REVIEW:
        return await latest(desk, name, kind)
    for wanted in (kind,) if name != case_or_account else KINDS:
        if (entry := await parts.book.latest_case(name, wanted)) is not None:
            return entry
    try:
        return await parts.book.case(name)
    except PermanentFault:
        if name in {account.id for account in await parts.crm.accounts()}:
            return await latest(desk, name, kind)
    said = f"there is neither a case nor an account '{case_or_account}'; see 'case list' and 'accounts'"
    raise unknown(RefusalType.UNKNOWN_CASE, said)


async def gone(
    desk: Desk, account: str, error: RPCError, kind: CaseKind = SAVE, given: Request | None = None
) -> Exception:
    """Why Temporal does not know an open case: it is closed, was never opened, or belongs to another server."""
    if error.status not in _GONE:
        return error
    entry = await latest(desk, account, kind)
    if entry.closed_at is None:
        said = f"the book has an open case of {account}, but this Temporal does not know it; check TEMPORAL_ADDRESS"
        return unknown(RefusalType.UNKNOWN_CASE, said)
    return closed(account, entry.outcome, entry.closed_at, kind, given)


async def _check_open(desk: Desk, account: str, kind: CaseKind) -> None:
    """Refuse a signal to a case that is closed and only settles what it owes: a signal gets no answer of its own."""
    client = await desk.client()
    if not await is_running(client, contract.workflow_id(kind, account)):
        return
    try:
        status = await ask(client, account, kind)
    except TransientFault:  # a case that cannot answer now takes the signal when it can
        return
    if status.outcome:
        raise closed(account, status.outcome, ended_at(status), kind)


async def _failed_update(
    desk: Desk, account: str, error: WorkflowUpdateFailedError, kind: CaseKind, given: Request
) -> Exception:
    cause = error.cause
    if not isinstance(cause, ApplicationError):
        return TransientFault(f"the case gave no answer ({cause}); give the command again")
    if cause.type == "AcceptedUpdateCompletedWorkflow":
        entry = await latest(desk, account, kind)
        return closed(account, entry.outcome, entry.closed_at, kind, given)
    if cause.type == RefusalType.UNKNOWN_PERSON:
        await strangers.check_named(desk, given, cause.message)
    if cause.type in (RefusalType.UNKNOWN_ACCOUNT, RefusalType.UNKNOWN_CASE):
        return unknown(cause.type, cause.message)
    return refused(cause.type or "Refused", as_typed(cause.message, kind))
