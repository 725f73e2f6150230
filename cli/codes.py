"""The exit codes of the command line."""

from __future__ import annotations

from enum import IntEnum

HELP = (
    "Exit codes: 0 done; 1 not now, the same command may go through later; 2 wrong usage or settings, no database, "
    "no Temporal; 3 refused by a rule; 4 no such account, case, person, playbook or letter; 5 faults in the files "
    "that were read, good rows are kept; 6 a played story did not go as expected."
)


class ExitCode(IntEnum):
    """What a script sees; documented in ``--help`` and docs/cli.md."""

    OK = 0
    NOT_NOW = 1
    SETUP = 2
    REFUSED = 3
    NOT_FOUND = 4
    FAULTY_FILES = 5
    NOT_AS_EXPECTED = 6
