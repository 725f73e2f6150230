"""Programs that are started for a test, and the processes that they start themselves."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from settings import CHECKOUT

PATIENCE = 60.0


@contextmanager
def started(home: Path, command: str, said: str) -> Iterator[subprocess.Popen[str]]:
    """A command of ``starter.py`` that has said so much; killed at the end where it still runs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    process = subprocess.Popen(
        [sys.executable, str(CHECKOUT / "starter.py"), command],
        env=environment | {"FOLLOWTHROUGH_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while line := process.stdout.readline():
        if said in line:
            break
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that it has started."""
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
