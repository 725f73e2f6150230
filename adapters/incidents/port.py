"""What Followthrough needs of a register of shared incidents and product gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from models.incident import Incident, IncidentKind, IncidentLink, Progress
from models.people import PersonId


class IncidentsPort(Protocol):
    """Each incident once, with its progress and the cases that share it. Moments are UTC.

    What asks for one incident raises ``PermanentFault(UnknownIncident)`` where there is none of that id. Whatever is
    written twice in the same words is there once; other words raise ``PermanentFault(IllegalMove)``.
    """

    async def open(self, incident_id: str, kind: IncidentKind, title: str, by: PersonId) -> Incident:
        """Record an incident; an empty id is given a free one, or is that of the open incident of the same words."""
        ...

    async def incident(self, incident_id: str) -> Incident:
        """One incident, with its progress and links."""
        ...

    async def incidents(self) -> tuple[Incident, ...]:
        """All of them, the open ones first, then the newest."""
        ...

    async def link(self, incident_id: str, link: IncidentLink) -> Incident:
        """A case shares it from now on; one that does already stays as it is. Refused once it is closed."""
        ...

    async def unlink(self, incident_id: str, case_id: str, by: PersonId, reason: str) -> Incident:
        """A case was linked by mistake and leaves; that it did stays on record. ``IllegalMove`` where it shares nothing."""
        ...

    async def add_progress(
        self,
        incident_id: str,
        by: PersonId,
        text: str,
        *,
        number: int | None = None,
        estimate: datetime | None = None,
        closes: bool = False,
    ) -> Progress:
        """A note of progress under that number, the next one where none is named; ``closes`` ends the incident.

        An ``estimate`` that has passed is ``IllegalMove``.
        """
        ...
