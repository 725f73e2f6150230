"""A small world for the rules: an account with a team, the shipped playbooks, and a case driven without any I/O."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from adapters.playbooks.folder import FolderPlaybooks
from models.account import Account, AccountFile, Money
from models.base import Request
from models.calendar import Calendar, Shift
from models.case import Case
from models.commands import CompleteStep, MakeCommitment, TeamChanged
from models.effects import Action, Joined, Outcome, Verb
from models.people import Absence, Person, Seat, Team
from models.plan import Plan
from models.save import SaveCase
from models.service_level import Attained
from models.starts import SaveStart
from models.step import StepState
from rules import follow_through
from rules.save import commands, lifecycle, signals

START = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Kuala Lumpur

DAY = (Shift(start=time(9), end=time(12, 30)), Shift(start=time(13, 30), end=time(18)))
OFFICE = Calendar(
    id="my", time_zone="Asia/Kuala_Lumpur", week=(DAY,) * 5 + ((), ()), holidays=(date(2026, 12, 25), date(2027, 1, 1))
)

ROLES = {
    "csm": ("p-csm", "p-csm2"),
    "cs_manager": ("p-mgr", None),
    "executive": ("p-exec", None),
    "product_manager": ("p-pm", None),
    "engineering": ("p-eng", None),
    "support": ("p-sup", None),
    "sales": ("p-sales", None),
}


def file(**changes: object) -> AccountFile:
    """An account with a full team; ``changes`` replace facts of the account."""
    account = Account(
        id="acc-1", arr=Money(minor=4_800_000), renewal_date=date(2027, 2, 1), calendar=OFFICE, contact_id="c-1"
    )
    people = [p for pair in ROLES.values() for p in pair if p]
    team = Team(
        seats=tuple(Seat(role=role, person=p, deputy=d) for role, (p, d) in ROLES.items()),
        people=tuple(
            Person(id=p, roles=tuple(r for r, pair in ROLES.items() if p in pair), calendar="my") for p in people
        ),
        calendars=(OFFICE,),
    )
    return AccountFile(account=account.model_copy(update=changes), team=team)


def seated(known: AccountFile, role: str, person: str) -> AccountFile:
    """The account with one more seat on its team, and somebody in it."""
    one = Person(id=person, roles=(role,), calendar="my")
    seats = (*known.team.seats, Seat(role=role, person=person))
    team = known.team.model_copy(update={"seats": seats, "people": (*known.team.people, one)})
    return known.model_copy(update={"team": team})


def away(case: SaveCase, person: str, start: datetime, end: datetime) -> SaveCase:
    """The case with that person away."""
    people = tuple(
        p.model_copy(update={"absences": (Absence(start=start, end=end),)}) if p.id == person else p
        for p in case.team.people
    )
    return case.model_copy(update={"team": case.team.model_copy(update={"people": people})})


@cache
def plan(name: str) -> Plan:
    """A shipped playbook as it is pinned."""
    return asyncio.run(FolderPlaybooks(Path("playbooks")).load(name))


def instantly(case: Case, action: Action) -> Outcome:
    """An outside world that does everything at once."""
    if action.verb is Verb.LOAD_ACCOUNT:
        return Outcome(file=file())
    if action.verb is Verb.LOAD_PLAN:
        ask = next(ask for ask in case.asks if ask.id == action.subject)
        return Outcome(plan=plan(ask.subject))
    if action.verb is Verb.MEASURE_SERVICE:
        return Outcome(attained=Attained(since=action.moment - timedelta(days=7), until=action.moment))
    return Outcome(receipt=f"r:{action.key}")


World = Callable[[Case, Action], Outcome]


class Drive:
    """A case and its clock; keeps every action that went out, with its moment."""

    def __init__(self, start: SaveStart | None = None, world: World = instantly, at: datetime = START) -> None:
        self.now = at
        self.world = world
        self.directory: dict[str, Person] = {}
        self.sent: list[tuple[datetime, Action]] = []
        start = start or SaveStart(
            account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook="product_technical"
        )
        self.case: SaveCase = lifecycle.opened(start, "case-1", at)
        self.settle()

    def settle(self) -> None:
        """Do what is due until nothing is due at this moment."""
        for _ in range(1000):
            self.case = follow_through.advance(self.case, self.now)
            actions = follow_through.due(self.case, self.now)
            if not actions:
                return
            for action in actions:
                self.case = follow_through.start(self.case, action)
                self.sent.append((self.now, action))
            for action in actions:
                outcome = self.answer(action)
                self.case = follow_through.record(self.case, action, outcome, self.now)
        raise AssertionError("the case never comes to rest")

    def lands(self, action: Action) -> None:
        """An action that was left in flight ends as the world makes it end."""
        self.case = follow_through.record(self.case, action, self.answer(action), self.now)
        self.settle()

    def answer(self, action: Action) -> Outcome:
        """What the world makes of an action; people are as the directory last said."""
        subject = next((ask.subject for ask in self.case.asks if ask.id == action.subject), "")
        if action.verb is Verb.LOAD_PERSON and subject in self.directory:
            return Outcome(joined=Joined(person=self.directory[subject], calendar=OFFICE))
        return self.world(self.case, action)

    def directory_says(self, person: Person) -> None:
        """The directory has news of somebody, and tells the case that it has."""
        self.directory[person.id] = person
        self.signal(TeamChanged(person=person.id))

    def signal(self, signal: Request) -> None:
        """A signal arrives; it never raises."""
        self.case = signals.receive(self.case, signal, self.now)
        self.settle()

    def until(self, at: datetime) -> None:
        """Let time pass, waking where the case asks to be woken."""
        while (wake := follow_through.next_wake(self.case, self.now)) is not None and wake <= at:
            self.now = wake
            self.settle()
        self.now = at
        self.settle()

    def after(self, **delta: float) -> None:
        """Let this much time pass since the case was opened."""
        self.until(START + timedelta(**delta))

    def do(self, command: object, *, settle: bool = True) -> None:
        """A person's command, now; without ``settle`` what it asks of the world stays to be done."""
        self.case = commands.apply(self.case, command, self.now)  # type: ignore[arg-type]
        if settle:
            self.settle()

    def fly(self, verb: Verb) -> list[Action]:
        """Start what is due of that verb, and leave it in flight."""
        actions = [action for action in follow_through.due(self.case, self.now) if action.verb is verb]
        for action in actions:
            self.case = follow_through.start(self.case, action)
            self.sent.append((self.now, action))
        return actions

    def done(self, step_id: str, evidence: object = None, by: str | None = None) -> None:
        """Complete a step with evidence of the right form, by its owner."""
        step = self.case.step(step_id)
        assert step is not None, step_id
        owner = by or step.person or "p-mgr"
        if self.case.spec(step.step_id).evidence.kind == "commitments" and not self.case.commitments:
            due = self.now + timedelta(days=45)
            self.do(MakeCommitment(by=owner, text="A call each Tuesday", owner="p-csm", due=due, source="call"))
        self.do(CompleteStep(step_id=step_id, by=owner, evidence=evidence or proof(self.case, step.step_id)))

    def open_steps(self) -> list[str]:
        """The ids of the steps that are open."""
        return [step.id for step in self.case.steps if step.state is StepState.OPEN]

    def told(self) -> Iterator[tuple[datetime, str, str, str]]:
        """Every line that went out by digest: when, to whom, the word, the step."""
        for at, action in self.sent:
            for line in action.lines:
                yield at, action.recipients[0], line.word, line.step or ""


def proof(case: Case, step_id: str) -> dict[str, object]:
    """Evidence that fits a step: the example of its kind, every required content, the first decision."""
    spec = case.spec(step_id)
    assert spec is not None and case.plan is not None
    kind = next(kind for kind in case.plan.policy.evidence if kind.name == spec.evidence.kind)
    decision = spec.evidence.decisions[0] if spec.evidence.decisions else None
    items = {c.id: f"answered: {c.what}{', 15 March 2027' if c.dated else ''}" for c in spec.contents}
    named = ", ".join(c.id for c in case.commitments) if kind.name == "commitments" else ""
    return {"text": named or kind.example, "items": items, "decision": decision}
