"""How the people of a story are played: nobody looks at a case while what they just did is still under way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cli.play import Stage

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class Played:
    """A case in which one thing is to be done at the opening, and what happened in which order."""

    def __init__(self) -> None:
        self.now_ = NOW
        self.order: list[str] = []

    async def query(self, *_: object, **__: object) -> Any:
        self.order.append("look")
        return SimpleNamespace(outcome="left" if self.order.count("look") > 2 else None)

    async def execute_update(self, *_: object) -> None:
        self.order.append("do")

    async def now(self) -> datetime:
        return self.now_

    async def move_to(self, at: datetime) -> None:
        self.order.append(f"wait {(at - NOW) // timedelta(minutes=1)}")


@pytest.mark.parametrize(
    ("sitting", "order"),
    [
        (timedelta(0), ["look", "do", "wait 0", "look", "wait 60", "look"]),
        (timedelta(minutes=5), ["look", "do", "look", "wait 60", "look"]),
    ],
)
async def test_what_a_deed_asks_for_lands_before_the_next_look(
    monkeypatch: pytest.MonkeyPatch, sitting: timedelta, order: list[str]
):
    case: Any = Played()
    deed: Any = SimpleNamespace(at=NOW, name="confirm", command=SimpleNamespace(model_dump=lambda **_: {}))
    monkeypatch.setattr(Stage, "_meant", lambda self, status: [] if self.done else [deed])
    monkeypatch.setattr(Stage, "_stop", lambda self, status, first, now: NOW + timedelta(hours=1))
    nobody: Any = None
    stage = Stage(case, case, nobody, nobody, nobody, nobody, sitting=sitting)
    await stage.play(NOW + timedelta(days=1))
    assert case.order == order
