"""The process of a command ends at once with its code, whatever still runs behind it, and loses nothing that it wrote."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.conftest import SAMPLE, Instance, OpenSave, environment, run

_BEHIND = """
import atexit, sys, threading, time
from cli.process import leave
threading.Thread(target=time.sleep, args=(300,)).start()
atexit.register(print, "and the last word")
sys.stdout.write("all that was said, ")
leave(SystemExit(3))
"""


def test_the_process_ends_with_what_was_written_and_waits_for_no_thread() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _BEHIND], cwd=SAMPLE.parent, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (3, "all that was said, and the last word\n")


def test_a_refused_command_is_a_process_with_one_sentence_and_code_3(instance: Instance, save: OpenSave) -> None:
    env = {name: value for name, value in environment(instance.home).items() if value}
    said = ["save", "skip", save.account, "contact_call", "--by", save.csm, "--reason", "busy"]
    starter = str(SAMPLE.parent / "starter.py")
    for _ in range(3):
        ended = subprocess.run(
            [sys.executable, starter, *said], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        assert (ended.returncode, ended.stdout) == (3, "")
        assert ended.stderr == run(instance.home, *said).stderr
