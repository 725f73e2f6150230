"""How an account stands and why: its score with what moved it, its risk, and what could not be judged."""

from __future__ import annotations

from datetime import date

from models.alerts import AlertEntry, AtRisk, Unjudged
from models.base import Record, Utc
from models.health import HealthScore, Movement


class Explained(Record):
    """One account at a moment. ``scores`` are those of the last weeks by day, ``submetrics`` the known ones of today.

    ``risk`` is None where nothing was found.
    """

    account_id: str
    at: Utc
    health: HealthScore
    submetrics: dict[str, float] = {}
    movement: Movement | None = None
    scores: dict[date, float] = {}
    risk: AtRisk | None = None
    unjudged: tuple[Unjudged, ...] = ()
    alerts: tuple[AlertEntry, ...] = ()
