"""``fast-forward``: a case that follows another one is not left behind on the clock of the wall."""

from datetime import UTC, datetime, timedelta

from cli.clock import whole_way

WALL, DAY = datetime(2026, 11, 16, tzinfo=UTC), timedelta(days=1)


def test_a_recovery_is_brought_up_to_the_end_of_its_save_first():
    assert whole_way(2 * DAY, WALL, WALL + 12 * DAY) == 14 * DAY


def test_one_that_is_past_it_already_is_moved_by_what_was_asked():
    assert whole_way(2 * DAY, WALL + 20 * DAY, WALL + 12 * DAY) == 2 * DAY


def test_a_case_that_follows_none_is_moved_by_what_was_asked():
    assert whole_way(2 * DAY, WALL, None) == 2 * DAY
