"""The end date moves to a later day: what has opened for the old one waits for the new one (OFFB-4, OFFB-16, OFFB-17)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models import cancellation_commands as cc
from models import commands as c
from models.case import Case, RefusalType
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.step import Step
from rules import follow_through
from rules.refusal import Refused
from tests.unit.rules.leaving import START, Leaving, company

REDUCES = START + timedelta(days=7, hours=8)
"""After the day on which access is first reduced, for an end on 1 December."""
NEW_DAY = datetime(2027, 1, 23, 16, tzinfo=UTC)
"""Eight days before 1 February, where the customer is."""
LATER = cc.ChangeEndDate(by="p-csm", exit_date=date(2027, 2, 1), consent="agreed by mail on 24 November")


def failing(verb: Verb, *, permanent: bool) -> Leaving:
    """A leaving up to the day of the first reduction, where that verb does not go through until January."""
    inner = company()

    def world(case: Case, action: Action) -> Outcome:
        if action.verb is verb and action.moment < datetime(2027, 1, 1, tzinfo=UTC):
            return Outcome(kind=OutcomeKind.FAILED, reason="the register is down", permanent=permanent)
        return inner(case, action)

    d = Leaving(world)
    d.confirmed()
    d.work_through(8, skip=("read_only_some",))
    return d


def step(d: Leaving, step_id: str) -> Step:
    return next(one for one in d.case.steps if one.step_id == step_id)


def refused(d: Leaving, command: object) -> Refused:
    with pytest.raises(Refused) as caught:
        d.do(command)
    return caught.value


def reductions(d: Leaving) -> list[datetime]:
    return [at for at, action in d.sent if action.verb is Verb.REDUCE_ACCESS]


@pytest.mark.parametrize("permanent", [True, False])
def test_access_that_was_not_reduced_yet_is_reduced_on_its_new_day_and_not_before(permanent):  # OFFB-4, OFFB-16
    d = failing(Verb.REDUCE_ACCESS, permanent=permanent)
    assert d.state("read_only_some") == "open"
    tried = len(reductions(d))
    d.do(LATER)
    assert d.state("read_only_some") == "waiting"
    assert step(d, "read_only_some").opens == NEW_DAY
    assert not [retry for retry in d.case.retries if retry.action.verb is Verb.REDUCE_ACCESS]
    d.work_through(80)
    assert min(reductions(d)[tried:]) == NEW_DAY
    notice, reduced = step(d, "access_notice"), step(d, "read_only_some")
    assert notice.ended_at and reduced.opened_at and notice.ended_at < reduced.opened_at
    assert d.case.outcome == "left"


def test_the_person_who_had_it_to_do_may_not_do_it_before_its_new_day():  # OFFB-16
    d = failing(Verb.REDUCE_ACCESS, permanent=True)
    d.do(LATER)
    by_hand = c.CompleteStep(step_id="read_only_some", by="p-mgr", evidence={"text": "switched 12 users by hand"})
    found = refused(d, by_hand)
    assert (found.kind, "2027-01-23" in found.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_a_step_that_waits_again_is_no_task_and_no_reminder_of_anybody():  # OFFB-16
    d = failing(Verb.REDUCE_ACCESS, permanent=True)
    assert step(d, "read_only_some").task
    d.do(LATER)
    d.until(d.now + timedelta(days=10))
    card = step(d, "read_only_some").task
    assert card and not card.open
    told = [step_id for at, _, word, step_id in d.told() if word == "overdue" and at > REDUCES + timedelta(days=1)]
    assert "read_only_some" not in told


def in_flight(step_id: str, verb: Verb) -> tuple[Leaving, Action]:
    """A leaving in which the work of that step is on its way."""
    d = Leaving()
    d.confirmed()
    opens = step(d, step_id).opens
    assert opens
    d.until(opens - timedelta(minutes=1))
    d.now = opens
    d.case = follow_through.advance(d.case, d.now)
    flying = d.fly(verb)
    return d, next(action for action in flying if step_id in action.steps)


def test_what_was_on_its_way_and_took_place_is_put_before_the_manager():  # OFFB-16
    d, flying = in_flight("read_only_some", Verb.REDUCE_ACCESS)
    d.do(LATER)
    d.lands(flying)
    assert d.state("read_only_some") == "done"
    assert "restore it by hand" in d.happened("reduced_too_early")[0]


def test_a_notice_of_the_old_day_that_was_on_its_way_is_owed_anew():  # OFFB-17, TMPL-43
    d, flying = in_flight("access_notice", Verb.SEND_LETTER)
    d.do(LATER)
    d.lands(flying)
    assert d.state("access_notice") == "waiting"
    d.work_through(80)
    sent = [at for at, action in d.sent if action.verb is Verb.SEND_LETTER and "access_notice" in action.steps]
    assert len(sent) == 2


def test_a_customer_who_stays_gets_back_what_a_failed_attempt_may_have_taken():  # AMB-18
    d = failing(Verb.REDUCE_ACCESS, permanent=False)
    d.do(LATER)
    d.do(cc.Withdraw(confirmed_by_customer=True))
    assert d.state("restore_access") == "done"


def test_figures_that_finance_looks_at_are_calculated_anew_before_they_are_approved():  # OFFB-18
    d = Leaving()
    d.confirmed()
    d.work_through(14.4, skip=("approve_invoice",))
    assert d.state("approve_invoice") == "open"
    d.do(LATER)
    assert d.state("approve_invoice") == d.state("preview_invoice") == "waiting"


def test_what_waited_for_the_talk_beyond_its_day_follows_the_new_day():  # AMB-19, OFFB-4
    d = Leaving()
    d.release("acknowledgement")
    d.validate("missing_feature")
    d.release("save_invitation")
    d.do(cc.AnswerSaveInvitation(accepted=True, words="gladly"))
    d.confirm()
    d.work_through(10, skip=("read_only_some",))
    d.world = failing(Verb.REDUCE_ACCESS, permanent=True).world
    d.signal(cc.SaveFinished(case_id="save-1", outcome="lost"))
    assert (d.state("read_only_some"), step(d, "read_only_some").pinned_due) == ("open", True)
    d.do(LATER)
    assert (d.state("read_only_some"), step(d, "read_only_some").opens) == ("waiting", NEW_DAY)


def moved(due: date, consent: str = "") -> c.RescheduleStep:
    at = datetime(due.year, due.month, due.day, 9, tzinfo=UTC)
    return c.RescheduleStep(step_id="read_only_some", by="p-mgr", due=at, reason="as they wish", consent=consent)


def test_access_is_reduced_before_its_day_only_with_consent():  # OFFB-16
    d = Leaving()
    d.confirmed()
    assert refused(d, moved(date(2026, 11, 20))).kind is RefusalType.CONSENT_MISSING
    assert not reductions(d)
    d.do(moved(date(2026, 11, 20), consent="agreed by mail on 17 November: their people have moved"))
    assert d.state("read_only_some") == "waiting"  # the notices come first
    assert step(d, "read_only_some").due == datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(("day", "opens"), [(date(2026, 11, 28), NEW_DAY), (date(2027, 1, 27), NEW_DAY)])
def test_a_day_that_a_person_set_stays_unless_it_comes_before_the_plans(day, opens):  # OFFB-16
    d = Leaving()
    d.confirmed()
    d.do(moved(day, consent=""))
    d.do(LATER)
    found = step(d, "read_only_some")
    assert found.opens == opens
    assert found.due and (found.due.date() == day) is (day > date(2027, 1, 1))


def test_a_draft_that_was_being_made_as_its_step_began_anew_is_not_kept_beside_the_new_one():  # OFFB-17, TMPL-43
    d = Leaving()
    sent = next(m for m in d.case.messages if m.step == "acknowledgement")
    d.do(c.ReleaseMessage(message_id=sent.id, by="p-csm"), settle=False)
    (letter,) = d.fly(Verb.RELEASE_MESSAGE)
    d.case = follow_through.advance(follow_through.record(d.case, letter, d.answer(letter), d.now), d.now)
    draft = next(action for action in d.fly(Verb.DRAFT_MESSAGE) if "follow_up" in action.steps)
    d.done("follow_up")
    d.do(c.ReopenStep(step_id="follow_up", by="p-mgr", reason="that was another customer"))
    d.lands(draft)
    assert [m.id for m in d.case.messages if m.step == "follow_up" and m.state == "drafted"] == ["follow_up-1-2"]


def test_how_consent_is_given_is_said_by_each_refusal():  # OFFB-16
    d = Leaving()
    d.confirmed()
    by_hand = c.CompleteStep(step_id="read_only_some", by="p-mgr", evidence={"text": "switched 12 users by hand"})
    for early in (moved(date(2026, 11, 20)), by_hand):
        assert "give in 'consent' how" in refused(d, early).sentence
