"""The corpus: histories of real runs, kept for good. One is added by name; none is ever made anew in place.

``python -m tests.replay.corpus NAME [STORY]`` plays a story of ``stories.py`` and adds its history under NAME.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import sys
import tempfile
from pathlib import Path

from pydantic import TypeAdapter
from temporalio.client import WorkflowHistory

from models.base import Record
from tests.replay.stories import STORIES, set_up
from tests.world import soon

FOLDER = Path(__file__).parent / "corpus"
MANIFEST = FOLDER / "manifest.json"


class Kept(Record):
    """One history of the corpus; ``sha256`` is of the JSON, before it was packed."""

    name: str
    about: str
    workflow_type: str
    workflow_id: str
    events: int
    sha256: str

    @property
    def path(self) -> Path:
        """The packed JSON."""
        return FOLDER / f"{self.name}.json.gz"

    def read(self) -> bytes:
        """The JSON of the history."""
        return gzip.decompress(self.path.read_bytes())

    def history(self) -> WorkflowHistory:
        """The history, ready to be replayed."""
        return WorkflowHistory.from_json(self.workflow_id, self.read().decode())


_KEPT = TypeAdapter(tuple[Kept, ...])


def manifest() -> tuple[Kept, ...]:
    """All histories of the corpus."""
    return _KEPT.validate_json(MANIFEST.read_bytes()) if MANIFEST.exists() else ()


def add(name: str, about: str, history: WorkflowHistory) -> Kept:
    """Keep a history under a new name. Raises ``FileExistsError`` for a name that is taken."""
    if any(kept.name == name for kept in manifest()):
        raise FileExistsError(f"the corpus has '{name}' already; a history is never replaced, choose another name")
    raw = history.to_json().encode()
    started = history.events[0].workflow_execution_started_event_attributes
    kept = Kept(
        name=name,
        about=about,
        workflow_type=started.workflow_type.name,
        workflow_id=history.workflow_id,
        events=len(history.events),
        sha256=hashlib.sha256(raw).hexdigest(),
    )
    FOLDER.mkdir(exist_ok=True)
    kept.path.write_bytes(gzip.compress(raw, mtime=0))
    MANIFEST.write_bytes(_KEPT.dump_json((*manifest(), kept), indent=2) + b"\n")
    return kept


async def record(name: str, story_name: str) -> Kept:
    """Play a story and keep its history."""
    story = STORIES[story_name]
    with tempfile.TemporaryDirectory() as home:
        async with set_up(Path(home) / "home", suggest_after=story.suggest_after) as stage:
            await story.play(stage)
            handle = stage.world.client.get_workflow_handle(story.kept)
            await soon(handle.result())
            history = await soon(handle.fetch_history())
    about = " ".join((story.play.__doc__ or "").split())
    return add(name, about, history)


if __name__ == "__main__":
    print(asyncio.run(record(sys.argv[1], sys.argv[-1])))
