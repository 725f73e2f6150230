"""The demo is stopped while it plays; its story itself is run by CI as ``make demo ONCE=1``."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.processes import PATIENCE, children, gone, needs_proc, started


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A demo that has opened its first case."""
    with started(tmp_path, "demo", ": opened") as process:
        yield process


@needs_proc
def test_ctrl_c_ends_everything_and_says_so_in_one_line(demo):
    begun = children(demo)
    assert len(begun) == 2
    demo.send_signal(signal.SIGINT)
    _, said = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 1
    assert said.strip() == "The demo was stopped; nothing of it is running any more."
    assert gone(begun)


@needs_proc
def test_a_killed_demo_leaves_no_process_behind(demo):
    begun = children(demo)
    demo.kill()
    assert gone(begun)
