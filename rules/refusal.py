"""A refused command: its type, and a sentence that says what would be accepted."""

from __future__ import annotations

from collections.abc import Iterable

from models.case import Case, RefusalType
from models.plan import Plan


class Refused(Exception):
    """Raised by a rule; the case is unharmed. ``kind`` is the type that the caller sees."""

    def __init__(self, kind: RefusalType, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


def one_of(names: Iterable[str]) -> str:
    """The names as a refusal lists them; a plain word where there are none."""
    return ", ".join(names) or "none"


def counted(number: int, thing: str) -> str:
    """A number with its noun: ``1 why``, ``3 whys``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def wrong_kind(case: Case, plan: Plan) -> str:
    """Why a plan of another kind does not go with the case."""
    return f"'{plan.name}' is a plan of the kind {plan.kind}; this is a {case.kind} case"
