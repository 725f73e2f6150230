"""A change of what the plans after a cancellation do, and when, and to whom, is seen in their committed calendars."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.commands import ReleaseMessage
from models.step import StepState
from tests.unit.rules import golden
from tests.unit.rules.after.former import START, Former, Keeping, Remembering

YEARS = timedelta(days=3 * 366)


def play(d: Former) -> list[str]:
    """Every step is done by its owner half way to its due moment; letters are released."""
    while ahead := [at for at in golden.acts(d, golden.PACE["diligent"]) if at[0] <= START + YEARS]:
        at, step_id = min(ahead)
        d.until(max(at, d.now))
        step = d.case.step(step_id)
        if step is None or step.state is not StepState.OPEN:
            continue
        letter = next((m for m in d.case.messages if m.step == step_id and m.state == "drafted"), None)
        if letter:
            d.do(ReleaseMessage(message_id=letter.id, by=step.person))
        else:
            d.done(step_id, by=step.person)
    return golden.lines(d)


@pytest.mark.parametrize(
    ("name", "case"), [("retention", lambda: Keeping(proof_wanted=True)), ("win_back", Remembering)]
)
def test_a_plan_plays_as_it_did(name: str, case: type[Former]):
    d = case()
    actual = "".join(f"{line}\n" for line in play(d))
    assert d.case.closed
    assert actual == golden.expected(name, actual), f"set {golden.REWRITE}=1 to accept a wanted change"
