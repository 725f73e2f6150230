"""Raw values from outside, made into models of the contract; what does not fit is refused in one sentence."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel, ValidationError

    from models import misfit
    from models.case import RefusalType
    from rules.refusal import Refused

M = TypeVar("M", bound=BaseModel)
F = TypeVar("F", bound=Callable[..., Any])

NOTHING = RawValue(Payload())
"""What stands in for an input that was not sent; it reads as no JSON, where a missing argument would stop the case."""


def only(raw: RawValue, more: tuple[object, ...]) -> RawValue:
    """The input, where it is the only one; else what reads as no JSON."""
    return NOTHING if more else raw


def takes_one(function: F) -> F:
    """Show Temporal a function of one input that bears several: a surplus one must be refused, not stop the case."""
    shown = inspect.signature(function)
    one = [p for p in shown.parameters.values() if p.kind is not inspect.Parameter.VAR_POSITIONAL]
    function.__signature__ = shown.replace(parameters=one)  # type: ignore[attr-defined]
    return function


def read(model: type[M], raw: RawValue) -> M:
    """The model in a raw value. Raises ``Refused(BadPayload)`` naming what is wrong and what the model takes."""
    return fit(model, plain(raw))


def plain(raw: RawValue) -> Any:
    """The JSON value in a raw value. Raises ``Refused(BadPayload)`` where it is none."""
    try:
        return workflow.payload_converter().from_payload(raw.payload)
    except Exception:  # noqa: BLE001 whatever a codec or converter says of it, it is no JSON
        raise Refused(RefusalType.BAD_PAYLOAD, "the input is not one JSON value; send one JSON object") from None


def fit(model: type[M], value: Any) -> M:
    """``value`` as ``model``. Raises ``Refused(BadPayload)``."""
    try:
        return model.model_validate(value)
    except ValidationError as wrong:
        raise Refused(RefusalType.BAD_PAYLOAD, _sentence(model, wrong)) from None


def refusal(refused: Refused) -> ApplicationError:
    """The refusal as a caller of an Update sees it: its type, and its sentence."""
    return ApplicationError(refused.sentence, type=refused.kind.value, non_retryable=True)


def _sentence(model: type[BaseModel], wrong: ValidationError) -> str:
    fields = ", ".join(name if field.is_required() else f"{name}?" for name, field in model.model_fields.items())
    return f"{misfit.sentence(wrong, 'input')}. {model.__name__} takes {fields}"
