"""Text from outside as it may be kept and shown: no control characters, no hidden ones, of bounded length."""

from __future__ import annotations

import hashlib
import re
import unicodedata

TEXT_MOST = 20_000
LINE_MOST = 300
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,49}")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[^\s@<>\"(),:;\[\]\\]{1,190}")


def cleaned(text: str, most: int = TEXT_MOST) -> str:
    """The text with its lines, without control and formatting characters and halves of pairs; cut at ``most``."""
    text = unicodedata.normalize("NFC", text[: most * 4].replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(_shown(letter) for letter in text)
    kept = re.sub(r"\n{3,}", "\n\n", kept).strip()
    return kept if len(kept) <= most else f"{kept[:most]}\n[…]"


def one_line(text: str, most: int = LINE_MOST) -> str:
    """The text on one line, cleaned like ``cleaned``."""
    return " ".join(cleaned(text, most).split())[:most]


def address(text: str) -> str:
    """A mail address in small letters; nothing where it is none."""
    plain = one_line(text).casefold()
    return plain if _ADDRESS.fullmatch(plain) else ""


def source_id(kind: str, given: str) -> str:
    """An id of ours for that of a ticket or form; the same one for the same, and safe wherever ids go."""
    return f"{kind}-{given}" if _SAFE.fullmatch(given) else hashed_id(kind, given)


def hashed_id(kind: str, given: str) -> str:
    """An id of ours for one that may hold anything, such as a Message-ID."""
    return f"{kind}-{hashlib.sha256(given.encode('utf-8', 'replace')).hexdigest()[:20]}"


def _shown(letter: str) -> str:
    if letter == "\n":
        return letter
    category = unicodedata.category(letter)
    if letter == "\t" or category in ("Zs", "Zl", "Zp"):
        return " "
    return "" if category in ("Cc", "Cf", "Cs", "Co") else letter
