"""What a case hears of a sweep: it counts once, it may escalate, and a former customer's reaches whoever led them."""

from __future__ import annotations

from models import commands as c
from models.effects import Word
from tests.unit.rules.after.former import Remembering
from tests.unit.rules.world import START, Drive

RED = c.RiskSignal(kind="red_two_weeks", detail="the score has been red for 15 days", at=START, escalates=True)
BACK = c.RiskSignal(kind="reached_out_again", detail="their new vendor did not work", at=START)


def told(d: Drive, text: str) -> list[str]:
    return [action.recipients[0] for _, action in d.sent for line in action.lines if text in line.subject]


def test_what_escalates_is_told_to_the_manager_once_and_another_signal_is_not():  # RISK-73, AMB-8
    d = Drive()
    d.signal(RED.model_copy(update={"escalates": False, "kind": "qbr_cancelled"}))
    assert "p-mgr" not in told(d, "the score has been red")
    d.signal(RED)
    d.signal(RED)
    d.after(minutes=10)
    assert told(d, "the score has been red").count("p-mgr") == 1


def test_a_former_customer_that_is_heard_of_is_told_to_whoever_led_them_once():  # RISK-60
    d = Remembering()
    d.signal(BACK)
    d.signal(BACK)
    d.after(minutes=10)
    assert d.happened("risk_signal") == ["reached_out_again: their new vendor did not work"]
    words = [line.word for _, action in d.sent for line in action.lines if "reached_out_again" in line.subject]
    assert words == [Word.PROPOSED]
