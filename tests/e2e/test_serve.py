"""An instance of one's own runs here by one command, and nothing of it is left behind."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.temporal.address import ServerAddress
from cli.serve import MOST_ENDS
from settings import CHECKOUT
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
def test_a_worker_that_is_killed_is_started_again_until_it_dies_too_often(instance, tmp_path):
    assert (own := ServerAddress.read(tmp_path)) is not None
    server, killed = children(instance)[0], []
    for _ in range(MOST_ENDS):
        killed.append(fresh_worker(instance, {server, *killed}))
        assert instance.poll() is None
        assert ServerAddress.read(tmp_path) == own
        os.kill(killed[-1], signal.SIGKILL)
    said, failed = instance.communicate(timeout=PATIENCE)
    assert instance.returncode == 2
    assert said.count("The worker ended by itself and is started again in 2 s") == MOST_ENDS - 1
    assert f"The worker ended by itself {MOST_ENDS} times in a row; {tmp_path / 'worker.log'} says why." in failed
    assert gone([server, *killed])


def test_a_faulty_file_is_told_where_the_instance_was_started(tmp_path, monkeypatch):
    playbooks = tmp_path / "playbooks"
    shutil.copytree(CHECKOUT / "playbooks", playbooks)
    detection = playbooks / "detection.yaml"
    faulty = detection.read_text(encoding="utf-8").replace("respond: P7D", "respond: soon")
    detection.write_text(faulty, encoding="utf-8")
    line = next(n for n, text in enumerate(faulty.splitlines(), 1) if "respond: soon" in text)
    monkeypatch.setenv("FOLLOWTHROUGH_PLAYBOOKS", str(playbooks))
    with started(tmp_path / "home", "serve", f"1 fault in {playbooks}") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"detection.yaml:{line}: responses[2].respond: ")
        assert "'playbook check' shows every fault" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def fresh_worker(instance: subprocess.Popen[str], known: set[int]) -> int:
    """The worker that was started since those that are known."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := [pid for pid in children(instance) if pid not in known]:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("no other worker was started")
