"""Requests to cancel: the first one opens the case of the account, each further one joins it, in one call."""

from __future__ import annotations

from typing import Any

from temporalio.client import (
    Client,
    RPCError,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError

from cli.cases import ANSWER_WITHIN, NO_WORKER
from cli.desk import Desk
from cli.exits import refused, unknown
from cli.spoken import as_typed
from models.cancellation_commands import RequestCancellation
from models.case import CaseKind, RefusalType
from models.commands import Answered
from models.contract_names import NAMES
from models.faults import TransientFault
from workflows import contract


async def request(desk: Desk, given: RequestCancellation, known_as: str) -> Answered:
    """Ask for a cancellation. The same ``known_as`` twice counts once.

    Raises ``Failure`` for what the case refuses, and for an account that nobody knows.
    """
    client = await desk.client()
    try:
        answered: Answered = await client.execute_update_with_start_workflow(
            NAMES[type(given)],
            given,
            start_workflow_operation=_opening(given),
            id=known_as,
            result_type=Answered,
            rpc_timeout=ANSWER_WITHIN,
        )
        return answered
    except WorkflowUpdateFailedError as error:
        raise _refused(error) from error
    except (WorkflowUpdateRPCTimeoutOrCancelledError, RPCError) as error:
        again = f"The request may still count: give it again with --id {known_as}, then it counts once."
        raise TransientFault(f"{NO_WORKER}. {again}") from error


async def opened(client: Client, given: RequestCancellation) -> WorkflowHandle[Any, Any]:
    """Ask for a cancellation, and give its case."""
    await client.execute_update_with_start_workflow(NAMES[type(given)], given, start_workflow_operation=_opening(given))
    return client.get_workflow_handle(contract.cancellation_id(given.account_id))


def _opening(given: RequestCancellation) -> WithStartWorkflowOperation[object, object]:
    return WithStartWorkflowOperation(
        contract.WorkflowType.CANCELLATION,
        given,
        id=contract.cancellation_id(given.account_id),
        task_queue=contract.Queue.CASES,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"cancellation: {given.account_id}",
        static_details=f"Cancellation of account **{given.account_id}**, asked for by {given.channel}.",
    )


def _refused(error: WorkflowUpdateFailedError) -> Exception:
    cause = error.cause
    if not isinstance(cause, ApplicationError):
        return TransientFault(f"the case gave no answer ({cause}); give the request again")
    if cause.type == RefusalType.UNKNOWN_ACCOUNT:
        return unknown(cause.type, cause.message)
    return refused(cause.type or "Refused", as_typed(cause.message, CaseKind.CANCELLATION))
