"""A change of what a playbook does, and when, and to whom, is seen in its committed calendar (CRAFT 3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.rules import golden

SHIPPED = sorted(path.stem for folder in ("save", "modules") for path in Path("playbooks", folder).glob("*.yaml"))
PLAYED = [*SHIPPED, *golden.OFFBOARDING]


@pytest.mark.parametrize("playbook", PLAYED)
def test_a_playbook_plays_as_it_did(playbook):
    actual = golden.trace(playbook)
    assert actual == golden.expected(playbook, actual), f"set {golden.REWRITE}=1 to accept a wanted change"


def test_every_trace_is_that_of_a_playbook_that_ships():
    assert sorted(path.stem for path in golden.FOLDER.iterdir()) == sorted(
        [*PLAYED, "recovery", "retention", "win_back"]
    )
