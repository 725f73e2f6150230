"""A story played on the rules alone, without Temporal: the people act, the case follows, time passes."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from adapters.letters.catalogue import Catalogue, load_catalogue
from cli.players import Deed, Manner, People, Story
from cli.scene import Scene
from models.case import Case
from models.effects import Action, Joined, Outcome, Verb
from models.starts import SaveStart
from rules import status
from tests.unit.rules.world import OFFICE, START, Drive, away, file, instantly, seated

CSM, DEPUTY, MANAGER, EXECUTIVE = "p-csm", "p-csm2", "p-mgr", "p-exec"


@cache
def catalogue() -> Catalogue:
    return load_catalogue(Path("playbooks/messages"))


def outside(case: Case, action: Action) -> Outcome:
    """An outside world that does everything at once, and knows everybody of the team."""
    if action.verb is Verb.LOAD_ACCOUNT:
        return Outcome(file=seated(file(), "finance", "p-fin"))  # who carries out what billing does not
    if action.verb is not Verb.LOAD_PERSON:
        return instantly(case, action)
    asked = next(ask.subject for ask in case.asks if ask.id == action.subject)
    person = next(person for person in case.team.people if person.id == asked)
    return Outcome(joined=Joined(person=person, calendar=OFFICE))


class Rehearsal:
    """One case with its people; keeps every deed that was done."""

    def __init__(self, manner: Manner, playbook: str = "product_technical", seed: int = 7, **story: object) -> None:
        reason = "budget_absolute" if playbook == "budget_economic" else "missing_feature"
        self.drive = Drive(SaveStart(account_id="acc-1", opened_by=CSM, reason=reason, playbook=playbook), outside)
        self.people = People(Story.model_validate({"manner": manner, "seed": seed} | story))
        self.deeds: list[Deed] = []

    def on_leave(self, days: float, length: float) -> Rehearsal:
        """The CSM is away from that day on."""
        starts = START + timedelta(days=days)
        self.drive.case = away(self.drive.case, CSM, starts, starts + timedelta(days=length))
        return self

    def meant(self) -> list[Deed]:
        """What the people mean to do as things stand."""
        case = self.drive.case
        assert case.plan is not None
        return self.people.deeds(Scene(status.of(case, self.drive.now), case.plan, case.team, catalogue()))

    def play(self, days: float = 45) -> Rehearsal:
        """Play until the case is closed, or for so many days. A refused deed is an error of the story."""
        end = START + timedelta(days=days)
        while not self.drive.case.closed and self.drive.now < end:
            first = next(iter(self.meant()), None)
            if first is not None and first.at <= self.drive.now:
                self.drive.do(first.command)
                self.deeds.append(first)
                continue
            wake = status.of(self.drive.case, self.drive.now).next_wake
            self.drive.until(min(at for at in (first and first.at, wake, end) if at))
        return self

    def done_at(self, step_id: str) -> timedelta:
        """How long after the opening a step was done."""
        step = self.drive.case.step(step_id)
        assert step is not None and step.ended_at is not None, step_id
        return step.ended_at - START


@cache
def played(manner: Manner, playbook: str = "product_technical", seed: int = 7) -> Rehearsal:
    """A story that was played to its end, shared by the tests that only look at it; an absent CSM is on leave."""
    story = Rehearsal(manner, playbook, seed)
    return (story.on_leave(1.6, 14) if manner is Manner.ABSENT else story).play()
