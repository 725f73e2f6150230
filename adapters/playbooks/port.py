"""What a case needs of a playbook library."""

from __future__ import annotations

from typing import Protocol

from models.detection import DetectionRules
from models.facts_policy import FactsPolicy
from models.metrics_policy import MetricsPolicy
from models.plan import Plan
from models.policy import Policy
from models.review import ReviewsPolicy


class PlaybookPort(Protocol):
    """A library of playbooks, each resolved with all that it inherits and with the policies."""

    async def load(self, name: str) -> Plan:
        """The plan of that playbook, with its digest.

        Raises PermanentFault with ``UnknownPlaybook`` for a name that is not there and with ``BadPlaybook`` where the
        file, one that it extends, or a policy is malformed.
        """
        ...

    async def names(self) -> tuple[str, ...]:
        """The names of all playbooks, sorted."""
        ...

    async def policy(self) -> Policy:
        """The policy as the plans of a leaving customer carry it. Raises ``PermanentFault("BadPlaybook")``."""
        ...

    async def metrics(self) -> MetricsPolicy:
        """What the metrics are measured against. Raises ``PermanentFault("BadPlaybook")``."""
        ...

    async def reviews(self) -> ReviewsPolicy:
        """The calendar of reviews. Raises ``PermanentFault("BadPlaybook")``."""
        ...

    async def facts(self) -> FactsPolicy:
        """What facts only inform, and the meaning of a stream. Raises ``PermanentFault("BadPlaybook")``."""
        ...

    async def detection(self) -> DetectionRules:
        """By what risk is found (part A). Raises ``PermanentFault("BadPlaybook")``."""
        ...
