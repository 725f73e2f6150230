"""A save is opened beside what else is known of the account: that it has left, or is leaving (CANC-13, CANC-36..44)."""

from __future__ import annotations

from datetime import date

import pytest

from models import commands as c
from models.book import CaseEntry
from models.cancellation import CancellationCase
from models.case import CaseKind, RefusalType, Sibling
from models.effects import Verb
from models.starts import SaveStart
from models.step import StepState
from rules import booking
from rules.refusal import Refused
from rules.save import opening
from tests.unit.rules.cancellation.test_save_talk import answer, invited
from tests.unit.rules.leaving import Leaving
from tests.unit.rules.test_save_commands import close, contact
from tests.unit.rules.world import Drive
from workflows import starting

SALES = ("sales", "sales_engineer")
WANTED = SaveStart(account_id="acc-1", opened_by="p-csm", reason="missing_feature", playbook="product_technical")


def entry(d: Leaving) -> CaseEntry:
    """The cancellation as the book has it."""
    return booking.batch(d.case, "k", "cancellation:acc-1", d.now).case


def refused(left_on: date | None, last: CaseEntry | None) -> Refused:
    with pytest.raises(Refused) as caught:
        opening.weighed(WANTED, left_on, last)
    return caught.value


def test_an_account_that_neither_left_nor_leaves_is_saved_as_asked():
    assert opening.weighed(WANTED, None, None) == opening.Opening(start=WANTED)


def test_an_account_that_has_left_has_nothing_to_save():
    no = refused(date(2026, 10, 1), None)
    assert no.kind is RefusalType.ILLEGAL_MOVE
    assert no.sentence == (
        "account acc-1 left on 2026-10-01 and has nothing to save; "
        "a customer who is back is kept with 'win-back returned acc-1'"
    )


def test_before_the_wish_is_validated_nobody_opens_a_save():  # CANC-29
    no = refused(None, entry(Leaving()))
    assert (no.kind, "'cancel validate'" in no.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_where_no_save_talk_may_be_no_save_is_opened():  # CANC-37, CANC-44
    d = Leaving()
    d.release("acknowledgement")
    d.validate("bankruptcy")
    no = refused(None, entry(d))
    assert (no.kind, "CANC-37" in no.sentence) == (RefusalType.ATTEMPT_LIMIT, True)


def test_a_customer_who_wants_no_sales_conversation_gets_none_by_a_save_either():  # CANC-36
    d = Leaving(no_sales_contact=True)
    d.release("acknowledgement")
    d.validate("missing_feature")
    no = refused(None, entry(d))
    assert (no.kind, "CANC-36" in no.sentence) == (RefusalType.ATTEMPT_LIMIT, True)


def test_a_declined_conversation_is_not_held_by_another_name():  # CANC-13
    d = invited()
    answer(d, accepted=False)
    no = refused(None, entry(d))
    assert (no.kind, "declined the conversation" in no.sentence) == (RefusalType.ATTEMPT_LIMIT, True)


@pytest.mark.parametrize(("agreed", "said"), [(True, "has agreed to talk"), (False, "has not agreed to talk yet")])
def test_a_save_beside_a_cancellation_belongs_to_it_and_tells_how_it_ended(agreed, said):  # CANC-29, AMB-17
    d = invited()
    if agreed:
        answer(d, accepted=True)
    found = opening.weighed(WANTED, None, entry(d))
    assert (found.start.cancellation, said in found.beside) == ("can-1", True)
    save = Drive(found.start)
    save.do(contact())
    save.do(close("lost"), settle=False)
    assert [one.kind for one in save.case.siblings if one.only_told] == ["cancellation"]


def no_sales() -> Drive:
    """A save of an account whose cancellation was withdrawn, in which it wanted no sales conversation."""
    d = Leaving(no_sales_contact=True)
    over = entry(d).model_copy(update={"closed_at": d.now, "outcome": "withdrawn"})
    found = opening.weighed(WANTED, None, over)
    assert (found.start.cancellation, found.beside) == (None, "")
    return Drive(found.start)


def test_the_wish_for_no_sales_conversation_outlives_the_cancellation_it_was_said_in():  # CANC-36, DIS-32
    d = no_sales()
    assert d.case.barred_roles == SALES
    given = c.MakeCommitment(text="a price", owner="p-csm", due=d.now.replace(month=12), source="call", by="p-sales")
    with pytest.raises(Refused) as caught:
        d.do(given)
    assert (caught.value.kind, "no sales conversation" in caught.value.sentence) == (RefusalType.NOT_ALLOWED, True)


def test_a_step_of_sales_goes_to_the_manager():  # CANC-36, DIS-32
    owners = []
    for d in (Drive(), no_sales()):
        due = d.now.replace(month=12)
        d.do(c.AddStep(step_id="quote", title="Quote", owner="sales", due=due, reason="they asked", by="p-csm"))
        step = d.case.step("quote")
        assert step is not None
        owners.append(step.person)
        assert step.state is StepState.OPEN
    assert owners == ["p-sales", "p-mgr"]


def heard_by_saves(d: Leaving) -> CancellationCase:
    """The cancellation while it still has to tell the open save of itself."""
    return d.case.model_copy(update={"siblings": (Sibling(kind=CaseKind.SAVE, at=d.now, only_told=True),)})


def test_a_save_that_is_open_hears_whom_the_customer_does_not_want():  # CANC-36, DIS-32
    d = Leaving(no_sales_contact=True)
    *_, told = [action for _, action in d.sent if action.verb is Verb.TELL_CASE and action.subject == "save"]
    save = Drive()
    save.signal(starting.tell(heard_by_saves(d), told).signal)
    assert (save.case.cancellation_case_id, save.case.barred_roles) == ("can-1", SALES)


def test_a_cancellation_shows_what_it_says_of_a_save_talk():  # CANC-29
    leaving = entry(invited()).leaving
    assert leaving is not None
    assert (leaving.attempt, leaving.barred_roles) == (True, ())
