"""What follows the outcome of a save: it is said, it is owed by somebody, and a deferred decision is taken up again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.case import RefusalType
from models.effects import Outcome, OutcomeKind, Verb
from models.starts import CarriedCommitment, DeferralStart, SaveStart
from rules import deferring, follow_through, notes
from tests.unit.rules.test_save_commands import agreed, cause, close, contact, diagnosed
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import START, Drive, file, instantly
from workflows.effects import EFFECTS

DECIDES = START + timedelta(days=30)


def deferred() -> Drive:
    d = Drive()
    d.do(contact())
    d.do(close("deferred", decision_date=DECIDES), settle=False)
    return d


def test_a_deferred_save_asks_for_a_new_attempt_on_the_decision_date():  # CONV-23
    d = deferred()
    (action,) = [one for one in follow_through.due(d.case, d.now) if one.verb is Verb.START_CASE]
    request = EFFECTS[Verb.START_CASE].request(d.case, action)
    assert (request.workflow_type, request.workflow_id) == ("Deferral", "deferral:acc-1")
    assert (request.deferral.decides_at, request.deferral.opened_by) == (DECIDES, "p-csm")
    assert f"save case {d.case.case_id}" in request.deferral.detail


def test_a_deferred_save_does_not_wait_itself_so_that_the_next_attempt_can_open():  # CONV-23
    d = deferred()
    d.settle()
    assert follow_through.is_settled(d.case)
    assert d.case.siblings == ()
    (said,) = [event.text for event in d.case.timeline if event.kind == "follows"]
    assert f"decision date {DECIDES:%Y-%m-%d %H:%M} UTC" in said


def test_a_decision_further_ahead_than_the_policy_allows_is_no_deferral():
    d = Drive()
    d.do(contact())
    r = refused(d, close("deferred", decision_date=START + timedelta(days=36_000)))
    assert (r.kind, "no further ahead than 2027-05-15" in r.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_only_a_deferral_has_a_decision_date():
    r = refused(Drive(), close("lost", decision_date=DECIDES))
    assert (r.kind, r.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        "'decision_date' belongs to deferred; lost has none",
    )


@pytest.mark.parametrize(
    ("outcome", "more", "follows", "owner"),
    [
        ("lost", {}, "offboarding with respect", "csm (p-csm)"),
        ("declined_conversation", {"evidence": "please stop calling us about this"}, "is respected", "csm (p-csm)"),
        ("paused", {"evidence": "pause until 1 March, agreed by mail"}, "before the pause ends", "csm (p-csm)"),
    ],
)
def test_an_outcome_says_what_follows_and_who_owes_it(outcome, more, follows, owner):  # CONV-20, CONV-22, CONV-23
    d = diagnosed()
    agreed(d)
    d.do(close(outcome, **more))
    (said,) = [event.text for event in d.case.timeline if event.kind == "follows"]
    assert follows in said
    assert said.endswith(f"owed by {owner}")


def test_a_pause_says_when_the_customer_is_spoken_to_next():  # CONV-23
    d, signed = diagnosed(), {"evidence": "pause until 1 March, agreed by mail"}
    agreed(d)
    r = refused(d, close("paused", follow_up=None, **signed))
    assert (r.kind, r.sentence) == (RefusalType.EVIDENCE_MISSING, "paused needs 'follow_up' to be documented")
    assert "must lie ahead" in refused(d, close("paused", follow_up=START, **signed)).sentence


def test_what_the_customer_said_is_kept_and_told_to_the_crm():  # CONV-21, CONV-22
    d = diagnosed()
    d.do(close("lost", customer_quotes=("the export came a year too late",)))
    assert d.case.customer_quotes == ("the export came a year too late",)
    assert 'They said: "the export came a year too late"' in notes.closing(d.case)


def test_an_accepted_offer_is_one_of_the_case_that_was_accepted():  # CONV-23
    assert refused(diagnosed(), close("lost", accepted_offer="offer_7")).kind is RefusalType.UNKNOWN_OFFER
    no = refused(diagnosed(), close("saved_partial", accepted_offer="offer_7", evidence="mail 771"))
    assert no.kind is RefusalType.UNKNOWN_OFFER
    assert "there is no offer 'offer_7'" in no.sentence


@pytest.mark.parametrize(
    ("outcome", "example"),
    [
        ("saved_full", "signed renewal R-114 of 3 May"),
        ("saved_partial", "reduced contract C-52 of 3 May, signed for 40 seats"),
        ("paused", "pause until 1 March, agreed by email on 3 May"),
        ("declined_conversation", "we have decided, please do not call us about it again"),
    ],
)
def test_each_outcome_shows_evidence_of_its_own(outcome: str, example: str):  # CONV-21
    no = refused(diagnosed(), close(outcome, evidence="mail 771"))
    assert (no.kind, no.sentence.endswith(f"for example '{example}'")) == (RefusalType.EVIDENCE_MISSING, True)
    d = diagnosed()
    agreed(d)
    d.do(close(outcome, evidence=example))
    assert d.case.outcome == outcome


def deferred_before(outcome: str, receipt: str = "deferral:acc-1") -> Drive:
    """A save of an account that had put off an earlier one, closed."""

    def world(case, action):
        if action.verb is Verb.LOAD_ACCOUNT:
            return Outcome(file=file().model_copy(update={"deferred": True}))
        return Outcome(receipt=receipt) if action.verb is Verb.END_DEFERRAL else instantly(case, action)

    d = Drive(world=world)
    d.do(contact())
    d.do(cause())
    agreed(d)
    d.do(close(outcome, **DOCUMENTED.get(outcome, {})))
    return d


DOCUMENTED = {
    "saved_full": {"evidence": "renewal R-2291 signed on Monday"},
    "saved_partial": {"evidence": "smaller contract C-77 signed"},
    "paused": {"evidence": "pause until 1 March, agreed by mail"},
    "declined_conversation": {"evidence": "please stop calling us about this"},
    "deferred": {"decision_date": DECIDES},
}


def ends(d: Drive) -> list[str]:
    return [action.key for _, action in d.sent if action.verb is Verb.END_DEFERRAL]


@pytest.mark.parametrize("outcome", ["saved_full", "saved_partial", "paused", "lost", "declined_conversation"])
def test_a_customer_who_has_decided_is_not_asked_on_the_day_of_an_earlier_deferral(outcome):  # CONV-23
    d = deferred_before(outcome)
    assert ends(d) == ["case-1/deferral/end_deferral"]
    assert follow_through.is_settled(d.case)
    (said,) = [event.text for event in d.case.timeline if event.kind == "deferral_ended"]
    assert said == "the account is not asked on the day that it once named (deferral:acc-1)"


@pytest.mark.parametrize("outcome", ["deferred"])
def test_one_who_has_not_decided_still_is(outcome):  # CONV-23
    assert ends(deferred_before(outcome)) == []


def test_where_nothing_waited_nothing_is_said():
    d = deferred_before("lost", receipt="")
    assert len(ends(d)) == 1
    assert not [event for event in d.case.timeline if event.kind == "deferral_ended"]


def with_a_deferral(start: SaveStart | None = None) -> Drive:
    """A save of an account whose earlier one was put off."""

    def world(case, action):
        known = action.verb is Verb.LOAD_ACCOUNT
        return Outcome(file=file().model_copy(update={"deferred": True})) if known else instantly(case, action)

    return Drive(start, world=world)


def takings(d: Drive) -> list[str]:
    return [action.key for _, action in d.sent if action.verb is Verb.TAKE_OVER]


def test_a_save_that_is_opened_before_the_day_takes_over_what_waits_for_it_once():  # SAVE-29, CONV-23
    d = with_a_deferral()
    assert takings(d) == ["case-1/deferral/take_over"]
    assert d.case.parked_since is None
    d.after(days=40)
    assert len(takings(d)) == 1


def test_the_save_that_the_deferral_itself_opens_has_it_already():  # SAVE-29
    start = SaveStart(account_id="acc-1", opened_by="p-csm", reason="decision_due", carried_from="case-0")
    assert takings(with_a_deferral(start)) == []


def test_an_account_that_never_put_a_save_off_takes_nothing_over():
    assert takings(Drive()) == []


def test_what_a_deferral_hands_over_is_owed_by_the_save_alone_and_the_day_is_kept():  # SAVE-29, CONV-23
    promise = CarriedCommitment(id="promise_1", title="the export", owner="p-eng", due=DECIDES)
    start = DeferralStart(
        account_id="acc-1", save_case_id="case-0", decides_at=DECIDES, opened_by="p-csm", commitments=(promise,)
    )
    parked = deferring.parked(start)
    assert parked is not None
    d = with_a_deferral()
    for _ in range(2):
        d.signal(parked)
    assert [(one.id, one.owner) for one in d.case.commitments] == [("promise_1", "p-eng")]
    emptied = deferring.handed_over(start)
    assert (deferring.parked(emptied), emptied.decides_at) == (None, DECIDES)
    assert deferring.save_start(emptied, DECIDES).commitments == ()


def test_a_deferral_that_could_not_be_reached_yet_keeps_what_is_owed_beyond_a_decision():  # SAVE-29
    def world(case, action):
        down = Outcome(kind=OutcomeKind.FAILED, reason="Temporal did not reach deferral:acc-1 (UNAVAILABLE)")
        return down if action.verb is Verb.TAKE_OVER else with_a_deferral().world(case, action)

    d = Drive(world=world)
    d.do(contact())
    d.do(cause())
    d.do(close("saved_full", **DOCUMENTED["saved_full"]))
    assert ends(d) == []
    assert follow_through.is_settled(d.case)


def test_an_account_that_never_put_a_save_off_asks_nothing_of_temporal():
    d = diagnosed()
    d.do(close("lost"))
    assert ends(d) == []


def test_the_end_of_a_deferral_is_tried_again_until_it_is_through():
    tries: list[str] = []

    def world(case, action):
        if action.verb is Verb.LOAD_ACCOUNT:
            return Outcome(file=file().model_copy(update={"deferred": True}))
        if action.verb is not Verb.END_DEFERRAL:
            return instantly(case, action)
        tries.append(action.key)
        down = Outcome(kind=OutcomeKind.FAILED, reason="Temporal did not end deferral:acc-1 (UNAVAILABLE)")
        return down if len(tries) < 3 else Outcome(receipt="deferral:acc-1")

    d = Drive(world=world)
    d.do(close("lost"))
    assert not follow_through.is_settled(d.case)
    d.after(days=1)
    assert follow_through.is_settled(d.case)
    assert tries == ["case-1/deferral/end_deferral"] * 3
