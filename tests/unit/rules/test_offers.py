"""From a proposal to the standard price: approved, answered, applied once, and each day decided (SAVE-37..51)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.billing import ApplyConcession, PauseBilling
from models.case import CaseKind, RefusalType, Sibling
from models.commands import (
    AdoptPlan,
    CloseSave,
    CompleteStep,
    DecideApproval,
    HoldCase,
    MakeCommitment,
    RecordRootCause,
    ReopenStep,
    SkipStep,
)
from models.effects import Outcome, OutcomeKind, Verb, Word
from models.people import Absence
from models.step import StepState
from rules import applying, booking, carrying, follow_through
from tests.unit.rules.offered import (
    NET60,
    PHASE_IN,
    accepted,
    answered,
    decided,
    diagnosed,
    proposal,
    register,
    said,
)
from tests.unit.rules.plans import failing, world
from tests.unit.rules.test_concessions import refused
from tests.unit.rules.world import START, Drive, away

MONTHS = {n: datetime(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 15, 16, tzinfo=UTC) for n in range(1, 13)}
"""The 16th of each month after acceptance, 00:00 in Kuala Lumpur."""


def proposed(**fields: Any) -> Drive:
    d = diagnosed()
    said(d, proposal(**fields))
    return d


def sent(d: Drive, verb: Verb) -> list[str]:
    return [action.key for _, action in d.sent if action.verb is verb]


def note(step: str, decision: str | None = None, by: str = "p-csm") -> CompleteStep:
    evidence = {"text": "we spoke with the ops lead and agreed on it", "decision": decision}
    return CompleteStep(step_id=step, by=by, evidence=evidence)


# --- the approval


def test_an_approval_is_a_step_of_whoever_decides_and_is_due_within_a_day():
    d = proposed()
    step = d.case.step("approval_1")
    assert (step.state, step.person, step.due) == (StepState.OPEN, "p-mgr", START + timedelta(hours=24))
    assert d.case.spec("approval_1").owner == "cs_manager"


def test_a_late_approval_reminds_and_escalates():
    d = proposed()
    d.after(hours=30)
    words = [(who, word) for _, who, word, step in d.told() if step == "approval_1"]
    assert words[0] == ("p-mgr", Word.ASSIGNED)
    assert ("p-mgr", Word.WARN) in words
    assert ("p-mgr", Word.OVERDUE) in words


@pytest.mark.parametrize(
    "command",
    [
        note("approval_1", by="p-mgr"),
        SkipStep(step_id="approval_1", by="p-mgr", reason="no time"),
        ReopenStep(step_id="approval_1", by="p-mgr", reason="think again"),
    ],
)
def test_an_approval_is_decided_and_nothing_else(command: Any):
    r = refused(proposed(), command)
    assert (r.kind, "'decide_approval'" in r.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_an_approval_goes_to_who_stands_in_for_a_dated_absence():
    d = proposed()
    d.case = away(d.case, "p-mgr", START, START + timedelta(days=5))
    d.settle()
    assert d.case.step("approval_1").person == "p-exec"
    decided(d, by="p-exec")
    assert register(d).state == "approved"


def test_a_decision_ends_the_step_and_tells_the_proposer():
    d = proposed()
    decided(d)
    step = d.case.step("approval_1")
    assert (step.state, step.ended_by, step.evidence.decision) == (StepState.DONE, "p-mgr", "approved")
    assert "p-csm" in [who for _, who, word, _ in d.told() if word == Word.PROPOSED]
    assert (d.case.approvals[0].decided_by, d.case.approvals[0].decided_at) == ("p-mgr", START)


def test_a_refused_offer_is_not_answered():
    d = proposed()
    decided(d, decision="refused", reason="prove the value first")
    assert register(d).state == "refused"
    assert refused(d, answered()).kind is RefusalType.ILLEGAL_MOVE


# --- the answer


def test_nothing_is_accepted_that_was_not_approved():
    r = refused(proposed(), answered())
    assert r.kind is RefusalType.APPROVAL_MISSING


def test_an_offer_that_is_not_answered_expires_and_the_case_wakes_for_it():
    d = proposed()
    decided(d)
    d.after(days=13)
    assert register(d).state == "approved"
    d.until(register(d).expires_at)
    assert [e.at for e in d.case.timeline if e.kind == "offer_expired"] == [START + timedelta(days=14)]
    r = refused(d, answered())
    assert (r.kind, "propose it anew" in r.sentence) == (RefusalType.OFFER_EXPIRED, True)


def test_the_case_wakes_at_the_moment_of_expiry():
    d = proposed()
    decided(d)
    wakes = []
    while (wake := follow_through.next_wake(d.case, d.now)) and wake <= START + timedelta(days=15):
        wakes.append(wake)
        d.until(wake)
    assert register(d).expires_at in wakes


def test_a_declined_offer_is_over():
    d = proposed()
    decided(d)
    said(d, answered(answer="declined"))
    assert (register(d).state, register(d).answer) == ("declined", "email 4711: they take it")
    assert sent(d, Verb.APPLY_CONCESSION) == []
    assert refused(d, answered()).kind is RefusalType.ILLEGAL_MOVE


def test_a_cause_that_changed_meanwhile_blocks_the_acceptance():
    d = proposed()
    decided(d)
    d.do(RecordRootCause(by="p-csm", root_cause="support_quality", whys=("nobody called back",)))
    assert refused(d, answered()).kind is RefusalType.OFFER_BLOCKED
    assert sent(d, Verb.APPLY_CONCESSION) == []


# --- applied


def test_what_is_accepted_is_applied_at_once_under_one_key_and_its_receipt_kept():
    d = diagnosed()
    offer = accepted(d)
    assert sent(d, Verb.APPLY_CONCESSION) == ["case-1/offer_1/apply_concession"]
    assert (offer.state, offer.receipt) == ("applied", "r:case-1/offer_1/apply_concession")
    d.after(days=300)
    assert len(sent(d, Verb.APPLY_CONCESSION)) == 1


def test_billing_gets_every_rate_with_its_dates_and_so_the_end_of_the_last():
    d = diagnosed()
    accepted(d, by="p-exec", **PHASE_IN)
    action = next(action for _, action in d.sent if action.verb is Verb.APPLY_CONCESSION)
    request = applying.concession(d.case, action)
    assert isinstance(request, ApplyConcession)
    assert [(part.pct, part.starts, part.ends) for part in request.schedule] == [
        (40, date(2026, 11, 16), date(2027, 2, 16)),
        (20, date(2027, 2, 16), date(2027, 5, 16)),
    ]


def test_every_later_price_and_the_return_are_steps_that_somebody_decides():
    d = diagnosed()
    accepted(d, by="p-exec", **PHASE_IN)
    steps = [(name, d.case.step(name).due, d.case.step(name).person) for name in register(d).steps]
    assert steps == [
        ("offer_1_price_2", MONTHS[3], "p-csm"),
        ("offer_1_return", MONTHS[6], "p-csm"),
        ("offer_1_leaves", None, None),  # only where the customer leaves then
    ]
    d.until(MONTHS[3] - timedelta(days=13))
    assert d.case.step("offer_1_price_2").state is StepState.OPEN
    assert refused(d, note("offer_1_price_2")).kind is RefusalType.EVIDENCE_MISSING
    d.do(note("offer_1_price_2", "as_agreed"))


def test_a_decision_of_an_offer_is_not_skipped():
    d = diagnosed()
    accepted(d)
    r = refused(d, SkipStep(step_id="offer_1_return", by="p-mgr", reason="no time"))
    assert (r.kind, "belongs to offer_1" in r.sentence) == (RefusalType.ILLEGAL_MOVE, True)


def test_the_standard_price_comes_back_on_its_day_once():
    d = diagnosed()
    accepted(d)
    d.until(MONTHS[6] - timedelta(minutes=1))
    assert register(d).state == "applied"
    d.until(MONTHS[6] + timedelta(days=60))
    assert register(d).state == "ended"
    events = [e.at for e in d.case.timeline if e.kind == "offer_ended"]
    assert events == [MONTHS[6]]


def test_a_hold_moves_neither_the_price_nor_the_day_on_which_it_ends():
    d = diagnosed()
    accepted(d)
    d.until(MONTHS[6] - timedelta(days=30))
    d.do(HoldCase(until=MONTHS[6] + timedelta(days=20), reason="their freeze", by="p-csm"))
    d.until(MONTHS[6] + timedelta(hours=1))
    assert (register(d).state, d.case.step("offer_1_return").due) == ("ended", MONTHS[6])
    assert d.case.step("offer_1_return").state is StepState.OPEN


def test_a_change_of_playbook_leaves_what_was_agreed():
    d = diagnosed()
    accepted(d)
    d.do(AdoptPlan(by="p-mgr", playbook="product_technical", reason="another cause"))
    assert d.case.step("offer_1_return").state is StepState.WAITING


def test_a_billing_system_that_is_down_gets_the_very_same_request_again():
    d = diagnosed(around=failing(Verb.APPLY_CONCESSION, 2)(world()))
    offer = accepted(d)
    assert offer.state == "accepted"
    d.after(hours=3)
    assert register(d).state == "applied"
    assert set(sent(d, Verb.APPLY_CONCESSION)) == {"case-1/offer_1/apply_concession"}


def test_what_billing_refuses_becomes_the_step_of_a_person():
    no = Outcome(kind=OutcomeKind.FAILED, error_type="BillingRefused", reason="a discount runs already", permanent=True)
    d = diagnosed(around=failing(Verb.APPLY_CONCESSION, 1, no)(world()))
    assert accepted(d).state == "accepted"
    step = d.case.step("offer_1_apply")
    assert (step.state, step.person) == (StepState.OPEN, "p-mgr")  # nobody of finance is on the team
    d.do(note("offer_1_apply", by="p-mgr"))
    assert (register(d).state, register(d).receipt) == ("applied", "we spoke with the ops lead and agreed on it")
    d.after(days=2)
    assert len(sent(d, Verb.APPLY_CONCESSION)) == 1


# --- the other kinds


def test_a_pause_is_a_pause_in_billing_and_its_end_is_decided():
    d = diagnosed()
    offer = accepted(d, offer="pause")
    assert (offer.state, sent(d, Verb.PAUSE_BILLING)) == ("applied", ["case-1/offer_1/pause_billing"])
    action = next(action for _, action in d.sent if action.verb is Verb.PAUSE_BILLING)
    request = applying.pause(d.case, action)
    assert isinstance(request, PauseBilling)
    assert (request.from_date, request.until) == (date(2026, 11, 16), date(2027, 2, 14))
    assert offer.steps == ("offer_1_end", "offer_1_leaves")
    assert offer.cost_per_year.minor == round(4_800_000 * 90 / 365)


def test_less_for_less_is_carried_out_by_a_person_and_says_what_it_costs():
    d = diagnosed()
    offer = accepted(d, offer="core_only", price=2_800_000)
    assert (offer.state, offer.steps, offer.cost_per_year.minor) == ("accepted", ("offer_1_apply",), 2_000_000)
    d.do(note("offer_1_apply", by="p-mgr"))
    assert register(d).state == "applied"
    d.do(ReopenStep(step_id="offer_1_apply", by="p-mgr", reason="the wrong plan"))
    assert register(d).state == "accepted"


def flexible() -> Drive:
    d = diagnosed()
    d.do(AdoptPlan(by="p-mgr", playbook="contract_flexibility", reason="they want to be free"))
    return d


def test_a_pilot_ends_with_a_decision():
    d = flexible()
    offer = accepted(d, offer="trial_extension")
    assert offer.steps == ("offer_1_apply", "offer_1_end")
    assert d.case.step("offer_1_end").due == datetime(2027, 2, 13, 16, tzinfo=UTC)  # P90D from 16 Nov, local midnight


def test_a_guarantee_is_measured_on_its_day():
    d = flexible()
    details = {"metric": "weekly users", "target": "40", "measure_date": "2027-03-01"}
    accepted(d, offer="performance_guarantee", details=details)
    step = d.case.step("offer_1_measure")
    assert (step.due, d.case.spec("offer_1_measure").evidence.decisions) == (
        datetime(2027, 2, 28, 16, tzinfo=UTC),
        ("reached", "missed"),
    )
    assert d.case.spec("offer_1_measure").title == "Measure the guarantee: weekly users against 40"


def test_an_exit_notice_counts_from_the_day_on_which_it_was_not_better():
    d = flexible()
    offer = accepted(d, offer="easier_exit")
    assert offer.steps == ("offer_1_apply", "improve_by_1", "exit_notice_1", "offer_1_leaves")
    assert d.case.step("improve_by_1").due == START + timedelta(days=60)
    assert d.case.step("exit_notice_1").due is None
    d.after(days=61)
    d.do(note("improve_by_1", "not_improved"))
    assert d.case.step("exit_notice_1").due == START + timedelta(days=91)


def test_no_notice_runs_where_it_is_better():
    d = flexible()
    accepted(d, offer="easier_exit")
    d.do(note("improve_by_1", "improved"))
    assert d.case.step("exit_notice_1").state is StepState.SKIPPED


def test_a_feature_that_is_put_first_becomes_a_promise_with_its_date():
    d = diagnosed()
    said(d, proposal(offer="feature_prioritisation", details={"delivery_date": "2027-03-01"}, title="Export by March"))
    decided(d, by="p-pm")
    said(d, answered())
    (promise,) = d.case.commitments
    assert (promise.title, promise.owner, promise.due, promise.source) == (
        "Export by March",
        "p-pm",
        datetime(2027, 3, 1, 16, tzinfo=UTC),
        "offer",
    )
    assert (register(d).state, register(d).receipt) == ("applied", "promise_1")


def test_a_feature_that_was_promised_by_an_offer_already_is_that_promise_and_no_later_one():  # PLAY-156, SAVE-29
    d = diagnosed()
    feature = {
        "offer": "feature_prioritisation",
        "details": {"delivery_date": "2027-03-01"},
        "title": "Export by March",
    }
    accepted(d, by="p-pm", **feature)
    d.do(MakeCommitment(text="A guide", owner="p-csm", due=START + timedelta(days=20), source="call", by="p-csm"))
    accepted(d, by="p-pm", **feature)
    assert [one.id for one in d.case.commitments] == ["promise_1", "promise_2"]
    assert register(d, "offer_2").receipt == "promise_1"


# --- the end of the save


def close(d: Drive, outcome: str) -> None:
    said = {"evidence": "signed renewal of 3 May, doc 4711", "customer_quotes": ("it came a year too late",)}
    d.do(CloseSave(by="p-mgr", outcome=outcome, notes="that is it", **said))


def test_open_offers_and_approvals_lapse_with_the_case():
    d = proposed()
    said(d, proposal(**NET60))
    decided(d)
    close(d, "lost")
    assert [offer.state for offer in d.case.offers] == ["lapsed", "lapsed"]
    assert [approval.state for approval in d.case.approvals] == ["approved", "lapsed"]
    assert refused(d, answered()).kind is RefusalType.CASE_CLOSED


def test_an_application_that_is_owed_is_carried_out_after_the_case_is_closed():
    d = diagnosed(around=failing(Verb.APPLY_CONCESSION, 2)(world()))
    accepted(d)
    close(d, "saved_full")
    assert not follow_through.is_settled(d.case)
    d.after(days=2)
    assert (register(d).state, follow_through.is_settled(d.case)) == ("applied", True)


def test_what_billing_refuses_after_the_close_is_told_to_the_manager():
    no = Outcome(kind=OutcomeKind.FAILED, reason="the account was settled", permanent=True)
    again = failing(Verb.APPLY_CONCESSION, 1, no)(world())
    d = diagnosed(around=failing(Verb.APPLY_CONCESSION, 1)(again))
    accepted(d)
    close(d, "saved_full")
    d.after(days=2)
    assert ("p-mgr", "offer_1_apply") in [(who, step) for _, who, word, step in d.told() if word == Word.FAILED]
    assert follow_through.is_settled(d.case)


def test_the_recovery_is_given_every_offer_in_force_with_what_is_behind_it():
    d = diagnosed()
    accepted(d, by="p-exec", **PHASE_IN)
    said(d, proposal(**NET60))
    d.until(MONTHS[3])
    d.do(note("offer_1_price_2", "as_agreed"))
    close(d, "saved_full")
    (carried,) = carrying.recovery_start(d.case, Sibling(kind=CaseKind.RECOVERY, at=d.now)).offers
    assert (carried.offer.id, [done.step_id for done in carried.done]) == ("offer_1", ["offer_1_price_2"])


# --- what others read


def test_the_book_is_told_of_every_offer_and_approval_as_they_change():
    d = proposed()
    assert booking.batch(d.case, "k", "w", d.now).offers == ()
    fresh = d.case.model_copy(update={"booked_revision": 0})
    assert booking.batch(fresh, "k", "w", d.now).offers == d.case.offers
    assert booking.batch(fresh, "k", "w", d.now).approvals == d.case.approvals


def test_the_proposer_of_an_absent_approver_is_never_the_one_who_decides():
    d = proposed()
    gone = Absence(start=START, end=START + timedelta(days=9))
    for person in ("p-mgr", "p-exec"):
        known = d.case.team.person(person)
        d.directory_says(known.model_copy(update={"absences": (gone,)}))
    r = refused(d, DecideApproval(approval_id="approval_1", by="p-csm", decision="approved"))
    assert r.kind is RefusalType.SELF_APPROVED


# --- whatever is accepted

kinds = st.sampled_from(
    [
        {"offer": "bridge_discount", "pct": 12, "lasts": "P6M", "tied_to": "reference"},
        {"offer": "annual_prepay", "pct": 25, "lasts": "P12M", "tied_to": "reference"},
        PHASE_IN,
        {
            "offer": "gradual_increase",
            "schedule": [{"months": "1-4", "pct": 20}, {"months": "5-8", "pct": 10}, {"months": "9-12", "pct": 5}],
            "tied_to": "long_term_commitment",
        },
        NET60,
        {"offer": "fewer_users", "price": 100},
    ]
)


@settings(max_examples=12)
@given(kinds, st.integers(0, 400))
def test_what_is_temporary_is_applied_once_and_has_exactly_one_return(fields: dict[str, Any], days: int):
    d = diagnosed()
    offer = accepted(d, by="p-exec", **fields)
    returns = [name for name in offer.steps if name.endswith("_return")]
    assert len(returns) == (1 if offer.terms else 0)
    d.after(days=days)
    again = register(d)
    assert len(sent(d, Verb.APPLY_CONCESSION)) == (1 if offer.terms else 0)
    assert [step.step_id for step in d.case.steps if step.step_id.endswith("_return")] == returns
    assert (again.state == "ended") == bool(offer.ends_at and d.now >= offer.ends_at)
