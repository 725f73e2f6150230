"""Playbooks from a folder of YAML files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.playbooks.check import check, check_library
from adapters.playbooks.fault import Fault
from adapters.playbooks.library import POLICIES, Library
from adapters.playbooks.resolve import resolve
from models.case import RefusalType
from models.faults import PermanentFault
from models.plan import Plan


class FolderPlaybooks:
    """A PlaybookPort on ``folder``, which holds ``save/*.yaml``, ``policies/*.yaml`` and ``messages/{language}/``.

    Files are read at every call, so that an edited playbook holds for the next case without a restart.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def load(self, name: str) -> Plan:
        """The plan of that playbook; faults in playbooks that it has nothing to do with do not stand in its way."""
        return await asyncio.to_thread(self._load, name)

    async def names(self) -> tuple[str, ...]:
        """The names of all playbooks, sorted."""
        return await asyncio.to_thread(lambda: Library(self._folder).names())

    def _load(self, name: str) -> Plan:
        if not self._folder.is_dir():
            raise PermanentFault(RefusalType.BAD_PLAYBOOK, str(check(self._folder)[0]))
        library = Library(self._folder)
        if library.playbook(name) is None:
            known = ", ".join(library.names()) or "none"
            raise PermanentFault(
                RefusalType.UNKNOWN_PLAYBOOK, f"There is no playbook '{name}'; the known ones are: {known}."
            )
        faults = _in_the_way(library, name)
        if faults:
            listed = "\n".join(str(fault) for fault in faults)
            heading = f"The playbook '{name}' cannot be used until {_count(faults)} corrected:"
            raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"{heading}\n{listed}")
        return resolve(library, name)


def _in_the_way(library: Library, name: str) -> list[Fault]:
    files = {source.file for source in library.chain(name)}
    concerned = (fault for fault in check_library(library) if fault.file in files or _is_policy(fault))
    return list(concerned)


def _is_policy(fault: Fault) -> bool:
    return fault.file.split("/")[0] == POLICIES


def _count(faults: list[Fault]) -> str:
    return "1 fault is" if len(faults) == 1 else f"{len(faults)} faults are"
