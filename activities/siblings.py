"""Cases that another case starts: as siblings and not as children, since an open child would hold its parent's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from temporalio import activity
from temporalio.client import Client, RPCError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from activities.faults import reporting_faults
from models.base import Request
from models.case import RefusalType
from models.faults import PermanentFault, TransientFault
from models.work import Receipt, StartCase

_QUEUE = "cases"
_WAITING = "DeferredDecision"


class SiblingActivities:
    """What a case asks of Temporal itself."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @activity.defn
    @reporting_faults
    async def start_case(self, request: StartCase) -> Receipt:
        """Start a case of the account, or reach the one that is open; tell it the signal where there is one.

        The same request again reaches the case that the first one started. The receipt is its workflow and run.
        """
        start = request.recovery or request.save
        if start is None:
            raise PermanentFault(RefusalType.BAD_PAYLOAD, "a case to start needs its start input")
        try:
            return await self._start(request, start)
        except RPCError as error:
            raise TransientFault(f"Temporal did not start {request.workflow_id} ({error.status.name})") from error

    async def _start(self, request: StartCase, start: Request) -> Receipt:
        told: dict[str, Any] = {"start_signal": "risk_signal", "start_signal_args": [request.signal]}
        waits = request.not_before is not None
        handle = await self._client.start_workflow(
            _WAITING if waits else request.workflow_type,
            request if waits else start,
            id=f"decision:{request.account_id}:{request.case_id}" if waits else request.workflow_id,
            task_queue=_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=request.summary,
            **(told if request.signal and not waits else {}),
        )
        run = handle.first_execution_run_id or handle.result_run_id or ""
        return Receipt(id=f"{handle.id}/{run}".rstrip("/"), at=datetime.now(UTC))
