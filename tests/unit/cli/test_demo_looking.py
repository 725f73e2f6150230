"""The demo waits for what is written a moment later, and tells what is wrong beside all that holds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cli.demo_looking import Check, book_faults, caught_up, check, looked
from models.faults import PermanentFault

STATUS: Any = SimpleNamespace(case_id="c-1", outcome=None, stage="intake", steps=(1, 2))


def book(*answers: Any) -> Any:
    """The parts with a book that answers one after the other."""
    left = list(answers)

    async def status_of(_case_id: str) -> Any:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return SimpleNamespace(book=SimpleNamespace(status_of=status_of))


async def test_a_row_that_is_written_later_is_waited_for() -> None:
    parts = book(PermanentFault("UnknownCase", "no case c-1"), STATUS)
    assert await caught_up(lambda: book_faults(parts, "acc-1", STATUS), 5) == []


async def test_a_row_that_never_comes_is_told_after_a_while() -> None:
    parts = book(PermanentFault("UnknownCase", "no case c-1"))
    assert await caught_up(lambda: book_faults(parts, "acc-1", STATUS), 1) == ["acc-1: no case c-1"]


async def test_a_book_that_says_otherwise_is_told() -> None:
    other = SimpleNamespace(outcome="lost", stage="closed", steps=(1,))
    (wrong,) = await book_faults(book(other), "acc-1", STATUS)
    assert "('lost', 'closed', 1)" in wrong and "(None, 'intake', 2)" in wrong


async def test_what_cannot_be_looked_at_does_not_hold() -> None:
    async def broken() -> Check:
        raise PermanentFault("UnknownCase", "no case c-1")

    async def fine() -> Check:
        return check("fine", [])

    found = await looked("the book agrees", broken())
    assert (found.name, found.holds) == ("the book agrees", False)
    assert "no case c-1" in found.found
    assert (await looked("fine", fine())).holds
