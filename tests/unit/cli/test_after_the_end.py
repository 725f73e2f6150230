"""What is said of a case that has ended: a customer who left does not come back by a new request (AMB-38)."""

from __future__ import annotations

from cli.cases import CANCELLATION
from cli.closed import closed


def test_who_left_comes_back_by_saying_so_and_not_by_another_request():
    said = closed("acc-1", "left", None, CANCELLATION).sentence
    assert "winback returned acc-1 --by PERSON" in said
    assert "cancel request" not in said


def test_any_other_end_of_a_cancellation_is_followed_by_a_request():
    assert "cancel request acc-1" in closed("acc-1", "saved", None, CANCELLATION).sentence
