"""A fault in a playbook or policy file, and how to suggest the right word."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple


class Fault(NamedTuple):
    """One fault: file (relative to the folder), line, where in the file, what is wrong and what would be right."""

    file: str
    line: int
    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        place = f" {self.where}:" if self.where else ""
        return f"{self.file}:{self.line}:{place} {self.wrong}; {self.right}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like ``word``; empty where none is."""
    return next(iter(get_close_matches(word, sorted(set(known)), n=1, cutoff=0.65)), "")


def one_of(word: str, known: Iterable[str]) -> str:
    """What would be right in place of ``word``: the nearest known word, or the list of all."""
    words = sorted(set(known))
    if near := nearest(word, words):
        return f"did you mean '{near}'?"
    return f"use one of: {', '.join(words)}" if words else "none is defined yet"
