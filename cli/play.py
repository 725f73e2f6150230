"""Plays the people of a story on a running case: look, do what is due, move the clock, look again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from adapters.letters.catalogue import Catalogue
from cli.players import Deed, People
from cli.scene import Scene
from models.commands import CloseSave
from models.people import Team
from models.plan import Plan
from models.status import Status

Handle = WorkflowHandle[Any, Any]


class Clock(Protocol):
    """The clock of one case, which can be moved."""

    async def now(self) -> datetime:
        """The case's own time (UTC)."""
        ...

    async def move_to(self, at: datetime) -> None:
        """Let everything up to ``at`` (UTC) happen, and come back a little after it."""
        ...


@dataclass(frozen=True)
class Refusal:
    """A deed that the case refused, and the sentence."""

    at: datetime
    deed: Deed
    sentence: str


@dataclass
class Stage:
    """One case with all that playing it needs. ``plans`` gives the plan of a playbook by name.

    ``sitting`` is how far ahead a person works off what is before them in one go; with zero everything happens at its
    own minute, and the clock stops at each thing that falls due.
    """

    handle: Handle
    clock: Clock
    people: People
    team: Team
    catalogue: Catalogue
    plans: Callable[[str], Plan]
    sitting: timedelta = timedelta(0)
    watch: Callable[[Status, datetime], None] = lambda _status, _now: None
    refusals: list[Refusal] = field(default_factory=list)
    done: list[Deed] = field(default_factory=list)

    async def status(self) -> Status:
        """The case as it stands."""
        found: Status = await self.handle.query("status", result_type=Status)
        return found

    async def play(self, until: datetime) -> Status:
        """Play until the case is closed or its clock reaches ``until`` (UTC); gives the case as it stands then."""
        while True:
            status, now = await self.status(), await self.clock.now()
            self.watch(status, now)
            if status.outcome or now >= until:
                return status
            meant = self._meant(status)
            due = [deed for deed in meant if deed.at <= now + self.sitting]
            for deed in due:
                await self._do(deed, now)
            if due and not self.sitting:
                await self.clock.move_to(
                    now
                )  # what the deeds ask for lands, or the next look would depend on the machine
            elif not due:
                await self.clock.move_to(min(self._stop(status, next(iter(meant), None), now), until))

    def _meant(self, status: Status) -> list[Deed]:
        """What somebody means to do, the earliest first, each thing once; the closing is left to a look of its own."""
        if not status.plan:
            return []
        scene = Scene(status, self.plans(status.plan.partition("@")[0]), self.team, self.catalogue)
        refused = {refusal.deed.key for refusal in self.refusals}
        once: dict[str, Deed] = {}
        for deed in self.people.deeds(scene):
            if deed.key not in refused:
                once.setdefault(deed.key, deed)
        work = [deed for deed in once.values() if not isinstance(deed.command, CloseSave)]
        first = next(iter(once.values()), None)
        return [first] if first and first not in work else work

    def _stop(self, status: Status, deed: Deed | None, now: datetime) -> datetime:
        """The next moment at which somebody must look. In sittings reminders and breaches pass on the way."""
        ahead = [deed.at] if deed else []
        turns = [status.next_wake] if not self.sitting else [s.opens for s in status.steps if s.state == "waiting"]
        ahead += [at for at in turns if at and at > now]
        return min(ahead, default=now + timedelta(days=1))

    async def _do(self, deed: Deed, now: datetime) -> None:
        try:
            payload = deed.command.model_dump(mode="json", exclude_none=True)
            await self.handle.execute_update(deed.name, payload)
            self.done.append(deed)
        except WorkflowUpdateFailedError as error:
            if not isinstance(error.cause, ApplicationError):
                raise
            self.refusals.append(Refusal(now, deed, error.cause.message))
