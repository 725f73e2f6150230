"""How accounts stand: their facts are read, scored and judged by the rules of detection; the frames stay in here."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl

from models.base import Utc
from models.case import RefusalType
from models.detection import DetectionRules
from models.faults import PermanentFault
from models.sweep import Span, Stock, Swept
from rules.detection.frames import BadFrame, Facts
from rules.detection.scoring import Unweighed
from rules.detection.standing import Standing, stands
from rules.detection.windows import reach

if TYPE_CHECKING:
    from adapters.alerts.port import AlertsPort
    from adapters.health.port import HealthPort
    from adapters.playbooks.port import PlaybookPort
    from adapters.usage.port import UsagePort
    from adapters.watch.port import WatchPort


class Judge:
    """Reads the facts of many accounts or of one, and judges them. Raises ``PermanentFault("BadPlaybook")``."""

    def __init__(
        self, watch: WatchPort, usage: UsagePort, health: HealthPort, alerts: AlertsPort, playbooks: PlaybookPort
    ) -> None:
        self._watch, self._usage, self._health, self._alerts = watch, usage, health, alerts
        self._playbooks = playbooks

    async def take_stock(self, key: str, at: Utc, beat: Callable[[], None] = lambda: None) -> Stock:
        """Put aside the facts of all accounts, once for the key."""
        return await self._watch.take_stock(key, at, reach(await self._playbooks.detection()), beat)

    async def forget(self, key: str) -> None:
        """Remove what was put aside."""
        await self._watch.forget(key)

    async def swept(self, span: Span) -> Swept:
        """Judge a span, keep its scores of the day, and raise and settle its alerts."""
        rules = await self._playbooks.detection()
        standing = await self.standing(span)
        scored = standing.detected.scored
        await self._health.put(banded(scored.health, rules), scored.components)
        await self._alerts.put((*standing.raised, *standing.changed))
        return counted(standing, rules)

    async def standing(self, span: Span) -> Standing:
        """How the accounts of a span stand; nothing is kept of it.

        Raises ``PermanentFault``: ``BadFrame``, ``Unweighed``, ``NoStock``, or ``UnknownAccount`` for one that nobody knows.
        """
        rules = await self._playbooks.detection()
        triage = (await self._playbooks.policy()).triage
        informing = (await self._playbooks.facts()).informational
        facts = _judged(await self._watch.facts(span, reach(rules)), informing)
        if span.account_id and facts.accounts.is_empty():
            raise PermanentFault(RefusalType.UNKNOWN_ACCOUNT, f"there is no account '{span.account_id}'")
        known = await self._alerts.known(span)
        try:
            return await asyncio.to_thread(stands, facts, known, rules, triage, span.at, self._usage.bucket)
        except (BadFrame, Unweighed) as error:
            raise PermanentFault(type(error).__name__, str(error)) from error


def _judged(facts: Facts, informing: tuple[str, ...]) -> Facts:
    """The facts without the signals that only inform."""
    told = facts.signals.filter(~pl.col("kind").is_in(list(informing)))
    return Facts(**{**vars(facts), "signals": told})


def banded(health: pl.DataFrame, rules: DetectionRules) -> pl.DataFrame:
    """The scores with the name of their band; empty where there is no score."""
    bands = sorted(rules.health.bands, key=lambda band: band.from_score)
    name = pl.lit("")
    for band in bands:
        name = pl.when(pl.col("score") >= band.from_score).then(pl.lit(band.name)).otherwise(name)
    return health.with_columns(band=name)


def counted(standing: Standing, rules: DetectionRules) -> Swept:
    """What the scoring came to, in numbers."""
    health = banded(standing.detected.scored.health, rules)
    bands = Counter(health["band"].to_list())
    missing = bands.pop("", 0)
    return Swept(
        accounts=health.height,
        bands=dict(sorted(bands.items())),
        insufficient=missing,
        raised=len(standing.raised),
        settled=sum(1 for alert in standing.changed if not alert.open and alert.settled_at),
        unjudged=dict(sorted(Counter(standing.detected.unjudged["rule"].to_list()).items())),
    )
