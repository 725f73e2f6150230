"""Alerts are answered account by account: a fault of one keeps no other back, and what never goes through is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.answering import ATTEMPTS, NOBODY, AnsweringActivities
from activities.faults import TRANSIENT
from activities.outreach import WRITTEN, ReachOut
from adapters.playbooks.folder import FolderPlaybooks
from models.account import Account, AccountFile
from models.alerts import AlertEntry, AlertKind, Happens, RiskLevel
from models.book import CaseEntry
from models.facts import InboundFact
from models.faults import UNEXPECTED, Held, TransientFault
from models.people import Person, Seat, Team
from models.sweep import Responses, Span
from models.work import NOT_OPEN, Receipt, StartCase, TellCase

AT = datetime(2026, 11, 17, 2, tzinfo=UTC)
NAMED = {"case_id": "c-1", "workflow_id": "cancellation:acc-1", "kind": "cancellation", "stage": "closed"}
SPAN = Span(at=AT, buckets=(0,))
TEAM = Team(seats=(Seat(role="csm", person="p-1", deputy="p-2"),), people=(Person(id="p-1"), Person(id="p-2")))


class Kept:
    """The alerts that are kept."""

    def __init__(self, *alerts: AlertEntry) -> None:
        self.rows = {alert.id: alert for alert in alerts}

    async def pending(self, span: Span) -> tuple[AlertEntry, ...]:
        waits = (alert for alert in self.rows.values() if alert.open and alert.answered_at is None)
        return tuple(alert for alert in waits if span.account_id in (None, alert.account_id))

    async def put(self, alerts: Sequence[AlertEntry]) -> None:
        self.rows |= {alert.id: alert for alert in alerts}

    async def entries(self, account: str, *, open_only: bool) -> list[AlertEntry]:
        return [alert for alert in self.rows.values() if alert.account_id == account and (alert.open or not open_only)]


class World:
    """Everything around: no other case, a team, and Temporal, which fails for the accounts that it is told to."""

    def __init__(self, team: Team = TEAM) -> None:
        self.team = team
        self.faults: dict[str, Exception] = {}
        self.started: list[StartCase] = []
        self.reached: list[tuple[str, ReachOut]] = []
        self.closed = False
        self.leaving: CaseEntry | None = None

    async def account_file(self, account: str) -> AccountFile:
        return AccountFile(account=Account(id=account), team=self.team)

    async def inbound(self, account_id: str) -> tuple[InboundFact, ...]:
        told = {"account_id": account_id, "at": AT, "kind": "champion_left"}
        return (InboundFact(id="i-1", detail="resigned on Friday", **told), InboundFact(id="i-2", **told))

    async def open_case(self, *_: Any) -> None:
        return None

    async def latest_case(self, *_: Any) -> CaseEntry | None:
        return self.leaving

    async def start_case(self, asked: StartCase) -> Receipt:
        if asked.account_id in self.faults:
            raise self.faults[asked.account_id]
        self.started.append(asked)
        return Receipt(id="run", at=AT)

    async def tell_case(self, asked: TellCase) -> Receipt:
        return Receipt(id=f"{asked.workflow_id} {NOT_OPEN}" if self.closed else "told", at=AT)

    async def write(self, asked: ReachOut) -> str:
        self.reached.append(("letter", asked))
        return WRITTEN

    async def ask(self, asked: ReachOut) -> str:
        self.reached.append(("task", asked))
        return "a task"


def alert(account: str, rule: str = "below_30", happens: Happens = Happens.OPEN_CASE, **more: Any) -> AlertEntry:
    given = {"kind": AlertKind.IMMEDIATE, "level": RiskLevel.MEDIUM, "why": "it fell", "since": date(2026, 11, 16)}
    named = {"id": f"{account}.{rule}", "account_id": account, "rule": rule, "happens": happens, "raised_at": AT}
    return AlertEntry.model_validate(given | named | more)


async def answer(kept: Kept, world: World, attempt: int = 1) -> Responses:
    outside: Any = world
    playbooks = FolderPlaybooks(Path("playbooks"))
    activities = AnsweringActivities(kept, outside, outside, outside, playbooks, outside, outside)  # type: ignore[arg-type]
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, attempt=attempt)
    found: Responses = await environment.run(activities.answer_alerts, SPAN)
    return found


async def test_a_fault_that_may_pass_keeps_no_other_account_back_and_is_tried_again() -> None:
    kept, world = Kept(alert("acc-1"), alert("acc-2")), World()
    world.faults["acc-1"] = ApplicationError("away", type=TRANSIENT)
    with pytest.raises(ApplicationError):
        await answer(kept, world)
    assert [one.account_id for one in world.started] == ["acc-2"]
    world.faults.clear()
    assert (await answer(kept, world)).counts == {"open_case": 1}
    assert [one.account_id for one in world.started] == ["acc-2", "acc-1"]
    assert await answer(kept, world) == Responses()


async def test_what_nobody_foresaw_at_one_account_keeps_no_later_one_back() -> None:  # RISK-85
    kept, world = Kept(alert("acc-1"), alert("acc-2"), alert("acc-3")), World()
    world.faults["acc-2"] = KeyError("acc-2")
    with pytest.raises(ApplicationError) as failure:
        await answer(kept, world)
    assert failure.value.type == UNEXPECTED
    assert [one.account_id for one in world.started] == ["acc-1", "acc-3"]


@pytest.mark.parametrize(
    "fault", [TransientFault("away"), KeyError("acc-1"), Held(AT + timedelta(hours=1), "nothing is sent now")]
)
async def test_an_account_that_does_not_go_through_is_left_to_the_next_sweep(fault: Exception) -> None:  # RISK-85
    kept, world = Kept(alert("acc-1"), alert("acc-2")), World()
    world.faults["acc-1"] = fault
    assert await answer(kept, world, attempt=ATTEMPTS) == Responses(counts={"open_case": 1}, left=1)
    assert kept.rows["acc-1.below_30"].answered_at is None
    world.faults.clear()
    assert await answer(kept, world) == Responses(counts={"open_case": 1})


async def test_what_never_goes_through_is_noted_and_stays_open_for_a_person() -> None:  # RISK-85
    kept, world = Kept(alert("acc-1"), alert("acc-2")), World()
    world.faults["acc-1"] = ApplicationError("there is no such queue", non_retryable=True)
    assert await answer(kept, world) == Responses(counts={"open_case": 1}, failed=1)
    noted = kept.rows["acc-1.below_30"]
    assert (noted.open, "could not be answered: there is no such queue" in noted.answer) == (True, True)


async def test_a_case_says_why_it_was_opened_with_what_was_told_of_the_signal() -> None:  # RISK-85
    kept, world = Kept(alert("acc-1", "champion_left", why="champion left")), World()
    await answer(kept, world)
    (asked,) = world.started
    assert asked.signal
    assert asked.signal.detail == "champion left: resigned on Friday (since 2026-11-16)"
    assert kept.rows["acc-1.champion_left"].why == "champion left: resigned on Friday"


async def test_low_severity_gets_one_letter_in_the_policys_time_and_others_a_person() -> None:  # RISK-88, RISK-106g
    low = {"happens": Happens.OUTREACH, "severity": "low"}
    kept, world = Kept(alert("acc-1", **low), alert("acc-2", happens=Happens.OUTREACH, severity="high")), World()
    await answer(kept, world)
    assert [(how, asked.account_id, asked.lead) for how, asked in world.reached] == [
        ("letter", "acc-1", "p-1"),
        ("task", "acc-2", "p-1"),
    ]
    assert world.reached[1][1].due == AT + timedelta(days=7)
    kept.rows["later"] = alert("acc-1", "no_login", id="later", **low)
    await answer(kept, world)
    assert len(world.reached) == 2
    assert "nothing more is sent" in kept.rows["later"].answer


async def test_who_has_left_leads_nothing_any_more() -> None:
    gone = TEAM.model_copy(update={"people": (Person(id="p-1", active=False), Person(id="p-2"))})
    kept, world = Kept(alert("acc-1")), World(gone)
    await answer(kept, world)
    assert world.started[0].save is not None
    assert world.started[0].save.opened_by == "p-2"


async def test_a_former_customer_whom_nobody_remembers_is_left_to_a_person() -> None:  # RISK-60
    kept, world = Kept(alert("acc-1", "reached_out_again", Happens.WIN_BACK)), World()
    world.closed = True
    await answer(kept, world)
    left = kept.rows["acc-1.reached_out_again"]
    assert (left.answer, left.open, left.case) == (NOBODY, True, "")
    ((how, asked),) = world.reached
    assert (how, asked.lead, asked.why) == ("task", "p-1", NOBODY)


async def test_words_that_were_told_stand_once_however_often_an_alert_is_tried() -> None:
    kept, world = Kept(alert("acc-1", "champion_left", Happens.WIN_BACK)), World()
    world.closed = True
    for _ in range(3):
        await answer(kept, world)
        left = kept.rows["acc-1.champion_left"]
        assert left.why == "champion left: resigned on Friday"
        kept.rows[left.id] = left.model_copy(update={"answered_at": None})  # the next sweep tries it again


async def test_whose_cancellation_is_not_over_has_no_win_back_yet_and_it_is_named() -> None:
    kept, world = Kept(alert("acc-1", "reached_out_again", Happens.WIN_BACK)), World()
    world.closed = True
    world.leaving = CaseEntry(**NAMED, account_id="acc-1", opened_at=AT, as_of=AT, revision=1)
    await answer(kept, world)
    assert (
        "cancellation:acc-1 is not over, and its end begins the win-back" in kept.rows["acc-1.reached_out_again"].answer
    )


async def test_what_could_not_be_answered_is_a_task_for_whoever_leads_the_account() -> None:  # RISK-85
    kept, world = Kept(alert("acc-1")), World()
    world.faults["acc-1"] = ApplicationError("there is no such queue", non_retryable=True)
    await answer(kept, world)
    ((how, asked),) = world.reached
    assert (how, asked.lead, asked.due) == ("task", "p-1", AT + timedelta(days=7))
    assert "could not be answered: there is no such queue" in asked.why


async def test_what_a_person_settles_while_others_are_answered_is_not_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # RISK-85
    kept, world = Kept(alert("acc-1"), alert("acc-2"), alert("acc-2", "no_login")), World()
    real = world.start_case

    async def dismissed_meanwhile(asked: StartCase) -> Receipt:
        kept.rows |= {id_: one.model_copy(update={"open": False}) for id_, one in kept.rows.items() if "acc-2" in id_}
        return await real(asked)

    monkeypatch.setattr(world, "start_case", dismissed_meanwhile)
    assert await answer(kept, world) == Responses(counts={"open_case": 1})
    assert [one.account_id for one in world.started] == ["acc-1"]


async def test_a_score_that_swings_around_a_bound_asks_a_person_once_in_the_policys_time() -> None:  # RISK-88
    kept, world = Kept(), World()
    asked_before = "a task to reach out is due on 2026-11-24"
    kept.rows = {
        "first": alert(
            "acc-2", "below_70", id="first", open=False, answered_at=AT - timedelta(days=29), answer=asked_before
        ),
        "second": alert("acc-2", "below_70", Happens.OUTREACH, id="second", severity="high"),
    }
    await answer(kept, world)
    assert world.reached == []
    assert kept.rows["second"].answer == "a person was asked to reach out on 2026-10-19; no more is asked"
    kept.rows["other"] = alert("acc-2", "low_nps", Happens.OUTREACH, id="other", severity="high")
    await answer(kept, world)
    assert len(world.reached) == 1
