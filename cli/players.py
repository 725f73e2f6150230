"""The people of a story: who does what, when, and how the case ends. Pure: a scene and a seed decide everything.

Nothing is remembered between two questions; what was done already is read from the case, as a real team would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from cli import bargaining, papers, timing
from cli.bargaining import Bargain
from cli.scene import (
    Scene,
    acting_lead,
    calendar_of,
    cause_of,
    deputy,
    first_breach,
    first_event,
    is_manual,
    lead,
    manager,
    spec_of,
    stand_in,
    with_owner_since,
    without_offers,
)
from models import commands as c
from models.base import Record
from models.case import MessageState
from models.contract_names import NAMES
from models.people import PersonId
from models.plan import Channel, StepSpec
from models.policy import COMMITMENTS
from models.promise import PromiseSource
from models.save import Answer, Probability, SaveableAnswers, SaveOutcome, SaveStage
from models.status import StepStatus
from models.step import StepState

_SAVED = (SaveOutcome.SAVED_FULL, SaveOutcome.SAVED_PARTIAL, SaveOutcome.PAUSED)
_PROOF = {
    SaveOutcome.SAVED_FULL: "renewal signed, contract 2027-114",
    SaveOutcome.SAVED_PARTIAL: "reduced contract signed, contract 2027-115",
    SaveOutcome.PAUSED: "pause agreed in writing until the end of the quarter",
    SaveOutcome.DECLINED_CONVERSATION: "'please do not call again, our decision stands'",
}
_WHYS = (
    "the team went back to spreadsheets",
    "the import stops half way",
    "large files time out",
    "the limit was never raised",
    "nobody owned the report",
)
_LATE_ENDINGS = (SaveOutcome.LOST, SaveOutcome.LOST, SaveOutcome.SAVED_PARTIAL, SaveOutcome.DEFERRED)


class Manner(StrEnum):
    """What the people of a story are like."""

    DILIGENT = "diligent"
    LATE = "late"
    ABSENT = "absent"


class Story(Record):
    """How one case is played. ``ending`` and ``ends_on_day`` are left to the manner and the seed where they are absent.

    ``decisions`` picks the decision of a step; ``root_cause`` is what they find, by default one that picks the playbook
    in force, ``bargain`` what is offered and accepted; ``horizon_days`` is when a case is over at the latest. With
    ``open_end`` nobody closes the case.
    """

    manner: Manner
    seed: int = 1
    ending: SaveOutcome | None = None
    ends_on_day: int | None = None
    decisions: dict[str, str] = {}
    root_cause: str | None = None
    bargain: Bargain | None = None
    open_end: bool = False
    locale: str = "en"
    horizon_days: int = 32


@dataclass(frozen=True)
class Deed:
    """A command that a person gives at a moment (UTC); ``rank`` orders what one person does at once."""

    at: datetime
    rank: int
    command: c.Command

    @property
    def name(self) -> str:
        """The Update's name in the contract."""
        return NAMES[type(self.command)]

    @property
    def key(self) -> str:
        """What the deed is about, so that one that was refused is not tried for ever."""
        about = getattr(self.command, "step_id", None) or getattr(self.command, "message_id", None) or ""
        return f"{self.name}:{about}"


