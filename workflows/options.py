"""How long an activity may take and how it is tried again, by failure class. A plan names a class, never numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from models.policy import FailureClass


class ActivityOptions(TypedDict):
    """The options of ``workflow.start_activity`` that depend on the failure class."""

    start_to_close_timeout: timedelta
    schedule_to_close_timeout: timedelta
    retry_policy: RetryPolicy
    heartbeat_timeout: timedelta | None


def _class(minutes: int, seconds: int, silent_seconds: int | None = None) -> ActivityOptions:
    """Attempts end within ``minutes``, and one that says nothing for ``silent_seconds`` is over.

    What is not through by then is planned again by the case itself.
    """
    return ActivityOptions(
        start_to_close_timeout=timedelta(seconds=seconds),
        schedule_to_close_timeout=timedelta(minutes=minutes),
        retry_policy=RetryPolicy(
            initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=30)
        ),
        heartbeat_timeout=timedelta(seconds=silent_seconds) if silent_seconds else None,
    )


OPTIONS: dict[FailureClass, ActivityOptions] = {
    FailureClass.NOTIFY: _class(minutes=5, seconds=30),
    FailureClass.MONEY: _class(minutes=10, seconds=60),
    FailureClass.RECORD: _class(minutes=10, seconds=30),
    FailureClass.BULK: _class(minutes=360, seconds=7_200, silent_seconds=60),
}
