"""Whenever the worker is killed in a sweep, another one goes on there: each case is opened once, each alert is the same."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from adapters.clock import utc_now
from models.alerts import AlertEntry
from models.facts import InboundFact, Origin
from parts import open_parts
from settings import Settings
from tests.chaos.storm import Storm
from tests.chaos.sweeping_worker import JUDGED
from tests.company import moved_in
from workflows.contract import SWEEP, Queue, WorkflowType, save_id

SEED = 20_261_129
KINDS = ("will_not_renew", "champion_left", "qbr_cancelled", "minor_usage_drop")
OWN = ("id", "since", "raised_at", "answered_at", "settled_at")
"""What differs between two runs: moments, and ids that are made of them."""


@dataclass
class MidSweep(Storm):
    """A storm that strikes whenever three more parts of the sweep were judged."""

    heard: dict[str, tuple[str, ...]] = field(default_factory=dict)

    async def _lull(self, dice: random.Random, playing: asyncio.Future[None]) -> None:
        reached = len(judged(self.settings)) + 3
        while len(judged(self.settings)) < reached and not (await asyncio.wait({playing}, timeout=0.02))[0]:
            pass


def judged(home: Settings) -> list[str]:
    file = home.home / JUDGED
    return file.read_text(encoding="utf-8").split() if file.exists() else []


async def a_sweep(storm: MidSweep, account: str) -> None:
    """The whole portfolio is swept, and every save that it opened has heard why, once."""
    await storm.surely(
        lambda c: c.start_workflow(WorkflowType.HEALTH_SWEEP, {}, id=SWEEP, task_queue=Queue.CASES), started=True
    )
    report = await storm.ends(SWEEP)
    assert report["parts"] == report["parts_done"] > 6
    assert report["responses"]["failed"] == 0
    for alert in await alerts_of(storm):
        if alert.case == save_id(alert.account_id):
            storm.heard[alert.case] = await _heard(storm, alert.case)
    saves = await storm.surely(_saves)
    assert saves == dict.fromkeys(storm.heard, 1)


async def _heard(storm: Storm, case: str) -> tuple[str, ...]:
    """What a save has heard, each of it once."""
    status = await storm.surely(lambda c: c.get_workflow_handle(case).query("status"))
    said = sorted(event["text"] for event in status["timeline"] if event["kind"] == "risk_signal")
    assert len(said) == len(set(said)), case
    return tuple(said)


async def _saves(client: Client) -> Counter[str]:
    """How many executions of a save there were, by its id."""
    return Counter([found.id async for found in client.list_workflows("WorkflowType = 'SaveAttempt'")])


async def swept(template: Path, home: Path, now: datetime, kills: int) -> MidSweep:
    settings = moved_in(template, home)
    await _told(settings, now)
    storm = MidSweep(settings, (SWEEP,), SEED, kills, a_sweep, program="tests/chaos/sweeping_worker.py")
    await storm.play()
    return storm


async def _told(settings: Settings, now: datetime) -> None:
    """One account in five has given a sign, of each kind some."""
    async with open_parts(settings) as parts:
        accounts = [account.id for account in await parts.crm.accounts()][::5]
        facts = [
            InboundFact(id=account, account_id=account, at=now, kind=KINDS[n % len(KINDS)])
            for n, account in enumerate(accounts)
        ]
        await parts.facts.put_inbound(facts, Origin(source="command:usr-01", received_at=now))


async def alerts_of(storm: Storm) -> list[AlertEntry]:
    async with open_parts(storm.settings) as parts:
        return list(await parts.alerts.entries(open_only=False))


def as_they_are(alerts: Iterable[AlertEntry]) -> list[dict[str, Any]]:
    return sorted(
        (alert.model_dump(exclude=set(OWN)) for alert in alerts), key=lambda row: (row["account_id"], row["rule"])
    )


async def check_resumed(storm: MidSweep, calm: MidSweep) -> None:
    once, again = judged(calm.settings), judged(storm.settings)
    assert len(once) == len(set(once))
    assert set(again) == set(once)
    assert len(once) < len(again) <= len(once) + storm.killed  # what was lost is judged again, and nothing before it
    alerts, wanted = await alerts_of(storm), await alerts_of(calm)
    assert as_they_are(alerts) == as_they_are(wanted)
    assert all(alert.answered_at for alert in alerts)
    assert len(storm.heard) > 3
    assert all(storm.heard.values())
    assert storm.heard == calm.heard


@pytest.mark.timeout(600)
async def test_a_sweep_whose_worker_is_killed_goes_on_from_the_part_that_was_lost(founded: Path, tmp_path: Path):
    now = utc_now()
    calm = await swept(founded, tmp_path / "calm", now, 0)
    struck = await swept(founded, tmp_path / "struck", now, 1)
    assert struck.killed == 1
    await check_resumed(struck, calm)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_a_sweep_whose_worker_is_killed_three_times_ends_all_the_same(founded: Path, tmp_path: Path):
    now = utc_now()
    calm = await swept(founded, tmp_path / "calm", now, 0)
    struck = await swept(founded, tmp_path / "struck", now, 3)
    assert struck.killed == 3
    await check_resumed(struck, calm)
