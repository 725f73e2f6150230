"""A recovery without any I/O, and its clock; the customer was saved at ``START``, or when its start says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models import commands as c
from models.recovery import RecoveryCase
from models.starts import CarriedCommitment, RecoveryStart
from rules.recovery import commands, lifecycle, signals
from tests.unit.rules.world import START, Drive, World, instantly, proof

PROMISE = CarriedCommitment(id="com_1", title="Bulk export", owner="p-pm", due=START + timedelta(days=20))


class Recovery(Drive):
    """A recovery and its clock."""

    case: RecoveryCase  # type: ignore[assignment]

    def __init__(self, world: World = instantly, **start: Any) -> None:
        super().__init__(world=world)
        asked = {"account_id": "acc-1", "save_case_id": "save-1", "saved_at": START} | start
        given = RecoveryStart.model_validate(asked)
        self.now, self.sent, self.history = given.begins_at or START, [], {}
        self.case = lifecycle.opened(given, "rec-1", self.now)
        self.settle()

    def settle(self) -> None:
        super().settle()
        self.history = {**getattr(self, "history", {}), **{event.n: event for event in self.case.timeline}}

    def do(self, command: object, *, settle: bool = True) -> None:
        self.case = commands.apply(self.case, command, self.now)  # type: ignore[arg-type]
        if settle:
            self.settle()

    def signal(self, signal: Any) -> None:
        self.case = signals.receive(self.case, signal, self.now)
        self.settle()

    def decide(self, step_id: str, decision: str) -> None:
        self.done(step_id, proof(self.case, step_id) | {"decision": decision})

    def close(self, outcome: str, evidence: str = "") -> None:
        self.do(c.CloseRecovery(by="p-mgr", outcome=outcome, notes="as agreed", evidence=evidence))

    def happened(self, kind: str) -> list[str]:
        return [event.text for event in self.case.timeline if event.kind == kind]
