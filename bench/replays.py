"""How long a history takes to be replayed, which is what a case costs after a restart of its worker."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from bench.naive import NaiveSave
from models.base import Record
from settings import CHECKOUT
from worker import WORKFLOWS, sandbox

CORPUS = CHECKOUT / "tests" / "replay" / "corpus"
_TIMES = 3


class Replay(Record):
    """The best time of some replays of one history."""

    events: int
    seconds: float

    @property
    def seconds_per_thousand(self) -> float:
        """Seconds for each 1,000 events."""
        return self.seconds * 1000 / self.events


async def replay(history: WorkflowHistory) -> Replay:
    """Replay a history some times. Raises where the workflows do not replay it."""
    replayer = Replayer(
        workflows=[*WORKFLOWS, NaiveSave], workflow_runner=sandbox(), data_converter=pydantic_data_converter
    )
    best = float("inf")
    for _ in range(_TIMES):
        began = time.perf_counter()
        await replayer.replay_workflow(history)
        best = min(best, time.perf_counter() - began)
    return Replay(events=len(history.events), seconds=best)


def longest_of(corpus: Path = CORPUS) -> WorkflowHistory | None:
    """The history of the replay corpus with the most events; None where it is empty."""
    histories = (_read(file) for file in sorted(corpus.glob("*.json.gz")))
    return max(histories, key=lambda history: len(history.events), default=None)


def _read(file: Path) -> WorkflowHistory:
    """The history under its own workflow id, which a case checks against its account."""
    text = gzip.decompress(file.read_bytes()).decode()
    started = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(started["workflowId"], text)
