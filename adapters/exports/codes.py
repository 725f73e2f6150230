"""Download codes: made from a secret of the instance, so that the database need not keep them, only their hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import suppress
from pathlib import Path

_GROUPS, _DIGITS = 6, 4


class Codes:
    """The codes of the exports in ``folder``, whose secret is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / ".secret"  # no account has an id like this

    def of(self, export_id: str) -> str:
        """The code of an export, such as ``7C2A-44D1-9E0F-1A2B-3C4D-5E6F``; the same as long as the secret is there."""
        digits = hmac.digest(self._secret(), export_id.encode(), "sha256").hex().upper()
        return "-".join(digits[at : at + _DIGITS] for at in range(0, _GROUPS * _DIGITS, _DIGITS))

    def _secret(self) -> bytes:
        with suppress(FileNotFoundError):
            return self._file.read_bytes()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        begun = self._file.with_name(f"{secrets.token_hex(8)}.begun")
        begun.touch(mode=0o600)
        begun.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):
            self._file.hardlink_to(begun)  # the first one stays, also where two processes begin at once
        begun.unlink()
        return self._file.read_bytes()


def hashed(code: str) -> str:
    """What is kept of a code, however it was typed."""
    return hashlib.sha256("".join(code.split()).upper().encode()).hexdigest()
