"""A case in a world that hypothesis plays: outcomes land late, in any order, and fail in every way; people do anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from models import commands as c
from models.calendar import Offset
from models.case import Case
from models.effects import Action, Joined, Outcome, OutcomeKind, Verb
from models.offer_commands import Decision, OfferAnswer
from models.people import Absence
from models.plan import Channel
from models.promise import PromiseSource
from rules import follow_through
from rules.agenda import agenda
from rules.refusal import Refused
from rules.save import commands
from tests.unit.rules.plans import world
from tests.unit.rules.world import OFFICE, Drive, World, proof

FATES = ("done", "done", "done", "held", "transient", "transient", "permanent")
MUST_LOAD = (Verb.LOAD_ACCOUNT, Verb.LOAD_PLAN)


class Chaos(Drive):
    """A case whose actions stay in flight until somebody lands them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.flying: list[Action] = []
        self.done_keys: list[str] = []
        self.tried: dict[str, Action] = {}
        self.checks = 0
        super().__init__(*args, **kwargs)

    def settle(self) -> None:
        """Start what is due; nothing lands by itself."""
        self.case = follow_through.advance(self.case, self.now)
        assert follow_through.advance(self.case, self.now) is self.case, "advance is not idempotent"
        for action in follow_through.due(self.case, self.now):
            self.launch(action)
        again = follow_through.due(self.case, self.now)
        assert again == [], f"due twice without a landing: {again}"
        self.check()

    def launch(self, action: Action) -> None:
        """An action leaves: never one that was done, never on a busy lane, and word for word when it goes again."""
        assert action.key not in self.done_keys, f"{action.key} had its effect already"
        assert action.lane not in [other.lane for other in self.flying], f"two on lane {action.lane}"
        if action.key in self.tried and action.verb is not Verb.RELEASE_MESSAGE:
            assert self.tried[action.key] == action, "a retry is not word for word"
        self.tried[action.key] = action
        self.case = follow_through.start(self.case, action)
        self.flying.append(action)
        self.sent.append((self.now, action))

    def land(self, index: int, fate: str, minutes: int) -> None:
        """One action in flight ends."""
        if not self.flying:
            return
        action = self.flying.pop(index % len(self.flying))
        if action.verb in MUST_LOAD and fate == "permanent":
            fate = "transient"
        outcome = self.outcome(action, fate, minutes)
        if outcome.kind is OutcomeKind.HELD and action.verb is Verb.SEND_DIGEST:
            del self.tried[action.key]  # nothing left under it, so it may say other things next time
        if outcome.kind is OutcomeKind.DONE:
            self.done_keys.append(action.key)
        self.case = follow_through.record(self.case, action, outcome, self.now)
        self.settle()

    def outcome(self, action: Action, fate: str, minutes: int) -> Outcome:
        """What came of it."""
        if fate == "done":
            return self.answer(action)
        if fate == "held" and action.verb in (Verb.SEND_DIGEST, Verb.NOTIFY_TEAM, Verb.RELEASE_MESSAGE):
            until = self.now + timedelta(minutes=minutes)
            return Outcome(kind=OutcomeKind.HELD, reason="mail is paused", not_before=until)
        return Outcome(kind=OutcomeKind.FAILED, reason="no answer", permanent=fate == "permanent")

    def wake(self, limit: timedelta) -> None:
        """Time passes to the next wake-up, or by ``limit`` where that is sooner."""
        at = follow_through.next_wake(self.case, self.now)
        assert at is None or at > self.now, "next_wake lies in the past"
        self.now = min(at or self.now + limit, self.now + limit)
        self.settle()

    def attempt(self, command: c.Command) -> None:
        """A person tries something; a refusal leaves the case as it was."""
        before = self.case
        try:
            self.case = commands.apply(self.case, command, self.now)
        except Refused as refused:
            assert refused.sentence
            assert self.case is before
        self.settle()

    def calm(self) -> None:
        """The world works again: everything lands well, and the case comes to rest at this moment."""
        for _ in range(2000):
            if not self.flying:
                return
            self.land(0, "done", 1)
        raise AssertionError("the case never comes to rest")

    def check(self) -> None:
        """What holds at any point."""
        self.checks += 1
        if self.checks % 10 == 0:
            assert type(self.case).model_validate_json(self.case.model_dump_json()) == self.case
            assert agenda(self.case) == agenda(self.case.model_copy(deep=True)), "what was kept is out of date"
        assert [a.key for a in self.case.in_flight] == [a.key for a in self.flying]
        ids = [step.id for step in self.case.steps]
        assert len(ids) == len(set(ids))
        if self.case.closed:
            assert all(step.ended for step in self.case.steps), "a closed case owes a step"


def shaky_world() -> World:
    """The plain world of the shipped playbooks, that also knows a newcomer of the directory."""
    inner = world()

    def answer(case: Case, action: Action) -> Outcome:
        if action.verb is Verb.LOAD_PERSON:
            known = case.team.people[0].model_copy(update={"id": "p-new", "absences": ()})
            return Outcome(joined=Joined(person=known, calendar=OFFICE))
        return inner(case, action)

    return answer


