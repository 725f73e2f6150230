"""Playbooks from a folder of YAML files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.playbooks.check import check, check_library
from adapters.playbooks.facts_checks import facts_faults
from adapters.playbooks.fault import Fault
from adapters.playbooks.inbound_checks import inbound_faults
from adapters.playbooks.library import DETECTION, FACTS, INBOUND, LEAVING, METRICS, POLICIES, REVIEWS, Library
from adapters.playbooks.resolve import policy_of, resolve
from models.case import RefusalType
from models.detection import DetectionRules
from models.facts_policy import FactsPolicy, FactWords
from models.faults import PermanentFault
from models.inbound_policy import InboundRules
from models.leaving_stages import LeavingKind
from models.metrics_policy import MetricsPolicy
from models.plan import Plan
from models.policy import Policy
from models.review import ReviewsPolicy


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

    async def policy(self) -> Policy:
        """The policy as the plans of a leaving customer carry it. Raises ``PermanentFault("BadPlaybook")``."""
        return await asyncio.to_thread(self._policy)

    async def inbound(self) -> InboundRules:
        """The words by which a request to cancel is known. Raises ``PermanentFault("BadPlaybook")``."""
        return await asyncio.to_thread(self._inbound)

    def _inbound(self) -> InboundRules:
        library = self._library()
        if library.inbound is None:
            sentence = f"there is no {POLICIES}/{INBOUND} below {self._folder}; add it, as docs/inbound.md shows"
            raise PermanentFault(RefusalType.BAD_PLAYBOOK, sentence)
        _refuse_faults("What comes in", inbound_faults(library))
        return InboundRules.model_validate(library.inbound.data)

    async def metrics(self) -> MetricsPolicy:
        """What the metrics are measured against. Raises ``PermanentFault("BadPlaybook")``."""
        return await asyncio.to_thread(self._metrics)

    def _metrics(self) -> MetricsPolicy:
        library = self._library()
        if library.metrics is None:
            raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"There is no {POLICIES}/{METRICS}; it holds the targets.")
        _refuse_faults("The targets", [fault for fault in check_library(library) if _is_metrics(fault)])
        return MetricsPolicy.model_validate(library.metrics.data)

    async def reviews(self) -> ReviewsPolicy:
        """The calendar of reviews. Raises ``PermanentFault("BadPlaybook")``."""
        return await asyncio.to_thread(self._reviews)

    def _reviews(self) -> ReviewsPolicy:
        library = self._library()
        if library.reviews is None:
            raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"There is no {POLICIES}/{REVIEWS}; it is the calendar.")
        _refuse_faults("The calendar of reviews", [fault for fault in check_library(library) if _is_reviews(fault)])
        return ReviewsPolicy.model_validate(library.reviews.data)

    async def facts(self) -> FactsPolicy:
        """What only informs, and the meaning of a stream. Raises ``PermanentFault("BadPlaybook")``."""
        return await asyncio.to_thread(self._facts)

    def _facts(self) -> FactsPolicy:
        library = self._library()
        if library.facts is None:
            raise PermanentFault(
                RefusalType.BAD_PLAYBOOK, f"There is no {FACTS}; it says which words facts are told in."
            )
        _refuse_faults("Facts", facts_faults(library))
        return FactsPolicy.model_validate(library.facts.data)

    async def fact_words(self) -> FactWords:
        """The kinds of signals and the sub-metrics that facts may name. Raises ``PermanentFault("BadPlaybook")``."""
        return FactWords.of(await self.facts(), await self.detection())

    async def detection(self) -> DetectionRules:
        """By what risk is found (part A). Raises ``PermanentFault("BadPlaybook")``."""
        return await asyncio.to_thread(self._detection)

    def _detection(self) -> DetectionRules:
        library = self._library()
        if library.detection is None:
            raise PermanentFault(RefusalType.BAD_PLAYBOOK, f"There is no {DETECTION}; it says by what risk is found.")
        _refuse_faults("Detection", [fault for fault in check_library(library) if fault.file == DETECTION])
        return DetectionRules.model_validate(library.detection.data)

    def _policy(self) -> Policy:
        library = self._library()
        faults = [fault for fault in check_library(library) if _is_policy(fault) and not _is_inbound(fault)]
        _refuse_faults("The policies", faults)
        return policy_of(library, leaving=True)

    def _library(self) -> Library:
        if not self._folder.is_dir():
            raise PermanentFault(RefusalType.BAD_PLAYBOOK, str(check(self._folder)[0]))
        return Library(self._folder)

    def _load(self, name: str) -> Plan:
        library = self._library()
        if library.playbook(name) is None:
            known = ", ".join(library.names()) or "none"
            raise PermanentFault(
                RefusalType.UNKNOWN_PLAYBOOK, f"There is no playbook '{name}'; the known ones are: {known}."
            )
        _refuse_faults(f"The playbook '{name}'", _in_the_way(library, name))
        return resolve(library, name)


class ReadOnce(FolderPlaybooks):
    """The same, as the folder was when it was first read: for a story that is played in one go."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._kept: Library | None = None
        self._plans: dict[str, Plan] = {}

    def _library(self) -> Library:
        self._kept = self._kept or super()._library()
        return self._kept

    def _load(self, name: str) -> Plan:
        if name not in self._plans:
            self._plans[name] = super()._load(name)
        return self._plans[name]


def _in_the_way(library: Library, name: str) -> list[Fault]:
    """The faults that concern a playbook; those of leaving stand in the way of the plans of leaving customers alone."""
    chain = library.chain(name)
    files = {source.file for source in chain}
    leaving = chain[0].data.get("kind") in set(LeavingKind)
    concerned = (fault for fault in check_library(library) if fault.file in files or _is_policy(fault))
    return [fault for fault in concerned if not _is_inbound(fault) and (leaving or not _is_leaving(fault))]


def _refuse_faults(what: str, faults: list[Fault]) -> None:
    if faults:
        listed = "\n".join(str(fault) for fault in faults)
        raise PermanentFault(
            RefusalType.BAD_PLAYBOOK, f"{what} cannot be used until {_count(faults)} corrected:\n{listed}"
        )


def _is_policy(fault: Fault) -> bool:
    return fault.file.split("/")[0] == POLICIES and not _is_metrics(fault) and not _is_reviews(fault)


def _is_metrics(fault: Fault) -> bool:
    return fault.file == f"{POLICIES}/{METRICS}"


def _is_reviews(fault: Fault) -> bool:
    return fault.file == f"{POLICIES}/{REVIEWS}"


def _is_leaving(fault: Fault) -> bool:
    return fault.file.startswith(f"{POLICIES}/{LEAVING}")


def _is_inbound(fault: Fault) -> bool:
    return fault.file == f"{POLICIES}/{INBOUND}"


def _count(faults: list[Fault]) -> str:
    return "1 fault is" if len(faults) == 1 else f"{len(faults)} faults are"
