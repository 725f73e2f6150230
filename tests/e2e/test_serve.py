"""An instance of one's own runs here by one command, and nothing of it is left behind."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.temporal.address import ServerAddress
from tests.e2e.processes import PATIENCE, children, gone, needs_proc, started


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """An instance that has said that it runs."""
    with started(tmp_path, "serve", "Ctrl-C ends both") as process:
        yield process


@needs_proc
def test_ctrl_c_ends_the_server_and_the_worker_and_keeps_the_state(instance, tmp_path):
    begun = children(instance)
    assert len(begun) == 2
    assert ServerAddress.read(tmp_path) is not None
    instance.send_signal(signal.SIGINT)
    said, _ = instance.communicate(timeout=PATIENCE)
    assert instance.returncode == 0
    assert said.strip() == "The instance has ended; its state is kept."
    assert gone(begun)
    assert (tmp_path / "followthrough.db").is_file()


@needs_proc
def test_a_worker_that_ends_by_itself_is_told_with_its_log(instance, tmp_path):
    begun = children(instance)
    os.kill(begun[-1], signal.SIGTERM)
    _, said = instance.communicate(timeout=PATIENCE)
    assert instance.returncode == 2
    assert f"The worker ended by itself; {tmp_path / 'worker.log'} says why." in said
    assert gone(begun)
