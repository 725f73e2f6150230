"""What a won save gave goes on in the recovery: each price, end and return is decided there, and billed once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.case import CaseKind, Sibling
from models.commands import CloseSave, CompleteStep
from models.effects import BILLING_VERBS
from models.recovery import RecoveryCase
from models.starts import RecoveryStart
from models.step import StepState
from rules import carrying
from rules.recovery import commands, lifecycle
from tests.unit.rules.offered import PHASE_IN, accepted, diagnosed, register
from tests.unit.rules.plans import world
from tests.unit.rules.test_offers import MONTHS, flexible, note
from tests.unit.rules.world import Drive


class Recovery(Drive):
    """The recovery that follows a save."""

    case: RecoveryCase  # type: ignore[assignment]

    def __init__(self, save: Drive) -> None:
        super().__init__(world=world())
        start = carrying.recovery_start(save.case, Sibling(kind=CaseKind.RECOVERY, at=save.now))
        start = RecoveryStart.model_validate_json(start.model_dump_json())
        self.now, self.sent = save.now, []
        self.case = lifecycle.opened(start, "rec-1", save.now)  # type: ignore[assignment]
        self.settle()

    def do(self, command: object, *, settle: bool = True) -> None:
        self.case = commands.apply(self.case, command, self.now)  # type: ignore[arg-type]
        self.settle()


def won(d: Drive) -> Recovery:
    proof = "signed renewal of 3 May, doc 4711"
    d.do(CloseSave(by="p-mgr", outcome="saved_full", notes="they stay", evidence=proof))
    d.settle()
    return Recovery(d)


def phased(**fields: Any) -> Drive:
    d = diagnosed()
    accepted(d, by="p-exec", **PHASE_IN)
    return d


def test_every_price_to_come_and_the_return_are_steps_of_the_recovery():
    r = won(phased())
    offer = register(r)
    assert (offer.state, offer.carried_from) == ("applied", "case-1")
    owed = [(name, r.case.step(name).due, r.case.step(name).person) for name in offer.steps]
    assert owed[:2] == [("offer_1_price_2", MONTHS[3], "p-csm"), ("offer_1_return", MONTHS[6], "p-csm")]
    assert owed[2:] == [("offer_1_leaves", None, None)]


def test_what_was_decided_in_the_save_is_not_asked_for_again():
    d = phased()
    d.until(MONTHS[3] - timedelta(days=2))
    d.do(note("offer_1_price_2", "as_agreed"))
    r = won(d)
    states = [r.case.step(name).state for name in register(r).steps]
    assert states == [StepState.DONE, StepState.WAITING, StepState.WAITING]


def test_billing_hears_of_an_offer_once_and_it_ends_on_its_day():
    r = won(phased())
    r.until(MONTHS[6] + timedelta(days=3))
    assert not [action for _, action in r.sent if action.verb in BILLING_VERBS]
    assert register(r).state == "ended"
    assert r.case.step("offer_1_return").state is StepState.OPEN
    assert [event.at for event in r.case.timeline if event.kind == "offer_ended"] in ([MONTHS[6]], [])


def test_the_notice_of_an_easier_exit_counts_from_the_save_where_it_began_there():
    d = flexible()
    accepted(d, offer="easier_exit")
    d.after(days=61)
    d.do(note("improve_by_1", "not_improved"))
    ended = d.case.step("improve_by_1").ended_at
    r = won(d)
    assert r.case.step("exit_notice_1").due == ended + timedelta(days=30)


def test_what_a_person_had_not_carried_out_yet_is_still_to_be_carried_out():
    d = diagnosed()
    accepted(d, offer="core_only", price=2_800_000)
    r = won(d)
    assert (register(r).state, r.case.step("offer_1_apply").state) == ("accepted", StepState.OPEN)
    proof = {"text": "the plan was changed in billing to core"}
    r.do(CompleteStep(step_id="offer_1_apply", by="p-mgr", evidence=proof))
    r.settle()
    assert register(r).state == "applied"


def test_a_customer_who_leaves_takes_no_offer_along():
    d = phased()
    d.do(CloseSave(by="p-mgr", outcome="lost", notes="they left", customer_quotes=("the export came a year too late",)))
    assert d.case.siblings == ()
