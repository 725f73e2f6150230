"""What follows a cancellation, without any I/O: the keeping of the data, and the memory of who left."""

from __future__ import annotations

from typing import Any

import pytest

from models import after_commands as ac
from models import commands as c
from models.case import Case
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.erasing import ErasureReceipt
from models.retention import Erased, RetentionCase
from models.starts import RetentionStart, WinBackStart
from models.step import StepState
from models.win_back import WinBackCase
from rules.refusal import Refused
from rules.retention import commands as keeping
from rules.retention import lifecycle as retention
from rules.retention import signals as keeping_signals
from rules.retention import work
from rules.win_back import commands as remembering
from rules.win_back import lifecycle as win_back
from rules.win_back import signals as remembering_signals
from tests.unit.rules.world import START, Drive, instantly, plan

STORES = tuple(content.id for content in plan("retention").step("erase_data").contents)  # type: ignore[union-attr]
HOLD = ac.LegalHoldOn(by="p-mgr", reason="court order 4711")
NOW = ac.EraseNow(by="p-mgr", verified_how="called back on the number of the contract")
ATTESTED = {store: f"SQL-77: deleted 12 rows of {store}, a count gives 0 since" for store in STORES}
LOOKED = "CS-88: looked into each store, and found nothing of them"
PURGED = "BK-12: the oldest backup that is left is of March, after the deletion"


def emptied(case: Case, action: Action) -> Outcome:
    """An outside world in which every store deletes at once."""
    if action.verb is Verb.ERASE_DATA:
        done = tuple(Erased(store=name, what=f"what {name} holds", rows=3) for name in STORES)
        return work.erased(ErasureReceipt(id=action.key, at=action.moment, stores=done))
    return instantly(case, action)


def broken(case: Case, action: Action) -> Outcome:
    """An outside world in which the deletion fails for good."""
    if action.verb is Verb.ERASE_DATA:
        return Outcome(kind=OutcomeKind.FAILED, permanent=True, reason="the product cannot delete")
    return instantly(case, action)


def offline(case: Case, action: Action) -> Outcome:
    """An outside world in which the deletion does not go through for now."""
    if action.verb is Verb.ERASE_DATA:
        return Outcome(kind=OutcomeKind.FAILED, reason="a store cannot be reached")
    return instantly(case, action)


class Former(Drive):
    """What both have: commands by a person, their refusals, and what came of them."""

    def do(self, command: object, *, settle: bool = True) -> None:
        self.case = self.commands.apply(self.case, command, self.now)
        if settle:
            self.settle()

    def signal(self, signal: Any) -> None:
        self.case = self.signals.receive(self.case, signal, self.now)
        self.settle()

    def refused(self, command: object) -> Refused:
        """The refusal of a command that must not be accepted."""
        with pytest.raises(Refused) as found:
            self.do(command)
        return found.value

    def release(self, step_id: str) -> None:
        """The owner sends the letter of a step."""
        message = next(m for m in self.case.messages if m.step == step_id and m.state == "drafted")
        self.do(c.ReleaseMessage(message_id=message.id, by=self.case.step(step_id).person))

    def skip(self, step_id: str) -> None:
        self.do(c.SkipStep(step_id=step_id, by=self.case.step(step_id).person, reason="it is of no use to them"))

    def state(self, step_id: str) -> StepState:
        return next(step.state for step in self.case.steps if step.step_id == step_id)

    def day(self, step_id: str) -> int:
        """On which day after the closure a step opens."""
        step = self.case.step(step_id)
        return (step.opens - START).days

    def times(self, verb: Verb) -> int:
        return sum(action.verb is verb for _, action in self.sent)

    def happened(self, kind: str) -> list[str]:
        return [event.text for event in self.case.timeline if event.kind == kind]


class Keeping(Former):
    """A retention and its clock; the account was closed at ``START``."""

    case: RetentionCase  # type: ignore[assignment]
    commands, signals = keeping, keeping_signals

    def __init__(self, world: Any = emptied, **start: Any) -> None:
        super().__init__()
        self.world, self.now, self.sent = world, START, []
        asked = RetentionStart(account_id="acc-1", cancellation_case_id="can-1", closed_at=START, **start)
        self.case = retention.opened(asked, "ret-1", START)
        self.settle()

    def by_hand(self, **items: str) -> c.CompleteStep:
        """A person attests that these stores are empty."""
        evidence = {"text": LOOKED, "items": items}
        return c.CompleteStep(step_id="erase_data", by="p-eng", evidence=evidence)

    def deleted(self) -> None:
        """The day of the deletion comes, and somebody looks whether everything is gone."""
        self.after(days=91)
        self.done("verify_deletion", LOOKED)


class Remembering(Former):
    """A win-back and its clock; the account was closed at ``START``."""

    case: WinBackCase  # type: ignore[assignment]
    commands, signals = remembering, remembering_signals

    def __init__(self, **start: Any) -> None:
        super().__init__()
        self.now, self.sent = START, []
        asked = WinBackStart(
            account_id="acc-1", cancellation_case_id="can-1", closed_at=START, reason="missing_feature", **start
        )
        self.case = win_back.opened(asked, "win-1", START)
        self.settle()
