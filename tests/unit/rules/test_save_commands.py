"""The commands of a save: contacts, root cause, triage, statements, messages, hand-overs, and its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from models import commands as c
from models.case import MessageState, RefusalType
from models.concession import Offer
from models.effects import Joined, Outcome, OutcomeKind, Verb, Word
from models.save import SaveOutcome, SaveStage
from rules import asking, follow_through
from rules.save import signals
from tests.unit.rules.plans import drive, failing, spec
from tests.unit.rules.test_planning import note
from tests.unit.rules.test_steps_commands import refused
from tests.unit.rules.world import OFFICE, START, Drive, instantly

WHYS = ("the budget was cut", "all departments save", "we could not show the return")


def cause(code: str = "missing_feature", whys: tuple[str, ...] = WHYS, **more: str) -> c.RecordRootCause:
    return c.RecordRootCause(root_cause=code, whys=whys, by="p-csm", **more)


def contact(answered: bool = True) -> c.LogContact:
    return c.LogContact(channel="phone", answered=answered, summary="rang the ops lead", by="p-csm")


def close(outcome: str, by: str = "p-csm", **more: object) -> c.CloseSave:
    again = {"follow_up": START + timedelta(days=60)} if outcome == "paused" else {}
    heard = {"customer_quotes": (HEARD,)} if outcome in ("lost", "let_go") else {}
    return c.CloseSave(outcome=outcome, notes="as they told us", by=by, **{**again, **heard, **more})


HEARD = "the export came a year too late for us"


def agreed(d: Drive, kind: str = "pause") -> None:
    """An offer of that kind, which the customer accepted."""
    offer = Offer(
        id="offer_9", kind=kind, title="As agreed", state="accepted", carried_from="save-0", accepted_at=d.now
    )
    d.case = d.case.model_copy(update={"offers": (*d.case.offers, offer)})


def diagnosed() -> Drive:
    d = Drive()
    d.do(contact())
    d.do(cause())
    return d


# --- stages


def test_a_save_begins_opened_and_moves_by_what_happened():
    d = Drive()
    stages = [d.case.stage]
    for act in (contact(), cause()):
        d.do(act)
        stages.append(d.case.stage)
    for step in ("draft_plan", "week1_intervention", "week4_validate"):
        d.done(step)
        stages.append(d.case.stage)
    assert stages == list(SaveStage)[:-1]


def test_nothing_is_diagnosed_before_the_customer_was_spoken_to():  # SAVE-39
    d = Drive()
    d.do(cause())
    d.done("draft_plan")
    assert d.case.stage is SaveStage.OPENED
    d.do(contact(answered=False))
    assert d.case.stage is SaveStage.OPENED
    d.done("ack_call")
    assert d.case.stage is SaveStage.PLANNED


def test_a_stage_never_moves_back():
    d = diagnosed()
    d.done("draft_plan")
    d.do(c.ReopenStep(step_id="draft_plan", reason="it was of another account", by="p-csm"))
    assert d.case.stage is SaveStage.PLANNED


# --- root cause (SAVE-8, SAVE-9)


@pytest.mark.parametrize("number", [0, 6])
def test_a_root_cause_has_one_to_five_whys(number):
    with pytest.raises(ValidationError):
        cause(whys=("why",) * number)


@pytest.mark.parametrize("number", [1, 3, 5])
def test_the_chain_of_whys_is_kept(number):
    d = Drive()
    d.do(cause(whys=("why",) * number))
    assert len(d.case.whys) == number
    assert any(e.text.startswith(f"missing_feature after {number} why") for e in d.case.timeline)


def test_an_unknown_root_cause_is_answered_with_the_known_ones():
    r = refused(Drive(), cause("bad_karma"))
    assert r.kind is RefusalType.UNKNOWN_ROOT_CAUSE
    assert r.sentence.startswith("'bad_karma' is no root cause; known: missing_feature, technical_problem, ")


def test_a_former_root_cause_stays_on_record():
    d = Drive()
    d.do(cause("missing_feature", stated_reason="too expensive"))
    d.do(cause("budget_cut"))
    assert (d.case.root_cause, d.case.former_causes) == ("budget_cut", ("missing_feature",))
    assert d.case.stated_reason == "too expensive"


# --- contacts


def test_five_calls_that_nobody_answered_propose_no_contact_once():
    d = Drive()
    for _ in range(4):
        d.do(contact(answered=False))
    assert not d.case.no_contact_proposed
    d.do(contact(answered=False))
    d.do(contact(answered=False))
    assert d.case.no_contact_proposed
    assert sorted(who for _, who, word, _ in d.told() if word == Word.PROPOSED) == ["p-csm", "p-mgr"]


def test_an_answer_begins_the_count_again():
    d = Drive()
    for answered in (False, False, False, False, False, True, False):
        d.do(contact(answered))
    assert not d.case.no_contact_proposed
    assert refused(d, close("no_contact")).sentence == "no_contact needs 5 unanswered contacts in a row; logged: 1"


# --- the saveable test (RISK-90)


def test_a_customer_who_cannot_be_saved_is_put_before_the_manager():
    d = Drive()
    d.do(c.Triage(answers={"still_needed": "no"}, probability="low", window="tough_shot", by="p-csm"))
    assert (d.case.saveable, d.case.probability, d.case.window) == ("unsaveable", "low", "tough_shot")
    assert ("p-mgr", Word.PROPOSED) in [(who, word) for _, who, word, _ in d.told()]
    assert not d.case.closed  # never abandoned by itself (AMB-35)


def test_an_open_question_tells_nobody_and_keeps_the_former_estimate():
    d = Drive()
    d.do(c.Triage(answers={}, probability="high", by="p-csm"))
    d.do(c.Triage(answers={"can_solve": "yes"}, by="p-csm"))
    assert (d.case.saveable, d.case.probability) == ("undecided", "high")
    assert list(d.told()) == []


# --- statements (RISK-25)


def test_a_tagged_statement_is_a_fact_and_may_raise_the_urgency():
    d = Drive()
    d.do(c.TagStatement(code="eval_alternatives", by="p-csm"))
    assert d.case.facts[-1].detail.endswith("Kami mengevaluasi alternative")
    assert d.case.assessment.urgency == "high"


def test_an_unknown_statement_is_answered_with_the_codes():
    r = refused(Drive(), c.TagStatement(code="mumble", by="p-csm"))
    assert r.kind is RefusalType.UNKNOWN_STATEMENT
    assert r.sentence.startswith("'mumble' is not in the dictionary; codes: eval_alternatives, ")


# --- messages


def release(message_id: str = "call_them-1", by: str = "p-csm") -> c.ReleaseMessage:
    return c.ReleaseMessage(message_id=message_id, edits={"personal": "Hello again"}, by=by)


def letter(**fields) -> Drive:
    return drive(spec(template="acknowledgment", evidence={"kind": "message"}, **fields))


def test_a_released_message_is_sent_once_and_proves_its_step():
    d = letter()
    d.do(release())
    message = d.case.messages[0]
    assert (message.state, message.released_by) == (MessageState.SENT, "p-csm")
    assert d.case.step("call_them").evidence.text == f"message {message.receipt}"
    r = refused(d, release())
    assert (r.kind, r.sentence) == (RefusalType.ILLEGAL_MOVE, "message call_them-1 is sent already; it goes out once")


def test_a_message_does_not_stand_for_a_call():
    d = drive(spec(template="acknowledgment", evidence={"kind": "call"}))
    d.do(release())
    assert d.open_steps() == ["call_them"]


def test_an_unknown_message_is_answered_with_the_drafts():
    r = refused(letter(), release("call_them-9"))
    assert (r.kind, r.sentence) == (
        RefusalType.UNKNOWN_MESSAGE,
        "there is no message 'call_them-9'; drafts: call_them-1",
    )


def test_a_message_that_may_not_leave_yet_is_answered_and_leaves_later():
    d = letter()
    wait = Outcome(kind=OutcomeKind.HELD, reason="outgoing mail is paused", not_before=START + timedelta(hours=3))
    d.world = failing(Verb.RELEASE_MESSAGE, 1, wait)(instantly)
    d.do(release())
    ask = asking.find(d.case, "ask-2")
    assert (ask.awaited, ask.sentence) == (False, "accepted, and held back for now: outgoing mail is paused")
    assert refused(d, release()).sentence == "message call_them-1 is on its way already"
    d.after(hours=3)
    assert d.case.messages[0].state is MessageState.SENT
    assert asking.find(d.case, "ask-2") is None


def test_a_message_that_is_not_ready_is_refused_to_whoever_released_it():
    d = letter()
    bad = Outcome(kind=OutcomeKind.FAILED, permanent=True, error_type="MessageNotReady", reason="no personal word")
    d.world = failing(Verb.RELEASE_MESSAGE, 1, bad)(instantly)
    d.do(release())
    ask = asking.find(d.case, "ask-2")
    assert (ask.answered, ask.refusal, ask.sentence) == (True, RefusalType.MESSAGE_NOT_READY, "no personal word")
    assert d.case.messages[0].state is MessageState.DRAFTED
    d.case = asking.without(d.case, "ask-2")
    d.do(release())
    assert d.case.messages[0].state is MessageState.SENT


# --- hand-over


def newcomer(case, action):
    if action.verb is Verb.LOAD_PERSON:
        person = case.team.people[0].model_copy(update={"id": "p-new"})
        return Outcome(joined=Joined(person=person, calendar=OFFICE))
    return instantly(case, action)


def test_a_handed_over_role_takes_its_open_steps_along():
    d = drive(spec(due="P4D"), spec("other", owner="support"))
    d.after(days=3)
    d.world = newcomer
    d.do(c.Assign(role="csm", person="p-new", by="p-mgr"))
    assert (d.case.step("call_them").person, d.case.step("other").person) == ("p-new", "p-sup")
    assert d.case.team.seat("csm").deputy == "p-csm2"
    assert [(who, word) for _, who, word, _ in d.told()][-2:] == [("p-new", Word.WARN), ("p-new", Word.ASSIGNED)]


def test_a_deputy_who_takes_over_has_no_deputy_in_themselves():
    d = drive(spec())
    d.world = lambda case, action: (
        Outcome(joined=Joined(person=case.team.person("p-csm2"), calendar=OFFICE))
        if action.verb is Verb.LOAD_PERSON
        else instantly(case, action)
    )
    d.do(c.Assign(role="csm", person="p-csm2", by="p-mgr"))
    assert (d.case.team.seat("csm").person, d.case.team.seat("csm").deputy) == ("p-csm2", None)


def test_an_unknown_role_is_answered_with_the_known_ones():
    r = refused(drive(spec()), c.Assign(role="baker", person="p-new", by="p-mgr"))
    assert (r.kind, r.sentence.split(";")[0]) == (RefusalType.UNKNOWN_ROLE, "there is no role 'baker'")


def test_a_person_whom_the_directory_does_not_know_is_refused():
    d = drive(spec())
    nobody = Outcome(kind=OutcomeKind.FAILED, permanent=True, error_type="UnknownPerson", reason="nobody is 'p-x'")
    d.world = failing(Verb.LOAD_PERSON, 1, nobody)(instantly)
    d.do(c.Assign(role="csm", person="p-x", by="p-mgr"))
    assert asking.find(d.case, "ask-2").refusal is RefusalType.UNKNOWN_PERSON
    assert d.case.team.seat("csm").person == "p-csm"


# --- the end (D.4, CONV-21..23)


def test_a_closed_case_owes_nothing_and_settles():
    d = diagnosed()
    d.do(close("lost"))
    assert (d.case.outcome, d.case.stage, d.case.closed_at) == (SaveOutcome.LOST, SaveStage.CLOSED, START)
    assert all(step.ended for step in d.case.steps)
    assert {m.state for m in d.case.messages} == {MessageState.DROPPED}
    assert follow_through.is_settled(d.case)
    assert [a.verb for _, a in d.sent].count(Verb.ADD_NOTE) == 1


@pytest.mark.parametrize(
    "command", [contact(), cause(), close("lost"), c.Resume(by="p-csm"), note("ack_call"), release("ack_call-1")]
)
def test_a_closed_case_takes_no_command(command):
    d = Drive()
    d.do(close("lost"))
    r = refused(d, command)
    assert (r.kind, r.sentence) == (
        RefusalType.CASE_CLOSED,
        "the case is closed as lost since 2026-11-16 01:00 UTC; open a new save attempt",
    )


@pytest.mark.parametrize(
    ("command", "step"),
    [
        (c.FulfilCommitment(commitment_id="promise_1", evidence="release 4.2", by="p-eng"), "promise_1"),
        (c.CommunicateCommitment(commitment_id="promise_1", evidence="email 88", by="p-eng"), "promise_1_told"),
        (c.ConfirmCommitment(commitment_id="promise_1", evidence="they see it", by="p-eng"), "promise_1_seen"),
    ],
)
def test_word_on_a_promise_of_a_won_save_belongs_to_its_recovery(command, step):  # POST-11, SAVE-29
    d = diagnosed()
    d.do(close("saved_full", evidence="renewal R-2291 signed on Monday"))
    r = refused(d, command)
    assert r.kind is RefusalType.CASE_CLOSED
    assert f"'recovery step acc-1 {step} --by PERSON --evidence PROOF'" in r.sentence
    assert "open a new save" not in r.sentence


def test_word_on_a_promise_of_a_lost_save_has_no_recovery_to_go_to():  # CONV-23
    d = diagnosed()
    d.do(close("lost"))
    r = refused(d, c.FulfilCommitment(commitment_id="promise_1", evidence="release 4.2", by="p-eng"))
    assert r.sentence.endswith("; open a new save attempt")


@pytest.mark.parametrize("outcome", ["saved_full", "saved_partial", "paused"])
def test_a_save_is_proved(outcome):  # SAVE-31
    d = Drive()
    assert refused(d, close(outcome, evidence="signed")).kind is RefusalType.ROOT_CAUSE_MISSING
    d.do(cause())
    early = refused(d, close(outcome, evidence="signed"))
    assert (early.kind, early.sentence) == (
        RefusalType.ILLEGAL_MOVE,
        f"{outcome} is legal from stage diagnosed on; this is opened",
    )
    d.do(contact())
    agreed(d)
    assert refused(d, close(outcome, evidence=" yes ")).kind is RefusalType.EVIDENCE_MISSING
    d.do(close(outcome, evidence="signed renewal 4711"))
    assert (d.case.outcome, d.case.closing_evidence) == (outcome, "signed renewal 4711")


@pytest.mark.parametrize("outcome", ["lost", "let_go"])
def test_who_leaves_is_recorded_in_their_own_words(outcome):  # CONV-21, CONV-22
    d = diagnosed()
    d.do(c.Triage(answers={"good_for_us": "no"}, by="p-csm"))
    for quotes in ((), ("x",)):
        r = refused(d, close(outcome, by="p-mgr", customer_quotes=quotes))
        assert (r.kind, "'customer_quotes'" in r.sentence) == (RefusalType.EVIDENCE_MISSING, True)
    excuse = refused(d, close(outcome, by="p-mgr", customer_quotes=(), without_quotes="nobody wrote it down"))
    assert "the customer was spoken to" in excuse.sentence
    d.do(close(outcome, by="p-mgr"))
    assert d.case.customer_quotes == (HEARD,)


def test_where_nobody_spoke_to_them_the_reason_stands_in_for_their_words():  # CONV-21
    d = Drive()
    assert "'without_quotes' says why" in refused(d, close("lost", customer_quotes=())).sentence
    assert refused(d, close("lost", customer_quotes=(), without_quotes="-")).kind is RefusalType.EVIDENCE_MISSING
    d.do(close("lost", customer_quotes=(), without_quotes="they never answered a call"))
    (said,) = [event.text for event in d.case.timeline if event.kind == "closed"]
    assert "no words of the customer: they never answered a call" in said


def test_a_pause_is_one_that_was_offered_and_accepted():  # CONV-23
    d, signed = diagnosed(), {"evidence": "pause until 1 March, agreed by mail"}
    agreed(d, "discount")
    r = refused(d, close("paused", **signed))
    assert (r.kind, "a pause that was offered and accepted" in r.sentence) == (RefusalType.EVIDENCE_MISSING, True)
    agreed(d)
    d.do(close("paused", **signed))
    assert d.case.outcome is SaveOutcome.PAUSED


def test_a_smaller_contract_rests_on_what_was_agreed():  # CONV-21, CONV-23
    d, signed = diagnosed(), {"evidence": "smaller contract C-77 signed"}
    r = refused(d, close("saved_partial", **signed))
    assert (r.kind, "an accepted offer or a promise" in r.sentence) == (RefusalType.EVIDENCE_MISSING, True)
    promised = c.MakeCommitment(
        by="p-csm", text="A review", owner="p-csm", due=START + timedelta(days=9), source="call"
    )
    d.do(promised)
    d.do(close("saved_partial", **signed))
    assert d.case.outcome is SaveOutcome.SAVED_PARTIAL


def test_a_deferral_needs_a_date_that_lies_ahead():
    d = Drive()
    assert refused(d, close("deferred", decision_date=START + timedelta(days=9))).kind is RefusalType.ILLEGAL_MOVE
    d.do(contact())
    for date in (None, START):
        r = refused(d, close("deferred", decision_date=date))
        assert (r.kind, r.sentence) == (
            RefusalType.EVIDENCE_MISSING,
            "deferred needs a 'decision_date' that lies ahead",
        )
    d.do(close("deferred", decision_date=START + timedelta(days=9)))
    assert d.case.decision_date == START + timedelta(days=9)


def test_a_declined_conversation_quotes_the_customer():
    assert "the customer's own words" in refused(Drive(), close("declined_conversation")).sentence


def test_no_contact_after_five_tries():
    d = Drive()
    for _ in range(5):
        d.do(contact(answered=False))
    d.do(close("no_contact"))
    assert d.case.outcome is SaveOutcome.NO_CONTACT


def test_nobody_is_let_go_without_the_saveable_test():
    r = refused(Drive(), close("let_go", by="p-mgr"))
    assert r.kind is RefusalType.NOT_ALLOWED
    assert r.sentence.endswith("it says undecided")


YES = dict.fromkeys(("can_solve", "still_needed", "will_work_with_us", "good_for_us"), "yes")


def test_bad_economics_alone_are_a_managers_decision():  # RISK-96
    d = Drive()
    d.do(c.Triage(answers=YES | {"economics": "no"}, by="p-csm"))
    assert refused(d, close("let_go")).kind is RefusalType.NOT_ALLOWED
    d.do(close("let_go", by="p-mgr"))
    assert d.case.outcome is SaveOutcome.LET_GO


def test_an_unsaveable_customer_is_let_go_by_who_answers_for_the_case():  # RISK-98, AMB-35
    d = Drive()
    d.do(c.Triage(answers={"good_for_us": "no"}, by="p-csm"))
    r = refused(d, close("let_go"))
    assert (r.kind, r.sentence) == (
        RefusalType.NOT_ALLOWED,
        "let_go is decided by cs_manager, executive; 'p-csm' is csm",
    )
    d.do(close("let_go", by="p-exec"))
    assert d.case.outcome is SaveOutcome.LET_GO


def test_a_talk_among_colleagues_is_no_contact():  # SAVE-2
    r = refused(Drive(), c.LogContact(by="p-csm", channel="internal", answered=True, summary="we talked about them"))
    assert r.kind is RefusalType.ILLEGAL_MOVE


@pytest.mark.parametrize("outcome", ["won", "rejected"])
def test_an_outcome_that_people_cannot_choose_is_answered_with_those_they_can(outcome):
    r = refused(Drive(), close(outcome))
    assert r.kind is RefusalType.UNKNOWN_OUTCOME
    assert r.sentence.startswith(f"'{outcome}' is no outcome; known: saved_full, saved_partial, paused, deferred, lost")


# --- signals


def test_a_refused_signal_is_on_the_timeline_and_told():
    d = Drive()
    d.case = signals.receive(d.case, c.TriggerPlaybook(playbook="budget_economic", by="p-sup", reason="x"), d.now)
    d.settle()
    assert any(e.kind == "signal_refused" and e.text.startswith("trigger_playbook: ") for e in d.case.timeline)
    assert list(d.told())[-1][1:3] == ("p-sup", Word.REFUSED)


def test_a_refused_signal_of_a_stranger_is_told_to_the_manager():
    d = Drive()
    d.case = signals.receive(d.case, c.TriggerPlaybook(playbook="budget_economic", by="p-x", reason="x"), d.now)
    d.settle()
    assert list(d.told())[-1][1:3] == ("p-mgr", Word.REFUSED)


def test_a_signal_to_a_closed_case_is_recorded_and_wakes_nobody():
    d = Drive()
    d.do(close("lost"))
    d.case = signals.receive(d.case, c.RiskSignal(kind="eval_alternatives"), d.now)
    d.settle()
    assert d.case.timeline[-1].kind == "signal_refused"
    assert follow_through.is_settled(d.case)


def test_triggering_what_runs_already_changes_nothing():
    d = Drive()
    steps = d.case.steps
    d.case = signals.receive(d.case, c.TriggerPlaybook(playbook="product_technical", by="p-csm", reason="x"), d.now)
    assert (d.case.steps, d.case.timeline[-1].kind) == (steps, "playbook_runs")


def test_a_cancellation_makes_the_case_immediate():  # RISK-86, RISK-103
    d = Drive()
    d.case = signals.receive(d.case, c.CancellationRequested(case_id="can-7"), d.now)
    assert d.case.assessment.urgency == "immediate"
    assert (d.case.facts[-1].kind, d.case.facts[-1].detail) == ("cancellation_submitted", "can-7")
