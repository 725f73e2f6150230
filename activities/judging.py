"""How accounts stand: their facts are read, scored and judged by the rules of detection; the frames stay in here."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from models.alerts import Unjudged
from models.base import Utc
from models.case import RefusalType
from models.detection import DetectionRules
from models.explained import Explained
from models.faults import PermanentFault
from models.sweep import Span, Stock, Swept
from rules.detection.frames import BadFrame, Facts
from rules.detection.judging import judged
from rules.detection.scoring import Unweighed, as_score, movement
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
        await self._alerts.judged(standing.changed)
        await self._alerts.raised(standing.raised)
        return counted(standing, rules)

    async def standing(self, span: Span) -> Standing:
        """How the accounts of a span stand; nothing is kept of it.

        Raises ``PermanentFault``: ``BadFrame``, ``Unweighed``, ``NoStock``, or ``UnknownAccount`` for one that nobody knows.
        """
        return await self._stands(await self._facts(span), span)

    async def explained(self, account_id: str, at: Utc) -> Explained:
        """How one account stands at ``at`` (UTC), and why; nothing is kept of it. Raises like ``standing``."""
        rules, triage = await self._playbooks.detection(), (await self._playbooks.policy()).triage
        span = Span(at=at, account_id=account_id)
        facts = await self._facts(span)
        detected = (await self._stands(facts, span)).detected
        today = as_score(detected.scored, detected.submetrics, account_id, rules.health)
        since = at.date() - timedelta(days=reach(rules).scores)
        history = (*await self._health.history(account_id, since, at.date()), today)
        risks = judged(detected.found, facts.accounts, rules, triage, at.date())
        return Explained(
            account_id=account_id,
            at=at,
            health=today,
            submetrics={
                row["metric"]: row["value"] for row in detected.submetrics.sort("metric").iter_rows(named=True)
            },
            movement=movement(history),
            scores={one.day: one.score for one in history if one.score is not None},
            risk=next(iter(risks), None),
            unjudged=tuple(Unjudged.model_validate(row) for row in detected.unjudged.iter_rows(named=True)),
            alerts=await self._alerts.entries(account_id),
        )

    async def _facts(self, span: Span) -> Facts:
        rules = await self._playbooks.detection()
        informing = (await self._playbooks.facts()).informational
        facts = _judged(await self._watch.facts(span, reach(rules)), informing)
        if span.account_id and facts.accounts.is_empty():
            said = f"there is no account '{span.account_id}'; give the id of one that was imported"
            raise PermanentFault(RefusalType.UNKNOWN_ACCOUNT, said)
        return facts

    async def _stands(self, facts: Facts, span: Span) -> Standing:
        rules, triage = await self._playbooks.detection(), (await self._playbooks.policy()).triage
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
