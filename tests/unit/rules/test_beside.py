"""The CRM has a customer again whom a retention and a win-back still take for one who left."""

from __future__ import annotations

from typing import Any

from models.after_commands import CameBack, CustomerReturned
from models.case import Case
from models.commands import CancellationRequested
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.retention import RetentionOutcome
from models.win_back import WinBackOutcome
from rules import booking, status
from tests.unit.rules.after.former import Keeping, Remembering, emptied
from tests.unit.rules.after.test_returning import ACCESS
from tests.unit.rules.leaving import Leaving, company
from tests.unit.rules.world import Drive, instantly
from workflows import starting

BOTH = ("retention", "win_back")
BACK = CustomerReturned(by="p-csm", detail="signed again")


def in_a_cancellation(case: Case, action: Action) -> Outcome:
    """A world in which the account is cancelling."""
    outcome = instantly(case, action)
    file = outcome.file
    return outcome.model_copy(update={"file": file.model_copy(update={"cancelling": True})}) if file else outcome


def told(d: Drive) -> list[str]:
    return [action.subject for _, action in d.sent if action.verb is Verb.TELL_CASE]


class Held:
    """A world in which the account has these cases open that have not heard of its return; it keeps what they hear."""

    def __init__(self, world: Any) -> None:
        self.world, self.told = world, dict[str, object]()

    def __call__(self, case: Case, action: Action) -> Outcome:
        outcome: Outcome = self.world(case, action)
        if action.verb is Verb.TELL_CASE and action.subject in BOTH:
            told = starting.tell(case, action)
            self.told[told.workflow_id] = told.signal
        file = outcome.file
        return outcome.model_copy(update={"file": file.model_copy(update={"held_as_left": BOTH})}) if file else outcome


def booked(d: Any) -> Any:
    """The case as the book has it."""
    return booking.entry(d.case, status.of(d.case, d.now), "workflow")


def test_a_cancellation_of_a_customer_reaches_what_takes_them_for_one_who_left():  # OFFB-24, AMB-26
    world = Held(company())
    Leaving(world)
    assert sorted(world.told) == ["retention:acc-1", "win-back:acc-1"]
    heard = list(world.told.values())
    assert [type(signal) for signal in heard] == [CameBack, CameBack]
    for d, ended in ((Keeping(), RetentionOutcome.RETURNED), (Remembering(), WinBackOutcome.RETURNED)):
        d.signal(heard[0])
        assert d.case.outcome == ended


def test_a_save_of_a_customer_reaches_them_as_well():  # OFFB-24
    world = Held(instantly)
    Drive(world=world)
    assert sorted(world.told) == ["retention:acc-1", "win-back:acc-1"]


def test_what_follows_a_leaving_does_not_say_itself_that_the_customer_is_back():  # the CRM may be late
    world = Held(emptied)
    d = Keeping(world)
    assert (world.told, d.case.returned_at) == ({}, None)


def test_nobody_is_told_where_nothing_is_kept_of_a_former_leaving():
    told = [action.subject for _, action in Leaving().sent if action.verb is Verb.TELL_CASE]
    assert sorted(told) == ["recovery", "save"]


def test_the_book_knows_of_a_return_while_the_retention_still_owes_an_answer():  # AMB-26
    d = Keeping()
    d.do(ACCESS)
    assert booked(d).returned_at is None
    d.do(BACK)
    assert (booked(d).closed_at, booked(d).returned_at) == (None, d.now)


def test_the_book_knows_of_a_return_after_the_deletion():  # OFFB-24
    d = Keeping()
    d.deleted()
    d.do(BACK)
    assert (booked(d).closed_at, booked(d).returned_at) == (None, d.now)


def test_the_book_knows_a_return_that_the_win_back_heard_and_no_other_end_of_it():
    d = Remembering()
    d.do(BACK)
    assert booked(d).returned_at == booked(d).closed_at == d.now
    other = d.case.model_copy(update={"outcome": WinBackOutcome.ENDED})
    assert booking.entry(other, status.of(other, d.now), "workflow").returned_at is None


def test_a_save_that_was_opened_beside_a_cancellation_says_so_at_once():  # CANC-36, CANC-41
    assert told(Drive(world=in_a_cancellation)) == ["cancellation"]
    assert told(Drive()) == []


def test_a_save_that_its_cancellation_opened_knows_already_what_is_left_to_it():  # CANC-41
    def down(case: Case, action: Action) -> Outcome:
        lost = Outcome(kind=OutcomeKind.FAILED, reason="the CRM is down")
        return lost if action.verb is Verb.LOAD_ACCOUNT else instantly(case, action)

    d = Drive(world=down)
    d.signal(CancellationRequested(case_id="can-1", attempts_left=1))
    d.world = in_a_cancellation
    d.after(hours=2)
    assert d.case.account is not None
    assert told(d) == []
