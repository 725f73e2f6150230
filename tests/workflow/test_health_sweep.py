"""From a fact to the case, its deadline and its people: a sweep on a real server."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import WorkflowFailureError

from activities.judging import Judge
from models.alerts import AlertEntry, Happens
from models.case import CaseKind
from models.facts import InboundFact, Origin
from models.faults import PermanentFault, TransientFault
from rules import sweeping
from tests.company import ACCOUNT
from tests.workflow.test_after import follows
from tests.world import World, soon
from workflows.contract import SWEEP, save_id, sweep_id, win_back_id

MANAGERS = {"usr-07", "usr-08"}
SMALL, STRATEGIC, WATCHED, HIGH = "acc-0027", "acc-0026", "acc-0012", "acc-0005"


async def told(world: World, account: str, kind: str, now: datetime | None = None) -> None:
    at = (now or await world.clock()) - timedelta(hours=1)
    fact = InboundFact(id=f"{account}-{kind}-{at:%H%M%S}", account_id=account, at=at, kind=kind)
    await world.parts.facts.put_inbound([fact], Origin(source="command:usr-01", received_at=at))


async def sweep(world: World, account: str | None = None) -> dict[str, Any]:
    id_ = sweep_id(account) if account else SWEEP
    asked = {"account_id": account} if account else {}
    handle = await soon(world.client.start_workflow("HealthSweep", asked, id=id_, task_queue="cases"))
    report: dict[str, Any] = await soon(handle.result())
    return report


async def alerts(world: World, account: str) -> dict[str, AlertEntry]:
    return {alert.rule: alert for alert in await world.parts.alerts.entries(account, open_only=False)}


async def raised(world: World) -> list[tuple[str, str]]:
    """Every alert by its account and rule; what only ages, as the scores of the sample do, may be among the new ones."""
    return [(alert.account_id, alert.rule) for alert in await world.parts.alerts.entries(open_only=False)]


async def told_managers(world: World, sweep_id_: str) -> set[tuple[str, str]]:
    """To whom the mails of a sweep went, by id, and what they said."""
    people = {one.email: one.id for one in await world.parts.directory.people()}
    return {
        (people[mail.letter.to.address], mail.letter.text)
        for mail in await world.mails("/trouble/")
        if mail.key.startswith(sweep_id_)
    }


async def of_account(world: World, account: str) -> dict[str, Any]:
    world.case = world.client.get_workflow_handle(save_id(account))
    return await world.status()


async def is_open(world: World, account: str) -> bool:
    return await world.parts.book.open_case(account, "save") is not None


async def test_a_sweep_opens_the_right_cases_once_and_nothing_for_what_is_only_watched(world: World):
    await told(world, STRATEGIC, "will_not_renew")
    await told(world, SMALL, "will_not_renew")
    await told(world, WATCHED, "minor_usage_drop")
    await told(world, HIGH, "qbr_cancelled")
    report = await sweep(world)
    await world.passes(minutes=5)
    assert report["finished_at"]
    assert report["swept"]["accounts"] == 46
    assert report["responses"]["failed"] == 0
    # RISK-86, RISK-106: the case is open, says why, and is answered by the matrix
    seen = await of_account(world, STRATEGIC)
    assert "will not renew (since" in " ".join(event["text"] for event in seen["timeline"])
    owed = next(step for step in seen["steps"] if step["owner"] == "csm" and step["due"])
    opened = datetime.fromisoformat(seen["opened_at"])
    assert datetime.fromisoformat(owed["due"]) - opened <= timedelta(hours=48)  # DIS-5
    alert = (await alerts(world, STRATEGIC))["will_not_renew"]
    assert (alert.happens, alert.case) == (Happens.OPEN_CASE, save_id(STRATEGIC))
    # DIS-5, RISK-106g: of low severity no case, but outreach
    assert not await is_open(world, SMALL)
    assert (await alerts(world, SMALL))["will_not_renew"].happens is Happens.OUTREACH
    assert [mail.letter.subject for mail in await world.mails(f"outreach-{SMALL}")]
    # RISK-88: whoever leads a larger account reaches out within a week, and no letter of the system goes out
    assert not await is_open(world, HIGH)
    (task,) = [task for task in await world.parts.crm.tasks(HIGH) if task.open and task.step == "check_in"]
    assert task.due and task.due <= await world.clock() + timedelta(days=7)
    assert not await world.mails(f"outreach-{HIGH}")
    # RISK-89: what is only to be watched opens nothing
    assert not await is_open(world, WATCHED)
    assert (await alerts(world, WATCHED))["minor_usage_drop"].happens is Happens.WATCH
    # AMB-8: the same facts the next day raise nothing again
    await world.passes(days=1)
    await told(world, SMALL, "champion_left")
    before = await raised(world)
    again = await sweep(world)
    after = await raised(world)
    assert len(after) == len(set(after))
    new = set(after) - set(before)
    assert again["swept"]["raised"] == len(new)
    own = {pair for pair in new if pair[0] in (SMALL, STRATEGIC, WATCHED, HIGH)}
    assert own == {(SMALL, "champion_left")}
    assert "nothing more is sent" in (await alerts(world, SMALL))["champion_left"].answer
    assert len(await world.mails(f"outreach-{SMALL}")) == 1
    assert len([e for e in (await of_account(world, STRATEGIC))["timeline"] if e["kind"] == "risk_signal"]) == 1


async def test_a_fact_is_judged_at_once_and_feeds_the_open_case(world: World):  # AMB-38
    await world.opened()
    await told(world, ACCOUNT, "qbr_cancelled")
    await sweep(world, ACCOUNT)
    await world.passes(minutes=5)
    heard = await world.happened("risk_signal")
    assert "qbr_cancelled: qbr cancelled" in heard[0]["text"]
    assert (await alerts(world, ACCOUNT))["qbr_cancelled"].happens is Happens.FEED_CASE


async def test_a_sweep_goes_on_where_a_worker_left_it(world: World, monkeypatch: pytest.MonkeyPatch):
    """The scoring was kept and the answer was lost: nothing is raised or opened twice, and nothing is left out."""
    await told(world, STRATEGIC, "will_not_renew")
    real, calls = Judge.swept, []

    async def dies_after_its_work(self: Judge, span: Any) -> Any:
        calls.append(span)
        done = await real(self, span)
        if len(calls) == 1:
            raise TransientFault("the worker is gone")
        return done

    monkeypatch.setattr(Judge, "swept", dies_after_its_work)
    report = await sweep(world)
    await world.passes(minutes=5)
    assert len(calls) == 2
    assert report["responses"]["counts"]["open_case"] >= 1
    assert (await alerts(world, STRATEGIC))["will_not_renew"].case == save_id(STRATEGIC)
    assert len([e for e in (await of_account(world, STRATEGIC))["timeline"] if e["kind"] == "risk_signal"]) == 1


async def test_a_part_that_cannot_be_judged_keeps_no_other_back_and_managers_hear_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    await told(world, STRATEGIC, "will_not_renew")
    monkeypatch.setattr(sweeping.parts, "__defaults__", (12,))
    real, spans = Judge.swept, list[Any]()

    async def fails_first(self: Judge, span: Any) -> Any:
        spans.append(span)
        if len(spans) == 1:
            raise PermanentFault("BadFrame", "a frame of this part has another shape")
        return await real(self, span)

    monkeypatch.setattr(Judge, "swept", fails_first)
    report = await sweep(world)
    assert report["finished_at"]
    assert (report["parts_failed"], report["parts_done"]) == (1, report["parts"])
    assert len(spans) == report["parts"] > 2
    assert report["swept"]["accounts"] < 46
    (kept,) = await world.parts.sweeps.latest(5)
    assert (kept.parts_failed, kept.finished_at is None) == (1, False)
    assert {to for to, said in await told_managers(world, report["id"]) if "1 of" in said} == MANAGERS


async def test_managers_hear_of_a_sweep_that_stopped(world: World, monkeypatch: pytest.MonkeyPatch):
    async def fails(*_: Any) -> None:
        raise PermanentFault("BadPlaybook", "detection.yaml has no weights")

    monkeypatch.setattr(Judge, "take_stock", fails)
    with pytest.raises(WorkflowFailureError):
        await sweep(world)
    mails = await told_managers(world, "sweep-")
    assert {to for to, said in mails if "stopped before its first part" in said} == MANAGERS


async def test_facts_that_come_meanwhile_are_judged_in_a_run_of_their_own_and_each_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    real, runs, rounds = Judge.swept, list[str](), list[Any]()

    async def hears_once(self: Judge, span: Any) -> Any:
        runs.append(activity.info().workflow_run_id)
        if len(runs) == 1:
            await world.client.get_workflow_handle(SWEEP).signal("fact_arrived", {})
            await asyncio.sleep(1.1)  # a stock is named after its second
        rounds.append(span.key)
        return await real(self, span)

    monkeypatch.setattr(Judge, "swept", hears_once)
    await sweep(world)
    assert len(set(runs)) == len(runs) == 2
    kept = await world.parts.sweeps.latest(5)
    assert {one.id for one in kept} == set(rounds)
    assert all(one.finished_at for one in kept)


async def test_a_sweep_of_an_account_that_nobody_knows_fails_with_its_reason(world: World):
    with pytest.raises(WorkflowFailureError) as failure:
        await sweep(world, "acc-9999")
    assert "UnknownAccount" in repr(failure.value.cause.__cause__)


async def test_a_former_customer_is_heard_by_whoever_remembers_them(world: World):  # RISK-60
    await follows(world, CaseKind.WIN_BACK)
    account = await world.parts.crm.account(ACCOUNT)
    gone = account.model_copy(update={"churned_on": (await world.clock()).date() - timedelta(days=30)})
    await world.parts.crm.put_account(gone)
    await told(world, ACCOUNT, "reached_out_again")
    await sweep(world, ACCOUNT)
    await world.passes(minutes=5)
    assert "reached_out_again" in (await world.happened("risk_signal"))[0]["text"]
    assert not await is_open(world, ACCOUNT)
    assert (await alerts(world, ACCOUNT))["reached_out_again"].case == win_back_id(ACCOUNT)
