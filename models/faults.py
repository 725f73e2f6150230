"""Faults that adapters raise: permanent ones are final, transient ones are tried again, held ones wait."""

from __future__ import annotations

from datetime import datetime

from models.case import RefusalType

UNEXPECTED = "Unexpected"
"""The type of a failure that nobody foresaw; every other type names a fault that was told as what it is."""


class PermanentFault(Exception):
    """Trying again is useless; ``kind`` becomes the type of the error and the sentence says what would be right."""

    def __init__(self, kind: RefusalType | str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = str(kind)
        self.sentence = sentence


class TransientFault(Exception):
    """The outside world was out of reach or busy; the same call may go through later."""


class Held(Exception):
    """Nothing was sent on purpose (kill switch, allow-list, hourly cap); try again not before ``until`` (UTC)."""

    def __init__(self, until: datetime, sentence: str) -> None:
        super().__init__(sentence)
        self.until = until
        self.sentence = sentence
