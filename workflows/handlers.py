"""The Updates and signals of a workflow, made from the tables of the contract: one name, one model, one way in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from models.base import Request
    from models.commands import Answered, Command
    from rules.refusal import Refused

from workflows import payloads
from workflows.shell import CaseShell

W = TypeVar("W", bound=type[CaseShell])


def speaks_contract(cls: W) -> W:
    """Give a workflow its handlers: an Update with a validator of shape for each command, a signal for each fact.

    Goes below ``@workflow.defn``. An Update and a signal may have the same name.
    """
    for name, model in cls.updates.items():
        setattr(cls, name, _update(name, model))
    for name, fact in cls.signals.items():
        setattr(cls, f"hear_{name}", _signal(name, fact))
    return cls


# Temporal takes the first parameter for ``self`` only where it has no annotation.
def _update(name: str, model: type[Command]) -> Any:
    async def handler(self, raw: RawValue = payloads.NOTHING, *more: object) -> Answered:  # type: ignore[no-untyped-def]
        return cast(Answered, await self.obey(model, payloads.only(raw, more)))

    def check(self, raw: RawValue = payloads.NOTHING, *more: object) -> None:  # type: ignore[no-untyped-def]  # noqa: ARG001
        try:
            payloads.read(model, payloads.only(raw, more))
        except Refused as refused:
            raise payloads.refusal(refused) from None

    update = workflow.update(name=name, description=_about(model))(_named(handler, name))
    update.validator(_named(check, f"check_{name}"))
    return update


def _signal(name: str, model: type[Request]) -> Any:
    def handler(self, raw: RawValue = payloads.NOTHING, *more: object) -> None:  # type: ignore[no-untyped-def]
        self.take(model, payloads.only(raw, more))

    return workflow.signal(name=name, description=_about(model))(_named(handler, f"hear_{name}"))


def _named(function: Callable[..., Any], name: str) -> Any:
    function.__name__ = name
    function.__qualname__ = name
    return payloads.takes_one(function)


def _about(model: type[Request]) -> str:
    return (model.__doc__ or "").strip()
