"""Run a program that dies with the process that started it: ``python tethered.py PARENT_PID PROGRAM ARGUMENTS...``.

The tie is made here and not in ``preexec_fn``, which is unsafe in a parent with threads. Linux only; on other systems
the program runs untied.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Become ``command``, tied to ``parent``; ends at once where the parent is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == parent:
        os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
