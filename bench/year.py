"""A year of a case on the rules alone: a save of thirty days and the recovery after it, in a world that does all at once.

No server, no worker, no database: what is left is what the decisions themselves cost.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

from adapters.database import migrate
from cli import papers, sim_company
from models import commands as c
from models.account import AccountFile
from models.base import Record
from models.case import CaseKind, Sibling
from models.contact import CustomerCase
from models.effects import Action, Outcome, Verb
from models.plan import Plan
from models.save import SaveOutcome
from models.starts import SaveStart
from models.step import Step, StepState
from parts import open_parts
from rules import carrying, follow_through
from rules.recovery import commands as recovery_commands
from rules.recovery import lifecycle as recovery_lifecycle
from rules.save import commands as save_commands
from rules.save import lifecycle as save_lifecycle
from settings import CHECKOUT, Settings

SAVE, RECOVERY = "product_technical", "recovery"
OPENED = datetime.fromisoformat("2026-11-16T01:00:00+00:00")
SAVE_DAYS, YEAR_DAYS = 30, 368
_SHARE = 0.5
CSM, MANAGER = sim_company.person_id("csm"), sim_company.person_id("cs_manager")


class Year(Record):
    """What it took: seconds, effects that went out, and steps that people did."""

    seconds: float
    effects: int
    steps: int
    outcomes: tuple[str, str]


@dataclass
class Played:
    """A case and its clock. Its people do each step at half of its time."""

    case: CustomerCase
    commands: ModuleType
    file: AccountFile
    plans: Mapping[str, Plan]
    now: datetime = OPENED
    sent: list[Action] = field(default_factory=list)

    def do(self, command: c.Command) -> None:
        """A person's command, now, and all that follows from it."""
        self.case = self.commands.apply(self.case, command, self.now)
        self.settle()

    def settle(self) -> None:
        """All that is due at this moment is done."""
        self.case = follow_through.advance(self.case, self.now)
        while actions := follow_through.due(self.case, self.now):
            for action in actions:
                self.case = follow_through.start(self.case, action)
                self.case = follow_through.record(self.case, action, self._outcome(action), self.now)
            self.sent.extend(actions)
            self.case = follow_through.advance(self.case, self.now)

    def until(self, at: datetime) -> None:
        """Time passes, and the case wakes where it wants to."""
        while (wake := follow_through.next_wake(self.case, self.now)) is not None and wake <= at:
            self.now = wake
            self.settle()
        self.now = max(at, self.now)
        self.settle()

    def work(self, until: datetime) -> None:
        """The people do what is owed, each step at half of its time."""
        while owed := min(self._ahead(until), default=None):
            at, step_id = owed
            self.until(max(at, self.now))
            step = self.case.step(step_id)
            if step is not None and step.state is StepState.OPEN:
                self._complete(step)
        self.until(until)

    def done(self) -> int:
        """How many steps are done."""
        return sum(step.state is StepState.DONE for step in self.case.steps)

    def _ahead(self, until: datetime) -> list[tuple[datetime, str]]:
        running = [s for s in self.case.steps if not s.ended and s.opens and s.due]
        moments = [(s.opens + (s.due - s.opens) * _SHARE, s.id) for s in running if s.opens and s.due]
        return [(at, name) for at, name in moments if at <= until]

    def _complete(self, step: Step) -> None:
        spec, plan = self.case.spec(step.step_id), self.case.plan
        assert spec is not None
        assert plan is not None
        decision = next(iter(spec.evidence.decisions), None)
        proof = papers.evidence(plan, spec, decision, len(self.sent))
        self.do(c.CompleteStep(step_id=step.id, by=step.person or MANAGER, evidence=proof))

    def _outcome(self, action: Action) -> Outcome:
        if action.verb is Verb.LOAD_ACCOUNT:
            return Outcome(file=self.file)
        if action.verb is Verb.LOAD_PLAN:
            ask = next(ask for ask in self.case.asks if ask.id == action.subject)
            return Outcome(plan=self.plans[ask.subject])
        return Outcome(receipt=f"r-{len(self.sent)}")


async def measure() -> Year:
    """Play the year and take its time; what it is played with is read before."""
    file, plans = await _company()
    began = time.perf_counter()
    save = await asyncio.to_thread(_saved, file, plans)
    recovery = await asyncio.to_thread(_recovered, save, file, plans)
    seconds = time.perf_counter() - began
    return Year(
        seconds=seconds,
        effects=len(save.sent) + len(recovery.sent),
        steps=save.done() + recovery.done(),
        outcomes=(str(save.case.outcome), str(recovery.case.outcome)),
    )


async def _company() -> tuple[AccountFile, Mapping[str, Plan]]:
    with tempfile.TemporaryDirectory(prefix="followthrough-bench-") as home:
        settings = Settings(home=Path(home), playbooks=CHECKOUT / "playbooks")
        await migrate(settings.database)
        async with open_parts(settings) as parts:
            plans = {name: await parts.playbooks.load(name) for name in (SAVE, RECOVERY)}
            await sim_company.found(parts, plans[SAVE].policy, OPENED, lead_leaves=False)
            return await parts.crm.account_file(sim_company.ACCOUNT), plans


def _saved(file: AccountFile, plans: Mapping[str, Plan]) -> Played:
    start = SaveStart(account_id=sim_company.ACCOUNT, opened_by=CSM, reason="missing_feature", playbook=SAVE)
    played = Played(save_lifecycle.opened(start, "save-1", OPENED), save_commands, file, plans)
    played.settle()
    played.work(OPENED + timedelta(days=1))
    played.do(c.LogContact(by=CSM, channel="phone", answered=True, summary="spoke at length"))
    played.do(c.RecordRootCause(by=CSM, root_cause="missing_feature", whys=("no export",)))
    played.work(OPENED + timedelta(days=SAVE_DAYS))
    signed = "renewal R-114 of 3 May signed"
    played.do(c.CloseSave(by=MANAGER, outcome=SaveOutcome.SAVED_FULL, notes="they stay", evidence=signed))
    return played


def _recovered(save: Played, file: AccountFile, plans: Mapping[str, Plan]) -> Played:
    owed = carrying.recovery_start(save.case, Sibling(kind=CaseKind.RECOVERY, at=save.now))
    case = recovery_lifecycle.opened(owed, "recovery-1", save.now)
    played = Played(case, recovery_commands, file, plans, now=save.now)
    played.settle()
    played.work(save.now + timedelta(days=YEAR_DAYS))
    return played
