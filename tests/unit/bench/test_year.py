"""The year that the bench takes the time of is a whole one: a save that is won, and a recovery to its end."""

from __future__ import annotations

from bench import year
from bench.figures import _year


async def test_a_year_is_played_to_the_end_of_the_recovery() -> None:  # POST-9, POST-11
    played = await year.measure()
    assert played.outcomes == ("saved_full", "ended")
    assert played.steps > 100
    assert played.effects > 2 * 100


def test_the_table_says_whether_the_year_was_in_time() -> None:
    slow = year.Year(seconds=5.4, effects=275, steps=121, outcomes=("saved_full", "ended"))
    (late,) = _year(slow)
    (early,) = _year(slow.model_copy(update={"seconds": 1.9}))
    assert (late.missed, early.missed) == (True, False)
    assert early.budget == "at most 5 s: kept"
    assert _year(None) == []
