"""What a case needs of a playbook library."""

from __future__ import annotations

from typing import Protocol

from models.plan import Plan


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
