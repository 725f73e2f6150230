"""The open cases of an account, asked and told on Temporal by those who erase its data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from temporalio.client import Client, RPCError, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCStatusCode

from models.after_commands import DataErased
from models.contract_names import NAMES
from models.faults import TransientFault


class TemporalCases:
    """``AccountCases`` over the client of the worker."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def owed_before(self, workflow_ids: Sequence[str]) -> tuple[str, ...]:
        """See AccountCases."""
        return tuple([step for each in workflow_ids for step in await self._owed(each)])

    async def tell(self, workflow_ids: Sequence[str], erased: DataErased) -> None:
        """See AccountCases."""
        for each in workflow_ids:
            await self._told(each, erased)

    async def _owed(self, workflow_id: str) -> list[str]:
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            if (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                return []
            seen: dict[str, Any] = await handle.query("status")
        except WorkflowQueryFailedError as error:
            raise TransientFault(f"{workflow_id} did not say what it still owes") from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return []
            raise _unreached(workflow_id, error) from error
        return list((seen.get("leaving") or {}).get("before_erasure", ()))

    async def _told(self, workflow_id: str, erased: DataErased) -> None:
        try:
            await self._client.get_workflow_handle(workflow_id).signal(NAMES[DataErased], erased)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise _unreached(workflow_id, error) from error


def _unreached(workflow_id: str, error: RPCError) -> TransientFault:
    return TransientFault(f"Temporal did not reach {workflow_id} ({error.status.name})")
