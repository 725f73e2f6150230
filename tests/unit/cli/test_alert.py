"""A manager reads the alerts in the order in which they matter."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cli.alert import by_gravity
from models.alerts import AlertEntry, AlertKind, RiskLevel


def alert(name: str, level: RiskLevel, day: int) -> AlertEntry:
    return AlertEntry(
        id=name,
        account_id="acc-0001",
        rule="usage_down_30",
        kind=AlertKind.BEHAVIOUR,
        level=level,
        since=date(2026, 11, day),
        raised_at=datetime(2026, 11, day, 2, tzinfo=UTC),
        happens="watch",
        why="the use fell",
    )


def test_the_gravest_alert_comes_first_and_of_one_gravity_the_one_that_waits_longest():  # RISK-85
    found = [
        alert("watch", RiskLevel.WATCH, 1),
        alert("high-new", RiskLevel.HIGH, 9),
        alert("none", RiskLevel.NONE, 2),
        alert("medium", RiskLevel.MEDIUM, 1),
        alert("low", RiskLevel.LOW, 1),
        alert("high-old", RiskLevel.HIGH, 3),
    ]
    assert [one.id for one in by_gravity(found)] == ["high-old", "high-new", "medium", "low", "watch", "none"]
