"""From the faults of adapters to the failures that Temporal retries or hands to the case, without personal data."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from models.case import RefusalType
from models.faults import UNEXPECTED, Held, PermanentFault, TransientFault

HELD = "Held"
TRANSIENT = "Transient"

Self = TypeVar("Self")
Asked = TypeVar("Asked")
Result = TypeVar("Result")
Method = Callable[[Self, Asked], Coroutine[Any, Any, Result]]


def reporting_faults(method: Method[Self, Asked, Result]) -> Method[Self, Asked, Result]:
    """Let an activity raise only ``ApplicationError``.

    ``PermanentFault`` becomes its kind and is final. ``Held`` is final for Temporal, since the case itself waits; its
    details are the moment (ISO, UTC) and the seconds until then, for a case whose own clock is ahead. What may go
    through later is ``Transient``; anything else is ``Unexpected``, logged without its text, and tried again.
    """

    @functools.wraps(method)
    async def reporting(self: Self, request: Asked) -> Result:
        try:
            return await method(self, request)
        except ApplicationError:
            raise
        except Exception as fault:  # noqa: BLE001 an activity's boundary: whatever it is, it becomes a failure
            # The cause stays behind: its text may quote what it was working on.
            raise as_failure(fault) from None

    return reporting


def as_failure(fault: Exception) -> ApplicationError:
    """The failure that stands for a fault of an adapter."""
    if isinstance(fault, PermanentFault):
        return ApplicationError(fault.sentence, type=fault.kind, non_retryable=True)
    if isinstance(fault, Held):
        return _held(fault)
    if isinstance(fault, TransientFault):
        return ApplicationError(str(fault), type=TRANSIENT)
    if isinstance(fault, ValidationError):
        return ApplicationError(_wrong_fields(fault), type=RefusalType.BAD_PAYLOAD, non_retryable=True)
    return _unexpected(fault)


def _held(fault: Held) -> ApplicationError:
    seconds = max(0.0, (fault.until - datetime.now(UTC)).total_seconds())
    return ApplicationError(
        fault.sentence,
        fault.until.isoformat(),
        seconds,
        type=HELD,
        non_retryable=True,
        category=ApplicationErrorCategory.BENIGN,
    )


def _wrong_fields(fault: ValidationError) -> str:
    """Which fields are wrong and why, without their values."""
    found = fault.errors(include_input=False, include_url=False, include_context=False)
    wrong = (f"{'.'.join(str(part) for part in error['loc']) or 'the whole'} ({error['type']})" for error in found)
    return f"{fault.title} does not fit: {'; '.join(wrong)}"


def _unexpected(fault: Exception) -> ApplicationError:
    kind = type(fault).__name__
    where = "".join(traceback.format_tb(fault.__traceback__))
    activity.logger.error("unexpected %s in an activity:\n%s", kind, where)
    return ApplicationError(f"an unexpected {kind} happened; the worker's log says where", type=UNEXPECTED)
