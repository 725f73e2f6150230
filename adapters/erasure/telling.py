"""What a store did of a deletion, in the words of the reader's language: for the certificate, and for the letter."""

from __future__ import annotations

from typing import Any

from babel.numbers import format_decimal

from adapters.letters.templates import Reader, Templates
from models.retention import Erased, ErasureMethod

WORDS = "_certificate"
"""The file of the messages folder that has the words."""


class Telling:
    """The words for one reader."""

    def __init__(self, templates: Templates, reader: Reader) -> None:
        self._templates, self._reader = templates, reader

    def word(self, name: str, **values: Any) -> str:
        """A word or a sentence by its name."""
        return self._templates.block(name, WORDS, self._reader, values)

    def store(self, one: Erased) -> str:
        """What a store is called."""
        return self.word("store", store=one.store)

    def what(self, one: Erased) -> str:
        """What a store held; of a deletion by hand, with who attests it and by what."""
        held = self.word("what", store=one.store, what=one.what)
        return f"{held}. {self.word('attested', note=one.note, by=one.by)}" if self.is_attested(one) else held

    def how(self, one: Erased) -> str:
        """How it was deleted."""
        return self.word("how", method=one.method.value)

    def kept(self, one: Erased) -> str:
        """What a store keeps, and why."""
        return f"{self.store(one)}: {self.word('reason', kept=one.kept)}"

    def count(self, rows: int) -> str:
        """A number as the reader writes it."""
        return format_decimal(rows, locale=self._reader.locale)

    def deleted(self, one: Erased) -> str:
        """A store of a deletion in one line: what it held, and how much."""
        held = f"{self.store(one)}: {self.word('what', store=one.store, what=one.what)}"
        return held if self.is_attested(one) else f"{held} ({self.count(one.rows)})"

    @staticmethod
    def is_attested(one: Erased) -> bool:
        """Whether a person attests it, so that nobody has counted."""
        return one.method is ErasureMethod.BY_HAND
