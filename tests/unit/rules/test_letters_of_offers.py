"""A letter that offers something leaves with an offer that was approved, and its step is done with one (SAVE-37..44)."""

from __future__ import annotations

import pytest

from models.commands import CompleteStep, EvidenceGiven, ReleaseMessage
from models.effects import Verb
from rules.refusal import Refused
from tests.unit.rules.offered import PHASE_IN, answered, decided, diagnosed, proposal, said
from tests.unit.rules.world import Drive, proof

SCOPE = {"offer": "fewer_users", "price": 3_000_000}


def talked(decision: str) -> Drive:
    """A diagnosed save in which the customer said what they can live with."""
    d = diagnosed()
    given = {**proof(d.case, "structure_talk"), "decision": decision}
    d.do(CompleteStep(step_id="structure_talk", by="p-mgr", evidence=EvidenceGiven.model_validate(given)))
    return d


def release(step: str) -> ReleaseMessage:
    return ReleaseMessage(message_id=f"{step}-1", by="p-sales")


def complete(step: str) -> CompleteStep:
    return CompleteStep(step_id=step, by="p-sales", evidence={"text": "offer 99, sent with the letter of Monday"})


@pytest.mark.parametrize(
    ("step", "terms", "kinds", "decider"),
    [("phase_in", PHASE_IN, "phase_in", "p-exec"), ("partial_offer", SCOPE, "reduced_scope or fewer_users", "p-mgr")],
)
def test_neither_the_letter_leaves_nor_the_step_ends_before_the_offer_is_approved(step, terms, kinds, decider):
    d = talked({"phase_in": "phase_in", "partial_offer": "partial_retention"}[step])  # PLAY-73, PLAY-74
    for command in (release(step), complete(step)):
        with pytest.raises(Refused, match=kinds) as caught:  # SAVE-39: nothing is on the register
            d.do(command)
        assert caught.value.kind == "ApprovalMissing"
    said(d, proposal(**terms))
    for command in (release(step), complete(step)):
        with pytest.raises(Refused):  # SAVE-44: it waits for its approval
            d.do(command)
    decided(d, by=decider)
    d.do(release(step))
    assert [action.subject for _, action in d.sent if action.verb is Verb.RELEASE_MESSAGE] != []
    d.do(complete(step))
    assert d.case.step(step).state == "done"


def test_an_offer_of_another_kind_or_one_that_was_turned_down_opens_no_letter():
    d = talked("phase_in")
    said(d, proposal())  # a bridge
    decided(d)
    with pytest.raises(Refused, match="phase_in"):
        d.do(release("phase_in"))
    said(d, proposal(**PHASE_IN))
    decided(d, "approval_2", by="p-exec")
    said(d, answered("offer_2", "declined"))
    with pytest.raises(Refused, match="phase_in"):
        d.do(complete("phase_in"))
