"""A case on the rules alone, in a world that does everything at once: no server, no worker, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType

from cli import papers
from models import commands as c
from models.case import MessageState, TimelineEvent
from models.contact import CustomerCase
from models.effects import Action, Outcome
from models.step import Step, StepState
from rules import follow_through

World = Callable[[CustomerCase, Action], Outcome]


@dataclass
class Rehearsal:
    """A case and its clock (UTC). ``share`` is the part of a step's time after which its owner does it.

    ``stand_in`` does what nobody holds. What left the case is in ``sent``, what was written down in ``events``.
    """

    case: CustomerCase
    commands: ModuleType
    world: World
    now: datetime
    stand_in: str
    share: float = 0.5
    sent: list[tuple[datetime, Action]] = field(default_factory=list)
    _events: dict[int, TimelineEvent] = field(default_factory=dict)

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """All that happened, in order; the case itself carries the last part of it."""
        return tuple(self._events[n] for n in sorted(self._events))

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
                self.case = follow_through.record(self.case, action, self.world(self.case, action), self.now)
            self.sent.extend((self.now, action) for action in actions)
            self.case = follow_through.advance(self.case, self.now)
        self._events.update((event.n, event) for event in self.case.timeline)

    def until(self, at: datetime) -> None:
        """Time passes, and the case wakes where it wants to."""
        while (wake := follow_through.next_wake(self.case, self.now)) is not None and wake <= at:
            self.now = wake
            self.settle()
        self.now = max(at, self.now)
        self.settle()

    def work(self, until: datetime) -> None:
        """The people do what is owed; a step that a command ends is left to whoever gives the command."""
        while not self.case.closed and (owed := min(self._ahead(until), default=None)):
            at, step_id = owed
            self.until(max(at, self.now))
            step = self.case.step(step_id)
            if step is not None and step.state is StepState.OPEN:
                self._complete(step)
        if not self.case.closed:
            self.until(until)

    def done(self) -> int:
        """How many steps are done."""
        return sum(step.state is StepState.DONE for step in self.case.steps)

    def _ahead(self, until: datetime) -> Iterator[tuple[datetime, str]]:
        for step in self.case.steps:
            spec = self.case.spec(step.step_id)
            if step.ended or spec is None or spec.command or step.opens is None or step.due is None:
                continue
            if step.state is StepState.WAITING and step.opens <= self.now:
                continue  # it waits for others
            at = step.opens + (step.due - step.opens) * self.share
            if at <= until:
                yield at, step.id

    def _complete(self, step: Step) -> None:
        spec, plan = self.case.spec(step.step_id), self.case.plan
        assert spec is not None
        assert plan is not None
        by = step.person or self.stand_in
        draft = next((m for m in self.case.messages if m.step == step.id and m.state is MessageState.DRAFTED), None)
        if draft is not None and spec.evidence.kind == "message":
            self.do(c.ReleaseMessage(message_id=draft.id, by=by))
            return
        decision = next(iter(spec.evidence.decisions), None)
        proof = papers.evidence(plan, spec, decision, len(self.sent))
        self.do(c.CompleteStep(step_id=step.id, by=by, evidence=proof))
