"""The demo is stopped while it plays; its story itself is run by CI as ``make demo ONCE=1``."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import CHECKOUT

PATIENCE = 60.0


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A demo that has opened its first case."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    process = subprocess.Popen(
        [sys.executable, str(CHECKOUT / "starter.py"), "demo"],
        env=environment | {"FOLLOWTHROUGH_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while line := process.stdout.readline():
        if ": opened" in line:
            break
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that the demo has started."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(pid) for pid in listed.split()]


def gone(pids: list[int]) -> bool:
    """Whether all of these have ended, within some seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not any(is_alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads the processes of Linux")


@needs_proc
def test_ctrl_c_ends_everything_and_says_so_in_one_line(demo):
    started = children(demo)
    assert len(started) == 2
    demo.send_signal(signal.SIGINT)
    _, said = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 1
    assert said.strip() == "The demo was stopped; nothing of it is running any more."
    assert gone(started)


@needs_proc
def test_a_killed_demo_leaves_no_process_behind(demo):
    started = children(demo)
    demo.kill()
    assert gone(started)
