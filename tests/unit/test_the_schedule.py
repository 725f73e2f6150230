"""A worker sets when the portfolio is swept; detection that is at fault stops no case."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import worker
from models.detection import SweepTime
from models.faults import PermanentFault


class Playbooks:
    def __init__(self, fault: PermanentFault | None = None) -> None:
        self.fault = fault

    async def detection(self) -> Any:
        if self.fault:
            raise self.fault
        return SimpleNamespace(sweep=SweepTime(hour=5, time_zone="Asia/Kuala_Lumpur"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[SweepTime]:
    found: list[SweepTime] = []

    async def ensure(_: Any, at: SweepTime) -> None:
        found.append(at)

    monkeypatch.setattr(worker, "ensure_sweep", ensure)
    return found


async def scheduled(playbooks: Playbooks) -> None:
    outside: Any = SimpleNamespace(playbooks=playbooks)
    await worker._schedule_sweep(outside, outside)


async def test_the_time_of_day_is_the_companys_own(asked: list[SweepTime]) -> None:
    await scheduled(Playbooks())
    assert asked == [SweepTime(hour=5, time_zone="Asia/Kuala_Lumpur")]


async def test_rules_that_are_at_fault_are_told_and_stop_nothing(
    asked: list[SweepTime], caplog: pytest.LogCaptureFixture
) -> None:
    await scheduled(Playbooks(PermanentFault("BadPlaybook", "the weights sum to 101")))
    assert asked == []
    assert "the weights sum to 101" in caplog.text


def test_a_time_zone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        SweepTime(hour=5, time_zone="Mars/Olympus")
