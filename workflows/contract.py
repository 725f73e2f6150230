"""The names that others build on: workflow types, ids, task queues, Updates, signals, search attributes (section 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from models.case import CaseKind
    from models.case import RefusalType as RefusalType
    from models.commands import Answered as Answered
    from models.contract_names import CANCELLATION_SIGNALS as CANCELLATION_SIGNALS
    from models.contract_names import CANCELLATION_UPDATES as CANCELLATION_UPDATES
    from models.contract_names import RECOVERY_SIGNALS as RECOVERY_SIGNALS
    from models.contract_names import RECOVERY_UPDATES as RECOVERY_UPDATES
    from models.contract_names import RETENTION_SIGNALS as RETENTION_SIGNALS
    from models.contract_names import RETENTION_UPDATES as RETENTION_UPDATES
    from models.contract_names import REVIEW_SIGNALS as REVIEW_SIGNALS
    from models.contract_names import REVIEW_UPDATES as REVIEW_UPDATES
    from models.contract_names import SIGNALS as SIGNALS
    from models.contract_names import UPDATES as UPDATES
    from models.contract_names import WIN_BACK_SIGNALS as WIN_BACK_SIGNALS
    from models.contract_names import WIN_BACK_UPDATES as WIN_BACK_UPDATES
    from models.starts import RecoveryStart as RecoveryStart
    from models.starts import SaveStart as SaveStart
    from models.status import Status as Status

STATUS = "status"
"""The query that every workflow answers with ``Status``."""


class Queue(StrEnum):
    """Task queues; one worker process serves all of them unless it is told to serve one."""

    CASES = "cases"
    EMAIL = "email"
    BILLING = "billing"
    CRM = "crm"
    ACCESS = "access"
    DATA = "data"


class WorkflowType(StrEnum):
    """Workflow types by name."""

    SAVE_ATTEMPT = "SaveAttempt"
    SAVE_RECOVERY = "SaveRecovery"
    DEFERRAL = "Deferral"
    CANCELLATION = "Cancellation"
    DATA_RETENTION = "DataRetention"
    WIN_BACK = "WinBack"
    HEALTH_SWEEP = "HealthSweep"
    REVIEW = "Review"
    REVIEW_ROUND = "ReviewRound"


def save_id(account_id: str) -> str:
    """The workflow id of the save attempt of an account; one is open at a time."""
    return f"save:{account_id}"


def recovery_id(account_id: str) -> str:
    """The workflow id of the recovery of an account; one is open at a time."""
    return f"recovery:{account_id}"


def deferral_id(account_id: str) -> str:
    """The workflow id of what waits for the day on which an account decides; the day named last counts."""
    return f"deferral:{account_id}"


def cancellation_id(account_id: str) -> str:
    """The workflow id of the cancellation of an account; one is open at a time."""
    return f"cancellation:{account_id}"


def retention_id(account_id: str) -> str:
    """The workflow id of what keeps and then deletes the data of a closed account."""
    return f"retention:{account_id}"


def win_back_id(account_id: str) -> str:
    """The workflow id of what remembers an account that left."""
    return f"win-back:{account_id}"


SWEEP = "sweep"
"""The workflow id of the sweep of the whole portfolio, and of its schedule."""


def sweep_id(account_id: str) -> str:
    """The workflow id of what judges one account at once."""
    return f"{SWEEP}:{account_id}"


def review_id(name: str) -> str:
    """The workflow id of a review by its name, such as ``portfolio.usr-01.2026-W48``."""
    return f"review:{name}"


def review_round_id(review: str) -> str:
    """The workflow id of what begins the reviews of that name, and of its schedule."""
    return f"review-round:{review}"


_IDS = {
    CaseKind.SAVE: save_id,
    CaseKind.RECOVERY: recovery_id,
    CaseKind.DEFERRAL: deferral_id,
    CaseKind.CANCELLATION: cancellation_id,
    CaseKind.RETENTION: retention_id,
    CaseKind.WIN_BACK: win_back_id,
    CaseKind.REVIEW: review_id,
}


def workflow_id(kind: CaseKind, account_id: str) -> str:
    """The workflow id of the case of that kind that an account has open; a review goes by its name."""
    return _IDS[kind](account_id)


ACCOUNT_ID = SearchAttributeKey.for_keyword("AccountId")
CASE_STAGE = SearchAttributeKey.for_keyword("CaseStage")
PLAYBOOK = SearchAttributeKey.for_keyword("Playbook")
ROOT_CAUSE = SearchAttributeKey.for_keyword("RootCause")
SEVERITY = SearchAttributeKey.for_keyword("Severity")
OWNER = SearchAttributeKey.for_keyword("Owner")
OUTCOME = SearchAttributeKey.for_keyword("Outcome")
OVERDUE = SearchAttributeKey.for_bool("Overdue")
NEXT_DUE = SearchAttributeKey.for_datetime("NextDue")
ARR = SearchAttributeKey.for_float("Arr")

ALL_KEYS: tuple[SearchAttributeKey[Any], ...] = (
    ACCOUNT_ID,
    CASE_STAGE,
    PLAYBOOK,
    ROOT_CAUSE,
    SEVERITY,
    OWNER,
    OUTCOME,
    OVERDUE,
    NEXT_DUE,
    ARR,
)

SEARCH_ATTRIBUTES: dict[str, SearchAttributeIndexedValueType] = {
    key.name: SearchAttributeIndexedValueType(key.indexed_value_type) for key in ALL_KEYS
}
"""Every search attribute and its type, for the registration on a cluster."""
