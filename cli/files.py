"""Writing a file that somebody asked for; what stands in the way is one clear line."""

from __future__ import annotations

from pathlib import Path

from cli.codes import ExitCode
from cli.exits import Failure


def save(file: Path, content: str) -> Path:
    """Write the content to the file, whose folder is made if need be; gives the file."""
    target = file.expanduser()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Failure(ExitCode.SETUP, "Usage", f"{file} cannot be written ({error.strerror}).") from error
    return file
