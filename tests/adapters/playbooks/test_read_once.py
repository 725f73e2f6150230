"""Playbooks for a story: as they were when it began, whoever edits them meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

from adapters.playbooks.folder import FolderPlaybooks, ReadOnce


async def test_a_story_is_played_by_the_playbooks_that_it_began_with(tmp_path: Path) -> None:
    folder = tmp_path / "playbooks"
    shutil.copytree("playbooks", folder)
    once, always = ReadOnce(folder), FolderPlaybooks(folder)
    first = await once.load("standard")
    assert first == await always.load("standard")
    policy = folder / "policies" / "follow_through.yaml"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace("lead_role: csm", "lead_role: sales"), encoding="utf-8"
    )
    assert await once.load("standard") is first
    assert (await once.load("fast")).policy.lead_role == "csm"
    assert (await always.load("standard")).policy.lead_role == "sales"