class Acts:
    """Reads a script of plain numbers as what people and the world do; short scripts are simple stories."""

    def __init__(self, d: Chaos, numbers: list[int]) -> None:
        self.d = d
        self.numbers = numbers

    def pick(self, choices: Sequence[Any]) -> Any:
        """One of these by the next number; the first where the numbers have run out."""
        return choices[(self.numbers.pop() if self.numbers else 0) % len(choices)]

    def play(self) -> None:
        """Act until the script is at its end."""
        while self.numbers:
            kinds = ("land",) * 6 + ("wake",) * 3 + (("command",) * 5 + ("signal",) if self.d.case.plan else ())
            getattr(self, self.pick(kinds))()

    def land(self) -> None:
        """Something that is in flight ends in one way or another."""
        self.d.land(self.pick(range(10)), self.pick(FATES), self.pick((1, 30, 900)))

    def wake(self) -> None:
        """Time passes."""
        self.d.wake(timedelta(hours=self.pick((1, 7, 24, 100))))

    def command(self) -> None:
        """Somebody tries something that may be legal at this point."""
        self.d.attempt(self.some_command())

    def signal(self) -> None:
        """A signal arrives."""
        self.d.signal(self.some_signal())

    def some_command(self) -> c.Command:
        """A command."""
        case, by = self.d.case, self.pick(("p-mgr", "p-csm", "p-exec"))
        step_id = self.pick([step.id for step in case.steps] or ["contact_call"])
        ahead = self.d.now + timedelta(hours=self.pick((30, 2, 90, 200, 7)))
        why = "life moves on"
        draft = self.pick([m.id for m in case.messages] or ["none-1"])
        done = c.CompleteStep(step_id=step_id, by="p-mgr", evidence=evidence_for(case, step_id))
        cause = self.pick(("budget_cut", "missing_feature", "reliability", "acquisition"))
        return self.pick(
            (  # type: ignore[no-any-return]
                done,
                done,
                c.SkipStep(step_id=step_id, by=by, reason=why),
                c.ReopenStep(step_id=step_id, by="p-mgr", reason=why),
                c.RescheduleStep(step_id=step_id, by="p-mgr", reason=why, due=ahead, consent="agreed by email"),
                c.HoldCase(by=by, until=ahead, reason=why),
                c.Resume(by=by),
                c.Assign(by="p-mgr", role=self.pick(("csm", "support")), person="p-new"),
                c.AddStep(
                    by=by, step_id=self.pick(("extra_a", "extra_b")), title="Ask", owner="csm", due=ahead, reason=why
                ),
                c.LogContact(by=by, channel=Channel.PHONE, answered=self.pick((False, True)), summary=why),
                c.RecordRootCause(by=by, root_cause=cause, whys=("it was cut",)),
                c.ReleaseMessage(by="p-mgr", message_id=draft),
                c.AdoptPlan(by="p-mgr"),
                self.some_promise(by),
                self.some_offer(by),
                self.some_offer(by),
                c.CloseSave(
                    by="p-mgr",
                    outcome=self.pick(("saved_full", "lost")),
                    notes=why,
                    evidence="signed renewal",
                    customer_quotes=(why,),
                ),
            )
        )

    def some_promise(self, by: str) -> c.Command:
        """Something is promised, or a promise comes one state further, whether it may or not."""
        of, text = self.pick(("promise_1", "promise_2")), "email 88213: release 4.2 runs at their site"
        due, owner = self.d.now + timedelta(hours=self.pick((30, 200))), self.pick(("p-csm", "p-eng", "p-csm2"))
        return self.pick(
            (  # type: ignore[no-any-return]
                c.MakeCommitment(by=by, text="The export", owner=owner, due=due, source=PromiseSource.CALL),
                c.FulfilCommitment(by="p-mgr", commitment_id=of, evidence=text),
                c.CommunicateCommitment(by="p-mgr", commitment_id=of, evidence=text),
                c.ConfirmCommitment(by="p-mgr", commitment_id=of, evidence=text, communicated=self.pick(("", text))),
            )
        )

    def some_offer(self, by: str) -> c.Command:
        """Something is offered, decided or answered, whether it may be or not."""
        number, yes = self.pick((1, 2)), self.pick((True, True, False))
        return self.pick(
            (  # type: ignore[no-any-return]
                c.ProposeOffer(by=by, offer="bridge_discount", pct=10, lasts=Offset(months=2), tied_to="reference"),
                c.DecideApproval(
                    by=self.pick(("p-exec", by)),
                    approval_id=f"approval_{number}",
                    decision=Decision.APPROVED if yes else Decision.REFUSED,
                    reason="life moves on",
                ),
                c.AnswerOffer(
                    by=by,
                    offer_id=f"offer_{number}",
                    answer=OfferAnswer.ACCEPTED if yes else OfferAnswer.DECLINED,
                    evidence="they said so",
                ),
                c.ProposeOffer(by=by, offer="fewer_users", price=self.pick((None, 100))),
                c.ProposeOffer(by=by, offer="net60", details={"from": "30 days", "to": "60 days"}),
            )
        )

    def some_signal(self) -> c.Request:
        """A signal."""
        team = self.d.case.team.people
        start = self.d.now + timedelta(hours=self.pick((10, -30, 100, 0)))
        absence = Absence(start=start, end=start + timedelta(hours=self.pick((100, 2, 300))))
        if not team or self.pick((True, False)):
            return self.pick(
                (  # type: ignore[no-any-return]
                    c.RetryNow(by="p-mgr"),
                    c.RiskSignal(kind="cancellation_submitted"),
                    c.TriggerPlaybook(
                        by="p-mgr", reason="they ask", playbook=self.pick(("budget_economic", "product_technical"))
                    ),
                )
            )
        changed = self.pick(team).model_copy(update={"absences": (absence,), "active": self.pick((True, True, False))})
        self.d.directory[changed.id] = changed
        return c.TeamChanged(person=changed.id)


def evidence_for(case: Case, step_id: str) -> c.EvidenceGiven:
    """Evidence that fits that step."""
    step = case.step(step_id)
    if step is None or case.plan is None:
        return c.EvidenceGiven(text="note: they said so in the call")
    return c.EvidenceGiven.model_validate(proof(case, step.step_id))
