"""Text that somebody gave, as it may be kept and shown anywhere: no control characters, no hidden turns of direction."""

from __future__ import annotations

import re

# What a terminal obeys: colours and other commands (CSI), window titles and links (OSC).
# Only whole ones, begun by ESC: a mail that was decoded wrongly has single characters that once stood for their begin.
_COMMANDS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_HIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def as_text(given: object) -> object:
    """The text with its lines and without what no reader sees; what is no text stays as it is."""
    if not isinstance(given, str) or (given.isascii() and given.isprintable()):
        return given
    plain = _COMMANDS.sub("", _ENDS.sub("\n", given)).replace("\t", " ")
    return _HIDDEN.sub("", plain)


def as_line(given: object) -> object:
    """The same on one line."""
    plain = as_text(given)
    return " ".join(plain.split()) if isinstance(plain, str) else plain
