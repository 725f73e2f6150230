"""Plans, from the library of playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities.faults import reporting_faults
from models.plan import Plan
from models.work import LoadPlan

if TYPE_CHECKING:
    from adapters.playbooks.port import PlaybookPort


class PlanActivities:
    """What a case asks of the library of playbooks."""

    def __init__(self, playbooks: PlaybookPort) -> None:
        self._playbooks = playbooks

    @activity.defn
    @reporting_faults
    async def load_plan(self, request: LoadPlan) -> Plan:
        """The plan of a playbook, with its digest. Fails with ``UnknownPlaybook`` or ``BadPlaybook``."""
        return await self._playbooks.load(request.playbook)