class People:
    """Everybody of one story."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def deeds(self, scene: Scene) -> list[Deed]:
        """Everything that somebody means to do, as things stand, the earliest first."""
        if scene.status.outcome:
            return []
        found = [*self._steps(scene), *self._reaching_out(scene), *self._judging(scene), *self._ending(scene)]
        found += [Deed(at, 5, given) for at, given in self._bargaining(scene)]
        return sorted(found, key=lambda deed: (deed.at, deed.rank, deed.key))

    def _luck(self, *about: object) -> Random:
        return Random("/".join(map(str, (self._story.seed, *about))))

    def _steps(self, scene: Scene) -> Iterator[Deed]:
        for step in scene.status.steps:
            spec = spec_of(scene.plan, step)
            if step.state is not StepState.OPEN or spec is None or step.person is None:
                continue
            if bargaining.waits_for_offer(scene, spec):
                continue
            at = self._moment(scene, step, spec, step.person)
            if at is not None:
                yield from self._doing(scene, step, spec, step.person, at)

    def _moment(self, scene: Scene, step: StepStatus, spec: StepSpec, person: PersonId) -> datetime | None:
        if step.opens is None or step.due is None or (spec.automatic and not is_manual(scene.status, step)):
            return None
        start = max(step.opens, with_owner_since(scene.status, step.id) or step.opens)
        slot = timing.Slot(start, step.due, scene.team.calendar(calendar_of(scene.team, person)))
        luck = self._luck("step", step.id)
        if self._story.manner is Manner.LATE:
            return timing.late(slot, luck, first=spec.respond, often=spec.task)
        if self._story.manner is Manner.ABSENT and self._is_out_of_reach(scene, spec, person):
            return None
        return timing.diligent(slot, luck)

    def _is_out_of_reach(self, scene: Scene, spec: StepSpec, person: PersonId) -> bool:
        """The absent owner does nothing, and the customer answers nobody; what is only written can go out."""
        return person == lead(scene) or (spec.customer_facing and spec.evidence.kind != "message")

    def _doing(self, scene: Scene, step: StepStatus, spec: StepSpec, person: PersonId, at: datetime) -> Iterator[Deed]:
        if spec.reaches == SaveStage.CONTACTED and not first_event(scene.status, "contact"):
            said = c.LogContact(by=person, channel=Channel.PHONE, answered=True, summary="they told us what hurts most")
            yield Deed(at, 0, said)
        draft = next((m for m in scene.status.messages if m.step == step.id and m.state is MessageState.DRAFTED), None)
        if draft is not None:
            yield Deed(at, 1, self._release(scene, draft.id, draft.template, person, at))
        if spec.template is None or spec.evidence.kind != "message":
            given = papers.evidence(
                scene.plan, spec, self._decision(scene, spec), self._luck(step.id).randint(1200, 8900)
            )
            if spec.evidence.kind == COMMITMENTS and not scene.status.commitments:
                yield Deed(at, 1, self._promised(person, at))
                return
            if spec.evidence.kind == COMMITMENTS:
                given = given.model_copy(update={"text": ", ".join(one.id for one in scene.status.commitments)})
            yield Deed(at, 2, c.CompleteStep(by=person, step_id=step.id, evidence=given))

    def _decision(self, scene: Scene, spec: StepSpec) -> str | None:
        choices = without_offers(scene.plan, spec)
        return self._story.decisions.get(spec.id) or (
            self._luck("decide", spec.id).choice(choices) if choices else None
        )

    def _release(self, scene: Scene, message: str, template: str, by: PersonId, at: datetime) -> c.ReleaseMessage:
        sent = sum(m.state is MessageState.SENT for m in scene.status.messages)
        luck = self._luck("message", message)
        words = papers.edits(scene.catalogue, template, self._story.locale, at, luck, sent)
        return c.ReleaseMessage(by=by, message_id=message, edits=words)

    def _reaching_out(self, scene: Scene) -> Iterator[Deed]:
        """Where the owner is absent, the manager takes over after the first breach, and the customer answers nobody."""
        breach = first_breach(scene.status)
        if self._story.manner is not Manner.ABSENT or breach is None or scene.status.proposals:
            return
        tried = [event.at for event in scene.status.timeline if event.kind == "contact"]
        by = stand_in(scene, max(tried, default=breach) + timedelta(hours=36)) if tried else manager(scene)
        if by is None:
            return
        luck = self._luck("attempt", len(tried))
        wait = timedelta(hours=luck.randint(26, 50)) if tried else timedelta(minutes=luck.randint(60, 180))
        at = timing.working(scene.team, by, max(tried, default=breach) + wait)
        missed = c.LogContact(by=by, channel=Channel.PHONE, answered=False, summary="no answer, left a message")
        yield Deed(at, 0, missed)
        yield from self._covering(scene, breach)

    def _covering(self, scene: Scene, breach: datetime) -> Iterator[Deed]:
        """A lead who is merely silent, not on leave, is replaced by the manager."""
        silent, boss, substitute = lead(scene), manager(scene), deputy(scene)
        known = scene.team.person(silent) if silent else None
        owes = any(s.person == silent and s.state is StepState.OPEN for s in scene.status.steps)
        if boss and substitute and owes and known and not known.absences:
            at = timing.working(scene.team, boss, breach + timedelta(hours=5))
            yield Deed(at, 0, c.Assign(by=boss, role=scene.plan.policy.lead_role, person=substitute))

    def _judging(self, scene: Scene) -> Iterator[Deed]:
        """After the first conversation: the saveable test, then the root cause."""
        spoken = next((e.at for e in scene.status.timeline if e.kind == "contact" and "no answer" not in e.text), None)
        by = acting_lead(scene, spoken) if spoken else None
        if spoken is None or by is None or self._story.manner is Manner.ABSENT:
            return
        slack = 3 if self._story.manner is Manner.LATE else 1
        if not first_event(scene.status, "triage"):
            yield Deed(timing.working(scene.team, by, spoken + timedelta(hours=slack)), 3, self._triage(by))
        rule = self._story.root_cause or cause_of(scene.plan)
        if scene.status.root_cause is None and rule is not None:
            why = _WHYS[: self._luck("whys").randint(3, 5)]
            at = timing.working(scene.team, by, spoken + timedelta(hours=9 * slack))
            yield Deed(at, 4, c.RecordRootCause(by=by, root_cause=rule, whys=why))

    def _bargaining(self, scene: Scene) -> Iterator[tuple[datetime, c.Command]]:
        if bargain := self._story.bargain or bargaining.owed(scene):
            yield from bargaining.words(scene, bargain)

    def _triage(self, by: PersonId) -> c.Triage:
        hopeless = self._story.ending is SaveOutcome.LET_GO
        gate = Answer.NO if hopeless else Answer.YES
        answers = SaveableAnswers(
            can_solve=gate,
            still_needed=Answer.YES,
            will_work_with_us=Answer.YES,
            economics=Answer.YES,
            good_for_us=Answer.YES,
        )
        return c.Triage(by=by, answers=answers, probability=Probability.LOW if hopeless else Probability.MEDIUM)

    def _ending(self, scene: Scene) -> Iterator[Deed]:
        outcome = self._outcome(scene)
        at = None if self._story.open_end else self._end_moment(scene, outcome)
        if at is None:
            return
        bossy = outcome in (SaveOutcome.LET_GO, SaveOutcome.NO_CONTACT)
        by = manager(scene) if bossy else acting_lead(scene, at)
        if by is None:
            return
        at = timing.working(scene.team, by, at)
        decided = at + timedelta(days=60) if outcome is SaveOutcome.DEFERRED else None
        notes, proof = f"the story ends as {outcome.value.replace('_', ' ')}", _PROOF.get(outcome, "")
        again = at + timedelta(days=30) if outcome is SaveOutcome.PAUSED else None
        if outcome is SaveOutcome.SAVED_PARTIAL and not scene.status.offers and not scene.status.commitments:
            yield Deed(at, 8, self._promised(by, at))
            return
        closing = c.CloseSave(
            by=by, outcome=outcome, notes=notes, evidence=proof, decision_date=decided, follow_up=again
        )
        yield Deed(at, 9, closing.model_copy(update=papers.heard(outcome, scene.status.stage)))

    def _promised(self, by: PersonId, at: datetime) -> c.MakeCommitment:
        """What is agreed by word is on the register before somebody relies on it (CONV-23, SAVE-29)."""
        text = "A review of what was agreed, with their team"
        return c.MakeCommitment(by=by, text=text, owner=by, due=at + timedelta(days=45), source=PromiseSource.CALL)

    def _outcome(self, scene: Scene) -> SaveOutcome:
        if self._story.ending is not None:
            return self._story.ending
        if self._story.manner is Manner.ABSENT:
            return SaveOutcome.NO_CONTACT
        if cause_of(scene.plan) is None and scene.status.root_cause is None:
            return SaveOutcome.LOST
        if self._story.manner is Manner.LATE:
            return self._luck("ending").choice(_LATE_ENDINGS)
        return SaveOutcome.SAVED_FULL

    def _end_moment(self, scene: Scene, outcome: SaveOutcome) -> datetime | None:
        """When the case is closed; None where what the outcome rests on has not happened yet."""
        opened, luck = scene.status.opened_at, self._luck("end")
        waits_for = {SaveOutcome.NO_CONTACT: "proposed", SaveOutcome.LET_GO: "triage"}
        waits_for |= {SaveOutcome.DECLINED_CONVERSATION: "contact"}
        if outcome in waits_for:
            grounds = first_event(scene.status, waits_for[outcome])
            return grounds.at + timedelta(hours=luck.randint(4, 26)) if grounds else None
        if self._story.ends_on_day is not None:
            return opened + timedelta(days=self._story.ends_on_day, hours=luck.randint(1, 7))
        if outcome not in _SAVED:
            return opened + timedelta(days=luck.randint(15, 24))
        if self._is_over(scene):
            return max(e.at for e in scene.status.timeline if e.step) + timedelta(hours=luck.randint(2, 5))
        return opened + timedelta(days=self._story.horizon_days)

    def _is_over(self, scene: Scene) -> bool:
        """Whether every step but recurring ones that is due within the horizon has ended."""
        until = scene.status.opened_at + timedelta(days=self._story.horizon_days)
        owed = (step for step in scene.status.steps if step.state in (StepState.OPEN, StepState.WAITING))
        return not any(step.due and step.due <= until for step in owed if "/" not in step.id)
