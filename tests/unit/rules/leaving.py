"""A cancellation without any I/O, and its clock; the request came in at ``START``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models import cancellation_commands as cc
from models import commands as c
from models.cancellation import CancellationCase
from models.case import Case
from models.effects import Action, Outcome, Verb
from models.step import EvidenceItem, StepState
from rules.cancellation import commands, lifecycle, signals
from tests.unit.rules.world import START, Drive, World, file, instantly, plan, proof

ASKED = {"account_id": "acc-1", "channel": "email", "requested_by": "c-1", "request_id": "mail-1"}
FIGURES = {
    Verb.PREVIEW_INVOICE: {
        "total": "-1200",
        "refund": "1200",
        "refund_invoice": "inv-1",
        "balance": "0",
        "currency": "USD",
    },
    Verb.PREPARE_EXPORT: {"rows": "12", "link": "l-1", "sha256": "ab"},
    Verb.ISSUE_FINAL_INVOICE: {"total": "-1200", "currency": "USD"},
}


def company(**account: Any) -> World:
    """An outside world that does everything at once, for an account with these facts."""

    def answers(case: Case, action: Action) -> Outcome:
        if action.verb is Verb.LOAD_ACCOUNT:
            return Outcome(file=file(**({"may_cancel": ("c-1",)} | account)))
        if action.verb is Verb.LOAD_PLAN:
            return instantly(case, action)
        items = FIGURES.get(action.verb, {})
        proofs = tuple(EvidenceItem(content=name, text=text) for name, text in items.items())
        return Outcome(receipt=f"r:{action.key}", proof=proofs)

    return answers


class Leaving(Drive):
    """A cancellation and its clock."""

    case: CancellationCase  # type: ignore[assignment]

    def __init__(self, world: World | None = None, **request: Any) -> None:
        super().__init__()
        self.world = world or company()
        self.now, self.sent = START, []
        self.case = lifecycle.opened(cc.RequestCancellation.model_validate(ASKED | request), "can-1", START)
        self.settle()

    def do(self, command: object, *, settle: bool = True) -> None:
        self.case = commands.apply(self.case, command, self.now)  # type: ignore[arg-type]
        if settle:
            self.settle()

    def signal(self, signal: Any) -> None:
        self.case = signals.receive(self.case, signal, self.now)
        self.settle()

    def release(self, step_id: str) -> None:
        """The owner sends the letter of a step."""
        message = next(m for m in self.case.messages if m.step == step_id and m.state == "drafted")
        step = self.case.step(step_id)
        assert step is not None
        self.do(c.ReleaseMessage(message_id=message.id, by=step.person or "p-csm"))

    def validate(self, reason: str = "missing_feature", **more: Any) -> None:
        self.do(cc.Validate(by="p-csm", intentional=more.pop("intentional", True), reason=reason, **more))

    def confirm(self, **more: Any) -> None:
        self.do(cc.Confirm(by=more.pop("by", "p-csm"), **more))

    def confirmed(self, reason: str = "firm_decision", **more: Any) -> None:
        """Acknowledged, validated and confirmed, without a save attempt, within an hour."""
        self.release("acknowledgement")
        self.validate(reason)
        self.confirm(**more)

    def work_through(self, days: float, *, skip: tuple[str, ...] = ()) -> None:
        """Let days pass; every open step of a person is done by its owner a little after it opens."""
        end = self.now + timedelta(days=days)
        while self.now < end:
            self.until(min(self.now + timedelta(hours=3), end))
            for step in list(self.case.steps):
                self._do(step.id, skip)

    def _do(self, step_id: str, skip: tuple[str, ...]) -> None:
        step = self.case.step(step_id)
        spec = self.case.spec(step.step_id) if step else None
        if step is None or spec is None or step.state is not StepState.OPEN or step.step_id in skip or spec.command:
            return
        if spec.automatic and not step.automatic_failed:
            return
        if (
            any(m.step == step_id and m.state == "drafted" for m in self.case.messages)
            and spec.evidence.kind == "message"
        ):
            self.release(step_id)
        else:
            self.do(c.CompleteStep(step_id=step_id, by=step.person or "p-mgr", evidence=proof(self.case, step.step_id)))

    def owed(self, step_id: str, *, fast: bool = False) -> None:
        """A step of a person is done by its owner, whichever command it takes; one that nobody has to do is left."""
        step = self.case.step(step_id)
        spec = self.case.spec(step.step_id) if step else None
        if step is None or step.ended or spec is None:
            return
        match spec.command:
            case "validate":
                self.validate("firm_decision")
            case "confirm":
                week = (self.now + timedelta(days=7, hours=8)).date()  # on the customer's calendar
                self.confirm(fast=fast, exit_date=week if fast else None)
            case _:
                self._do(step_id, ())

    def happened(self, kind: str) -> list[str]:
        return [event.text for event in self.case.timeline if event.kind == kind]

    def state(self, step_id: str) -> str:
        step = next(step for step in self.case.steps if step.step_id == step_id)
        return step.state.value

    def times(self, verb: Verb) -> int:
        return sum(action.verb is verb for _, action in self.sent)


__all__ = ["ASKED", "START", "Leaving", "company", "plan"]
