"""The small library of a test, and what the check says of a line of it."""

from __future__ import annotations

from pathlib import Path

from adapters.playbooks.check import check

SPINE, CHILD, POLICY = "save/spine.yaml", "save/child.yaml", "policies/all.yaml"
MODULE, RACI = "modules/quick_fix.yaml", "policies/raci.yaml"


def found(folder: Path, file: str, line: int) -> str:
    """All that is wrong on that line."""
    return "\n".join(str(fault) for fault in check(folder) if (fault.file, fault.line) == (file, line))
