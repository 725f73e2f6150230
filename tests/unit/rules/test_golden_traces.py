"""A change of what a playbook does, and when, and to whom, is seen in its committed calendar (CRAFT 3)."""

from __future__ import annotations

import pytest

from tests.unit.rules import golden


@pytest.mark.parametrize("playbook", ["common_spine", "product_technical", "budget_economic"])
def test_a_playbook_plays_as_it_did(playbook):
    actual = golden.trace(playbook)
    assert actual == golden.expected(playbook, actual), f"set {golden.REWRITE}=1 to accept a wanted change"
