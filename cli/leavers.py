"""The people of a story in which a customer leaves, and of what follows. Pure: a scene and a seed decide everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cli.players import Deed, People, Story
from cli.scene import Scene
from models import cancellation_commands as cc
from models.base import Command
from models.offer_commands import Decision
from models.people import PersonId
from models.plan import StepSpec
from models.status import StepStatus

WORDS = "email 88213: 'we stay after all'"
_IN_A_HURRY = timedelta(days=7)


class Leavers(People):
    """Everybody of one cancellation or retention: they do what is theirs, and answer what the case waits for.

    ``withdraws_on`` is the day after the opening on which the customer stays after all; ``fast`` asks for the short plan.
    """

    def __init__(
        self, story: Story, *, reason: str = "firm_decision", fast: bool = False, withdraws_on: int | None = None
    ) -> None:
        super().__init__(story)
        self._reason = reason
        self._fast = fast
        self._withdraws_on = withdraws_on

    def deeds(self, scene: Scene) -> list[Deed]:
        """Everything that somebody means to do, as things stand, the earliest first."""
        if scene.status.outcome:
            return []
        found = [*self._steps(scene), *self._staying(scene)]
        return sorted(found, key=lambda deed: (deed.at, deed.rank, deed.key))

    def _doing(self, scene: Scene, step: StepStatus, spec: StepSpec, person: PersonId, at: datetime) -> Iterator[Deed]:
        if spec.command is None:
            yield from super()._doing(scene, step, spec, person, at)
        elif (answer := self._answer(spec, person, at)) is not None:
            yield Deed(at, 1, answer)

    def _answer(self, spec: StepSpec, by: PersonId, at: datetime) -> Command | None:
        """What the step's own command says; nobody invites twice, and a save talk is a case of its own."""
        match spec.command:
            case "validate":
                return cc.Validate(by=by, intentional=True, reason=self._reason)
            case "confirm":
                return cc.Confirm(by=by, fast=self._fast, exit_date=at.date() + _IN_A_HURRY if self._fast else None)
            case "decide_approval":
                kept = "the terms were read and are kept"
                return cc.DecideLeaving(by=by, approval_id=spec.id, decision=Decision.APPROVED, reason=kept)
            case "answer_save_invitation":
                return cc.AnswerSaveInvitation(by=by, accepted=False, words="no, thank you")
            case _:
                return None

    def _staying(self, scene: Scene) -> Iterator[Deed]:
        """The customer stays after all, on the day that the story says."""
        left = scene.status.leaving
        if self._withdraws_on is None or left is None or left.confirmed_at is None or left.withdrawn_at:
            return
        at = scene.status.opened_at + timedelta(days=self._withdraws_on)
        yield Deed(at, 5, cc.Withdraw(confirmed_by_customer=WORDS))
