"""What is measured from tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.service_level import Attained
from models.work import MeasureService
from rules.service_level import attained

if TYPE_CHECKING:
    from adapters.facts.port import FactsPort


class TicketActivities:
    """What a case has to know of an account's tickets."""

    def __init__(self, facts: FactsPort) -> None:
        self._facts = facts

    @activity.defn
    @reporting_faults
    async def measure_service(self, request: MeasureService) -> Attained:
        """The attained service level of an account over a stretch of time; it changes nothing (PLAY-65)."""
        tickets = await self._facts.tickets(request.account_id)
        return attained(tickets, request.level, request.since, request.until)
