"""How the process of a command ends."""

from __future__ import annotations

import atexit
import logging
import os
import sys
from typing import NoReturn


def leave(end: SystemExit) -> NoReturn:
    """End this process with the exit code of ``end``, once all that it wrote is out.

    The interpreter is not taken down. A thread of Temporal's runtime may still hold it when it is, after the answer of
    the last call, and aborts the process then ("PyGILState_Release", temporalio/sdk-python issue 300).
    """
    code = end.code if isinstance(end.code, int) else int(end.code is not None)
    atexit._run_exitfuncs()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # whoever read it has gone
            code = code or 1
    os._exit(code)
