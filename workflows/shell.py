"""The durable shell: the loop that every case runs in, whatever its lifecycle."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from models.base import Record, Request
    from models.case import Ask, Case, RefusalType
    from models.commands import Answered, Command
    from models.contract_names import NAMES
    from models.effects import Action
    from models.status import Status
    from rules import asking, briefing, follow_through, hearing, replying, status, summaries
    from rules.edit import say
    from rules.refusal import Refused

from workflows import payloads, publishing
from workflows.lanes import Lanes

_REMEMBERED = 50  # answers that go along to the next run: a repeated command comes soon or never
Change = Callable[[Any, datetime], Any]
K = TypeVar("K", bound=Case)
S = TypeVar("S", bound=Request)


_NEWEST = workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE


class Carried(Record):
    """What one run of a case hands to the next: the case as JSON, and what it answered last, by Update id."""

    resumed: Any
    answers: dict[str, Answered] = {}


@dataclass(frozen=True)
class Opening(Generic[S, K]):
    """How a workflow opens its case: what it is called, its start input, the id it must have, and the rule."""

    name: str
    model: type[S]
    workflow_id: Callable[[S], str]
    opened: Callable[[S, str, datetime], K]


class CaseShell(ABC):
    """A case as a workflow. A workflow gives ``updates`` and ``signals``; its ``run`` opens the case and follows it."""

    updates: ClassVar[dict[str, type[Command]]] = {}
    signals: ClassVar[dict[str, type[Request]]] = {}
    longest_history: ClassVar[int | None] = None

    def __init__(self) -> None:
        self.case: Any = None
        self._lanes = Lanes()
        self._shown = publishing.Shown()
        self._changed = False
        self._timer: asyncio.Task[None] | None = None
        self._alarm: datetime | None = None
        self._early: list[Change] = []
        self._answers: dict[str, Answered] = {}

    @abstractmethod
    def apply(self, case: Any, command: Command, now: datetime) -> Any:
        """The case after a person's command. Raises ``Refused``."""

    @abstractmethod
    def receive(self, case: Any, signal: Request, now: datetime) -> Any:
        """The case after a signal; never raises."""

    def now(self) -> datetime:
        """The time of the case (UTC): not before it began, where the clock of the case that started it is ahead."""
        at = workflow.now()
        return at if self.case is None else max(at, self.case.opened_at)

    async def follow(self) -> Any:
        """Follow the case until it is closed and nothing is owed; then give the final case."""
        self._catch_up()
        while not follow_through.is_settled(self.case):
            for action in self._startable():
                self._lanes.start(self.case, action)
                self.case = follow_through.start(self.case, action)
            seen = self._publish()
            self._maybe_continue_as_new()
            await self._wake(seen.next_wake)
            self._catch_up()
        self._publish()
        self._set_alarm(None)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.case

    async def obey(self, model: type[Command], raw: RawValue) -> Answered:
        """Answer an Update: wait until the case is loaded, apply the command, wait for what it asks from outside.

        An id that was answered counts once; the server knows the ids of one run only, so that they go along to the next.
        """
        info = workflow.current_update_info()
        update_id = info.id if info else ""
        try:
            command = payloads.read(model, raw)
            # first: until then a new run does not know the old answers
            await workflow.wait_condition(lambda: self._is_ready(command))
            if update_id in self._answers:
                return self._answers[update_id]
            return self._remember(update_id, await self._answer(command))
        except Refused as refused:
            raise payloads.refusal(refused) from None
        finally:
            self._changed = True

    def take(self, model: type[Request], raw: RawValue) -> None:
        """Take a signal: nothing is raised, whatever it holds; what cannot be used is recorded."""
        try:
            signal = payloads.read(model, raw)
        except Refused as refused:
            sentence = refused.sentence
            self._later(lambda case, now: hearing.refuse(case, NAMES[model], sentence, None, now))
        else:
            self._later(lambda case, now: self.receive(case, signal, now))

    @workflow.query
    def status(self) -> Status:
        """The whole of the case: stage, plan, what is due and overdue, who owes it, and its history."""
        if self.case is None:
            raise Refused(RefusalType.UNKNOWN_CASE, "the case is being opened; ask again in a moment")
        return status.of(self.case, self.now())

    def _remember(self, update_id: str, answer: Answered) -> Answered:
        self._answers = dict([*self._answers.items(), (update_id, answer)][-_REMEMBERED:])
        return answer

    def begin(self, kind: type[K], value: Any, opening: Opening[S, K]) -> K:
        """The case as its start input opens it, or as the run before left it. Raises ``Refused(BadPayload)``."""
        if workflow.info().continued_run_id:
            return self.go_on(kind, value)
        start = payloads.fit(opening.model, value)
        expected = opening.workflow_id(start)
        if workflow.info().workflow_id != expected:
            raise Refused(RefusalType.BAD_PAYLOAD, f"the {opening.name} of this account has the workflow id {expected}")
        return opening.opened(start, str(workflow.uuid4()), workflow.now())

    def go_on(self, kind: type[K], value: Any) -> K:
        """The case as the run before left it; what that run has answered stays answered.

        A field that this version does not know is left out. A case that cannot be read stops its workflow task, and goes
        on once the code is put right; a refusal would end the case with all that it owes.
        """
        carried = Carried.model_validate(value)
        self._answers = dict(carried.answers)
        return kind.model_validate(carried.resumed, extra="ignore")

    def _is_loaded(self) -> bool:
        return self.case is not None and (self.case.plan is not None or self.case.closed)

    def _is_ready(self, command: Command) -> bool:
        """Whether a command finds the plan or the brief that was asked for before it, as far as it can be had now."""
        if not self._is_loaded():
            return False
        now = self.now()
        return not (follow_through.changes_plan(self.case, now) or briefing.waits(self.case, command, now))

    async def _answer(self, command: Command) -> Answered:
        before = self.case
        self.case = self._applied(command, self.now())
        self._changed = True
        ask = asking.find(self.case, f"ask-{self.case.asked}") if self.case.asked > before.asked else None
        if ask and ask.awaited:
            answered = await self._await_ask(ask)
            if answered.refusal:
                raise Refused(answered.refusal, answered.sentence)
            if answered.sentence:
                return self._answered(before, answered.sentence)
        return self._answered(before)

    def _applied(self, command: Command, now: datetime) -> Any:
        """The case after the command. A fault of ours harms neither the case nor the commands of others."""
        try:
            case = self.apply(follow_through.advance(self.case, now), command, now)
            return follow_through.put_off(case, now)
        except Refused:
            raise
        except Exception as fault:
            workflow.logger.exception("a command could not be applied")
            sentence = (
                f"'{NAMES[type(command)]}' ran into a fault of the software ({type(fault).__name__}); nothing changed"
            )
            raise Refused(RefusalType.INTERNAL_FAULT, sentence) from fault

    async def _await_ask(self, ask: Ask) -> Ask:
        """Wait until the loop has the result of an ask, or nobody needs to wait for it any more."""

        def found() -> Ask:
            return asking.find(self.case, ask.id) or ask

        await workflow.wait_condition(lambda: found().answered or not found().awaited)
        answer = found()
        if answer.answered:
            self.case = asking.without(self.case, ask.id)
        return answer

    def _answered(self, before: Case, sentence: str = "") -> Answered:
        now = self.now()
        return Answered(
            said=sentence or replying.said(self.case, before.events) or "done",
            stage=self.case.stage,
            next_due=status.next_ahead(self.case, now),
            overdue_since=status.overdue_since(self.case, now),
        )

    def _later(self, change: Change) -> None:
        """Apply a signal as soon as there is a case with its team and plan to apply it to, else at once."""
        self._early.append(change)
        self._changed = True
        self._apply_signals()

    def _apply_signals(self) -> None:
        while self._early and self._is_loaded():
            self.case = self._heard(self._early.pop(0))

    def _heard(self, signal: Any) -> Any:
        """The case after a signal. A fault of ours harms neither the case nor what comes after it, and is told."""
        try:
            return signal(self.case, self.now())
        except Exception as fault:  # noqa: BLE001 - nobody waits for a signal, and its fault must not stop the case
            workflow.logger.exception("a signal could not be applied")
            return say(self.case, self.now(), "signal_failed", f"a fault of the software: {type(fault).__name__}")

    def _catch_up(self) -> None:
        """The results of finished lanes, in the order in which they were started; then what time alone has changed."""
        for action, outcome in self._lanes.collect(self.now()):
            publishing.count(action, outcome)
            self.case = follow_through.record(self.case, action, outcome, self.now())
        self._apply_signals()
        self.case = follow_through.advance(self.case, self.now())

    def _startable(self) -> list[Action]:
        """What is due; before continue-as-new only where somebody waits, so that the lanes run empty."""
        resting = self._moves_on()
        due = follow_through.due_for_waiting if resting else follow_through.due
        return due(self.case, self.now())

    def _publish(self) -> Status:
        """Show the case in Temporal, and give what was shown."""
        seen = status.of(self.case, self.now())
        self._shown = publishing.publish(self.case, seen, self._shown)
        return seen

    def _maybe_continue_as_new(self) -> None:
        """Go on in a fresh history once nothing is under way and nobody waits; waiting here would lock a handler out."""
        idle = self._lanes.idle and not self._changed and not self._early
        if idle and self._moves_on() and workflow.all_handlers_finished():
            carried = Carried(resumed=self.case.model_dump(mode="json"), answers=self._answers)
            workflow.continue_as_new(args=[carried], initial_versioning_behavior=_NEWEST)

    def _moves_on(self) -> bool:
        """Whether to go on in a fresh history: the present one is long, as the server says or as the workflow is sized,
        or the workers have a newer version."""
        info = workflow.info()
        sized = self.longest_history and info.get_current_history_length() >= self.longest_history
        newer = info.is_target_worker_deployment_version_changed()
        return info.is_continue_as_new_suggested() or newer or bool(sized)

    async def _wake(self, at: datetime | None) -> None:
        """Sleep until the case changes, a lane ends, or the next thing falls due. One timer, kept while it is right."""
        if at != self._alarm:
            self._set_alarm(at)
        await workflow.wait_condition(lambda: self._changed or self._lanes.any_landed() or self._rang())
        self._changed = False

    def _set_alarm(self, at: datetime | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer, self._alarm = None, at
        if at:
            delay = max(_whole_second(at) - workflow.now(), timedelta(milliseconds=1))
            self._timer = asyncio.ensure_future(workflow.sleep(delay, summary=summaries.of_wake(self.case, at)))

    def _rang(self) -> bool:
        """Whether the timer went off; it is set anew then."""
        rang = self._timer is not None and self._timer.done()
        if rang:
            self._timer, self._alarm = None, None
        return rang


def _whole_second(at: datetime) -> datetime:
    """That moment or the next whole second, so that what falls due within one second is done at one waking."""
    return at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)
