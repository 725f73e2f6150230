"""Cases that another case starts: as siblings and not as children, since an open child would hold its parent's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from temporalio import activity
from temporalio.client import Client, RPCError, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy as _Conflict
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCStatusCode

from activities.faults import reporting_faults
from models.base import Request
from models.case import RefusalType
from models.contract_names import NAMES
from models.faults import PermanentFault, TransientFault
from models.starts import ClosedAgain, DeferralStart, HandedOver, RecoveryStart, RetentionStart, SaveStart, TakeOver
from models.work import NOT_OPEN, EndDeferral, Receipt, StartCase, TakeOverParked, TellCase

_QUEUE, _REJECTED = "cases", "rejected"


class SiblingActivities:
    """What a case asks of Temporal itself."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @activity.defn
    @reporting_faults
    async def start_case(self, request: StartCase) -> Receipt:
        """Start a case of the account, or reach the one that is open; tell it the signal where there is one.

        One that is open already hears what it would have been opened with; a new one knows it and hears it once.
        The same request again reaches the case that the first one started. The receipt is its workflow and run.
        """
        starts = (request.recovery, request.save, request.deferral, request.retention, request.win_back)
        start = next((start for start in starts if start), None)
        if start is None:
            raise PermanentFault(RefusalType.BAD_PAYLOAD, "a case to start needs its start input")
        try:
            return await self._start(request, start)
        except RPCError as error:
            raise TransientFault(f"Temporal did not start {request.workflow_id} ({error.status.name})") from error

    @activity.defn
    @reporting_faults
    async def tell_case(self, request: TellCase) -> Receipt:
        """Signal the other case of the account; the receipt says so where it is not open any more."""
        told = request.signal
        try:
            await self._client.get_workflow_handle(request.workflow_id).signal(NAMES[type(told)], told)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise TransientFault(f"Temporal did not reach {request.workflow_id} ({error.status.name})") from error
            return Receipt(id=f"{request.workflow_id} {NOT_OPEN}", at=datetime.now(UTC))
        return Receipt(id=f"{request.workflow_id} was told", at=datetime.now(UTC))

    @activity.defn
    @reporting_faults
    async def take_over(self, request: TakeOverParked) -> Receipt:
        """Bring what a deferral carries into the open case; the receipt is empty where nothing waits, or that is closed.

        The deferral gives it up only after the case was told, which counts it once: a crash in between loses nothing.
        """
        try:
            parked = await self._parked(request)
            if parked and await self._brought(request, parked):
                emptied = HandedOver(case_id=request.case_id)
                await self._client.get_workflow_handle(request.deferral_id).signal(NAMES[HandedOver], emptied)
            else:
                parked = None
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise TransientFault(f"Temporal did not reach {request.deferral_id} ({error.status.name})") from error
            parked = None
        return Receipt(id=request.deferral_id if parked else "", at=datetime.now(UTC))

    async def _brought(self, request: TakeOverParked, parked: TakeOver) -> bool:
        """Whether the case was still open once it was told; one that is closed takes nothing in."""
        handle = self._client.get_workflow_handle(request.workflow_id)
        await handle.signal(NAMES[TakeOver], parked)
        return not _is_over(await handle.query("status"))

    async def _parked(self, request: TakeOverParked) -> TakeOver | None:
        """What the deferral carries, as far as it waits."""
        handle = self._client.get_workflow_handle(request.deferral_id)
        return await _carried(handle) if await _runs(handle) else None

    @activity.defn
    @reporting_faults
    async def end_deferral(self, request: EndDeferral) -> Receipt:
        """Cancel what waits for the account's decision. The receipt names it; it is empty where nothing waits."""
        try:
            ended = await self._cancelled(request.workflow_id)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise TransientFault(f"Temporal did not end {request.workflow_id} ({error.status.name})") from error
            ended = False
        return Receipt(id=request.workflow_id if ended else "", at=datetime.now(UTC))

    async def _cancelled(self, workflow_id: str) -> bool:
        """Whether it ran and was asked to end; the server accepts that of one that has ended, too."""
        handle = self._client.get_workflow_handle(workflow_id)
        if not await _runs(handle):
            return False
        await handle.cancel()
        return True

    async def _check_takes_in(self, handle: WorkflowHandle[Any, Any]) -> None:
        """Raises ``TransientFault`` for a case that is closed and only ends what it began: a new one follows it then."""
        if _is_over(await handle.query("status")):
            raise TransientFault(f"{handle.id} is closed and has not ended yet; a new one is started after it")

    async def _in_its_place(self, request: StartCase, start: Request) -> tuple[Request, _Conflict]:
        """A later deferral takes the place of an earlier one, with all that it carries; sent again it reaches itself."""
        if not isinstance(start, DeferralStart):
            return start, _Conflict.USE_EXISTING
        handle = self._client.get_workflow_handle(request.workflow_id)
        if not await _exists(handle):
            return start, _Conflict.TERMINATE_EXISTING
        if (await handle.query("status"))["case_id"] == start.save_case_id:
            return start, _Conflict.USE_EXISTING
        return start.model_copy(update={"earlier": await _carried(handle)}), _Conflict.TERMINATE_EXISTING

    async def _start(self, request: StartCase, start: Request) -> Receipt:
        told: dict[str, Any] = {}
        if request.signal:
            told = {"start_signal": NAMES[type(request.signal)], "start_signal_args": [request.signal]}
        start, conflict = await self._in_its_place(request, start)
        handle = await self._client.start_workflow(
            request.workflow_type,
            start,
            id=request.workflow_id,
            task_queue=_QUEUE,
            id_conflict_policy=conflict,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=request.summary,
            **told,
        )
        await self._check_takes_in(handle)
        if owed := _owed(start):
            await handle.signal(NAMES[type(owed)], owed)
        run = handle.first_execution_run_id or handle.result_run_id or ""
        return Receipt(id=f"{request.workflow_id}/{run}".rstrip("/"), at=datetime.now(UTC))


def _owed(start: Request) -> TakeOver | ClosedAgain | None:
    """What the case that starts the other one still owes, or an open one must know; None where that is nothing."""
    if isinstance(start, RetentionStart):
        return ClosedAgain(**start.model_dump())
    if isinstance(start, RecoveryStart):
        owed = TakeOver(
            case_id=start.save_case_id,
            commitments=start.commitments,
            offers=start.offers,
            steps=start.steps,
            known=start.known,
            outcome=start.outcome,
        )
    elif isinstance(start, SaveStart) and start.carried_from:
        owed = TakeOver(
            case_id=start.carried_from,
            commitments=start.commitments,
            offers=start.offers,
            known=start.known,
            corrects=start.corrects,
        )
    else:
        return None
    return (
        owed if owed.commitments or owed.offers or owed.steps or owed.known or owed.corrects or owed.outcome else None
    )


def _is_over(status: Mapping[str, Any]) -> bool:
    """Whether a case that answers so has its outcome, and takes nothing in any more."""
    return status.get("outcome") not in (None, _REJECTED)


async def _runs(handle: WorkflowHandle[Any, Any]) -> bool:
    return (await handle.describe()).status is WorkflowExecutionStatus.RUNNING


async def _exists(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether there is such a workflow, and it runs."""
    try:
        return await _runs(handle)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False


async def _carried(handle: WorkflowHandle[Any, Any]) -> TakeOver | None:
    """What a deferral that runs still carries."""
    found = await handle.query("parked")
    return TakeOver.model_validate(found) if found else None
