"""How a command ends when it does not end well: an exit code for scripts, a type, and one sentence for people."""

from __future__ import annotations

from pydantic import ValidationError

from cli.codes import ExitCode
from models import misfit
from models.case import RefusalType
from models.faults import PermanentFault, TransientFault
from settings import SettingsError


class Failure(Exception):
    """A command that does not go on: its exit code, the type of what went wrong, and one sentence."""

    def __init__(self, code: ExitCode, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.kind = kind
        self.sentence = sentence

    def __str__(self) -> str:
        shows_kind = self.code in (ExitCode.REFUSED, ExitCode.NOT_FOUND)
        return f"refused ({self.kind}): {self.sentence}" if shows_kind else self.sentence


def known() -> tuple[type[Exception], ...]:
    """The errors that ``failure_of`` puts into words; any other is a bug and is shown as one."""
    from temporalio.service import RPCError  # asked for only where something went wrong

    return (PermanentFault, TransientFault, SettingsError, ValidationError, RPCError)


_SETUP = ("NotMigrated", "NoDatabase", "NoTemporal", "NoTimeSkipping", "SearchAttributes")


def refused(kind: str, sentence: str) -> Failure:
    """A rule says no."""
    return Failure(ExitCode.REFUSED, kind, sentence)


def unknown(kind: RefusalType | str, sentence: str) -> Failure:
    """What was named is not there."""
    return Failure(ExitCode.NOT_FOUND, str(kind), sentence)


def failure_of(error: Exception) -> Failure:
    """One of the ``known`` errors as the way in which a command ends."""
    if isinstance(error, PermanentFault):
        return _permanent(error)
    if isinstance(error, TransientFault):
        return Failure(ExitCode.NOT_NOW, "TransientFault", str(error))
    if isinstance(error, SettingsError):
        return Failure(ExitCode.SETUP, "BadSettings", str(error))
    if isinstance(error, ValidationError):
        return Failure(ExitCode.SETUP, RefusalType.BAD_PAYLOAD.value, misfit.sentence(error))
    reason = str(getattr(error, "message", error))
    return Failure(ExitCode.NOT_NOW, "TemporalFault", f"Temporal could not do it ({reason}); try again in a moment.")


def _permanent(fault: PermanentFault) -> Failure:
    if fault.kind in _SETUP:
        return Failure(ExitCode.SETUP, fault.kind, fault.sentence)
    if fault.kind == RefusalType.BAD_PLAYBOOK:
        return Failure(ExitCode.FAULTY_FILES, fault.kind, fault.sentence)
    missing = fault.kind.startswith("Unknown") or fault.kind == "NotRunning"
    return Failure(ExitCode.NOT_FOUND if missing else ExitCode.REFUSED, fault.kind, fault.sentence)
