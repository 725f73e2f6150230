"""A worker dies in the middle of a sweep: another one goes on there, and every case is opened once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from activities.judging import Judge
from adapters.clock import utc_now
from models.facts import InboundFact, Origin
from models.sweep import Span
from parts import Parts
from rules import sweeping
from tests.world import server, soon, working
from workflows.contract import SWEEP, save_id

STRATEGIC = ("acc-0026", "acc-0007")


async def test_another_worker_goes_on_where_the_first_one_died(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping.parts, "__defaults__", (12,))
    real, judged, hangs = Judge.swept, list[Span](), asyncio.Event()

    async def dies_in_the_second_part(self: Judge, span: Span) -> Any:
        judged.append(span)
        done = await real(self, span)
        if len(judged) == 2:
            hangs.set()
            await asyncio.Event().wait()  # its alerts are kept, and nobody hears of it any more
        return done

    monkeypatch.setattr(Judge, "swept", dies_in_the_second_part)
    async with server() as client:
        now = utc_now()
        for account in STRATEGIC:
            fact = InboundFact(id=account, account_id=account, at=now, kind="will_not_renew")
            await parts.facts.put_inbound([fact], Origin(source="command:usr-01", received_at=now))
        async with working(client, parts):
            handle = await soon(client.start_workflow("HealthSweep", {}, id=SWEEP, task_queue="cases"))
            await soon(hangs.wait())
        async with working(client, parts):
            report = await asyncio.wait_for(handle.result(), 120)
            for account in STRATEGIC:
                await soon(_heard_once(client, account))
    assert report["parts"] > 2
    assert len(judged) == report["parts"] + 1  # the part that was lost, and no other, is judged again
    assert judged[1].buckets == judged[2].buckets
    assert report["swept"]["accounts"] == 46
    assert not [alert for alert in await parts.alerts.entries() if not alert.answered_at]


async def _heard_once(client: Any, account: str) -> None:
    handle = client.get_workflow_handle(save_id(account))
    while True:
        heard = [event for event in (await handle.query("status"))["timeline"] if "will_not_renew" in event["text"]]
        signals = [event for event in heard if event["kind"] == "risk_signal"]
        if signals:
            assert len(signals) == 1
            return
        await asyncio.sleep(0.2)
