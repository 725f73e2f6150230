"""After a save that ended well: a year in which the customer is looked after, and what becomes of it (POST-1..12)."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from cli.spoken import as_typed
from models import commands as c
from models.case import CaseKind
from models.effects import OWED_AFTER_CLOSE, Verb
from models.people import Person
from models.recovery import RecoveryStage
from models.step import StepState
from rules import carrying, follow_through
from rules.recovery import stages
from rules.refusal import Refused
from tests.unit.rules import golden
from tests.unit.rules.plans import drive as save_of
from tests.unit.rules.plans import failing, spec, world
from tests.unit.rules.recovering import PROMISE, Recovery
from tests.unit.rules.test_save_commands import HEARD, agreed
from tests.unit.rules.world import START, Drive, file, instantly, plan, proof

DELIVERED = "ticket 4811 of 18 Dec: the bulk export is live on their account"
YEAR = timedelta(days=366)


def refused(act: Any) -> Refused:
    with pytest.raises(Refused) as raised:
        act()
    return raised.value


def turns(r: Drive, step_id: str) -> list[int]:
    """On which days the turns of a recurring step are due."""
    return [(s.due - START).days for s in r.case.steps if s.step_id == step_id and s.due]


def traced(r: Recovery) -> list[str]:
    """What went out and what ended in the whole year; the case itself carries the last part of it."""
    return golden.lines(r, r.history.values())


@cache
def a_year_of(pace: float) -> Recovery:
    """A year in which everything is done after that share of its time."""
    r = Recovery()
    while ahead := [at for at in golden.acts(r, pace) if at[0] <= START + YEAR]:
        at, step_id = min(ahead)
        r.until(max(at, r.now))
        step = r.case.step(step_id)
        if step and not step.ended:
            r.done(step_id, by=step.person)
    return r


@pytest.fixture(scope="module")
def year() -> Recovery:
    return a_year_of(0.5)


def test_a_year_of_recovery_plays_as_it_did():
    parts = {cast: traced(a_year_of(pace)) for cast, pace in golden.PACE.items()}
    actual = "".join(f"# {name}\n" + "".join(f"{line}\n" for line in lines) for name, lines in parts.items())
    assert actual == golden.expected("recovery", actual)


def test_there_are_twelve_weekly_touchpoints_and_no_thirteenth(year: Recovery):  # POST-6, POST-11
    assert turns(year, "touchpoint") == [7 * n for n in range(1, 13)]


def test_value_is_reported_monthly_for_ninety_days_and_quarterly_after(year: Recovery):  # DIS-17
    assert turns(year, "value_report") == [30, 60, 90]
    assert turns(year, "value_report_quarterly") == [180, 270, 360]


def test_health_is_reviewed_every_week_to_the_end_and_executives_look_each_quarter(year: Recovery):  # POST-10
    assert turns(year, "health_review") == [7 * n for n in range(1, len(turns(year, "health_review")) + 1)]
    assert turns(Recovery(), "executive_review") == [90]
    assert turns(year, "executive_review") == [90, 180, 270, 360][: len(turns(year, "executive_review"))]


def test_whoever_is_still_a_customer_is_asked_at_five_moments():  # METR-17, SAVE-35
    asked = sorted(s.opens - START for s in Recovery().case.steps if s.step_id.startswith("still_customer"))
    assert [length.days for length in asked] == [30, 60, 90, 180, 365]


def test_the_check_in_of_day_30_speaks_of_every_commitment():  # POST-1
    r = Recovery(commitments=(PROMISE,))
    r.after(days=29)
    silent = proof(r.case, "check_in_30")
    refusal = refused(lambda: r.done("check_in_30", silent))
    assert refusal.kind == "EvidenceMissing"
    assert "com_1 (Bulk export)" in refusal.sentence
    r.done(
        "check_in_30", silent | {"items": {"how_is_everything": "better", "commitments": "com_1 delivered on 3 Dec"}}
    )
    assert r.case.step("check_in_30").state is StepState.DONE


def test_a_save_is_verified_only_by_all_four_criteria():  # AMB-34, SAVE-31..34
    r = Recovery()
    r.after(days=31)
    whole = proof(r.case, "verify_30")
    for missing in whole["items"]:
        part = {k: v for k, v in whole["items"].items() if k != missing}
        assert refused(lambda given=whole | {"items": part}: r.done("verify_30", given)).kind == "EvidenceMissing"
    assert r.case.verified is None
    r.decide("verify_30", "not_verified")
    assert (r.case.verified, len(r.happened("save_not_verified"))) == (False, 1)
    assert any(to == "p-mgr" and word == "proposed" for _, to, word, _ in r.told())
    r.after(days=91)
    r.decide("verify_90", "verified")
    assert (r.case.verified, r.case.stage) == (True, "elevated")


def test_no_save_is_verified_over_a_broken_promise():  # SAVE-34, AMB-34
    r = Recovery(commitments=(PROMISE,))
    r.after(days=31)
    whole = proof(r.case, "verify_30")
    whole = whole | {"items": whole["items"] | {"commitments": "com_1 is still owed"}}
    refusal = refused(lambda: r.done("verify_30", whole))
    assert (refusal.kind, "com_1 (Bulk export)" in refusal.sentence) == ("IllegalMove", True)
    assert (r.case.verified, r.case.step("verify_30").state) == (None, StepState.OPEN)
    r.done("verify_30", whole | {"decision": "not_verified"})
    r.do(c.FulfilCommitment(by="p-pm", commitment_id="com_1", evidence=DELIVERED))
    r.after(days=91)
    r.done("verify_90", whole | {"items": whole["items"] | {"commitments": "com_1 was delivered, though late"}})
    assert r.case.verified is True


def test_a_promise_that_breaks_after_the_verdict_keeps_the_case_from_ending_as_verified():  # SAVE-34
    r = Recovery(commitments=(PROMISE.model_copy(update={"due": START + timedelta(days=100)}),))
    r.after(days=91)
    whole = proof(r.case, "verify_90")
    r.done("verify_90", whole | {"items": whole["items"] | {"commitments": "com_1 is due on day 100"}})
    r.after(days=181)
    assert "com_1" in refused(lambda: r.close("verified")).sentence
    r.do(c.FulfilCommitment(by="p-pm", commitment_id="com_1", evidence=DELIVERED))
    r.close("verified")
    assert r.case.outcome == "verified"


def test_a_finding_is_not_made_before_its_day():
    r = Recovery()
    r.after(days=10)
    for step_id in ("verify_90", "still_customer_90", "end_of_monitoring"):
        assert refused(lambda name=step_id: r.done(name, by="p-mgr")).kind == "IllegalMove"


def test_monitoring_lasts_half_a_year_at_least():  # POST-4
    r = Recovery()
    r.after(days=95)
    r.decide("verify_90", "verified")
    assert refused(lambda: r.close("verified")).kind == "IllegalMove"
    r.after(days=181)
    r.close("verified")
    assert r.case.outcome == "verified"


def test_a_recovery_ends_by_itself_when_monitoring_is_over_and_nothing_is_owed(year: Recovery):  # POST-9
    assert (year.case.outcome, year.case.stage) == ("ended", "closed")
    assert follow_through.is_settled(year.case)
    r = Recovery()
    r.after(days=181)
    r.done("end_of_monitoring")
    assert not r.case.closed, "still_customer_180 and what is late are owed yet"
    for step in [s for s in r.case.steps if s.state is StepState.OPEN and not s.recurring]:
        r.done(step.step_id)
    assert r.case.outcome == "ended"


def test_a_verdict_that_was_not_given_cannot_be_the_outcome():
    r = Recovery()
    assert refused(lambda: r.close("verified")).kind == "IllegalMove"
    assert refused(lambda: r.close("not_verified", "nothing of it is true")).kind == "IllegalMove"
    assert refused(lambda: r.close("relapsed")).kind == "UnknownOutcome"
    r.after(days=31)
    r.decide("verify_30", "not_verified")
    assert refused(lambda: r.close("not_verified")).kind == "EvidenceMissing"
    r.close("not_verified", "the export is not fixed, and nobody answers")
    assert r.case.outcome == "not_verified"


def test_a_customer_who_left_ends_the_recovery_before_its_time():  # SAVE-35
    r = Recovery()
    r.after(days=61)
    assert refused(lambda: r.close("ended")).kind == "IllegalMove"
    r.decide("still_customer_60", "no")
    assert r.happened("not_durable")
    r.close("ended")
    assert r.case.outcome == "ended"


def test_a_verdict_says_how_it_stands_with_each_promise_and_how_that_is_given():  # POST-1, SAVE-34
    r = Recovery(commitments=(PROMISE,))
    r.after(days=31)
    whole = proof(r.case, "verify_30")
    no = refused(lambda: r.done("verify_30", whole | {"items": {}}))
    assert no.sentence.endswith("com_1 (Bulk export): give it as 'items' commitments=\"com_1: ...\"")
    assert as_typed(no.sentence).endswith('give it as --item commitments="com_1: ..."')


def test_an_outcome_that_needs_a_verdict_names_the_step_that_gives_it():  # AMB-34
    r = Recovery()
    r.after(days=3)
    no = refused(lambda: r.close("verified"))
    opens = START + timedelta(days=30)
    assert f"not judged yet; the step verify_30 judges it (it opens on {opens:%Y-%m-%d})" in no.sentence
    r.after(days=31)
    assert (
        "the step verify_30 judges it: 'complete_step' with a 'decision'"
        in refused(lambda: r.close("verified")).sentence
    )


def test_a_relapse_opens_a_save_once_tells_the_manager_and_ends_the_recovery():  # POST-12
    r = Recovery()
    r.after(days=40)
    r.signal(c.RiskSignal(kind="usage_falling", detail="logins halved"))
    r.signal(c.RiskSignal(kind="usage_falling", detail="again"))
    starts = [action for _, action in r.sent if action.verb is Verb.START_CASE]
    assert [action.key for action in starts] == ["rec-1/save/start_case"]
    assert [to for _, to, word, _ in r.told() if word == "proposed"] == ["p-mgr"]
    assert (r.case.outcome, len(r.happened("relapse"))) == ("relapsed", 1)
    assert "this recovery ends as relapsed, and a save attempt opens" in r.happened("relapse")[0]
    assert not r.open_steps()


def test_a_word_that_is_no_signal_ends_no_recovery_and_who_sent_it_is_told():  # POST-12
    r = Recovery()
    r.after(days=40)
    r.signal(c.RiskSignal(kind="usage_fallin", by="p-csm"))
    r.after(days=41)
    assert not r.case.closed and r.open_steps() and not r.happened("relapse")
    (said,) = r.happened("signal_refused")
    assert "'usage_fallin' is no kind of risk signal; there are usage_falling" in said
    assert [to for _, to, word, _ in r.told() if word == "refused"] == ["p-csm"]


def test_a_risk_that_a_colleague_beside_the_team_saw_counts_as_any_other():  # POST-12
    r = Recovery()
    r.after(days=40)
    r.signal(c.RiskSignal(kind="champion_left", by="p-support2"))
    assert (r.case.outcome, len(r.happened("relapse"))) == ("relapsed", 1)


def test_what_may_be_nothing_is_watched_and_ends_no_recovery():  # RISK-89, POST-12
    r = Recovery()
    r.after(days=40)
    r.signal(c.RiskSignal(kind="seasonal_pattern", detail="school holidays", by="p-csm"))
    assert not r.case.closed and not r.happened("relapse")
    assert r.happened("risk_signal") == [
        "seasonal_pattern: school holidays; it may be nothing and is watched; the recovery goes on"
    ]
    assert [fact.kind for fact in r.case.facts] == ["seasonal_pattern"]


def test_a_saved_customer_who_asks_to_cancel_has_relapsed():  # RISK-86, POST-12
    r = Recovery()
    r.after(days=200)
    asked = c.CancellationRequested(case_id="off-1", no_sales_contact=True)
    r.signal(asked)
    assert r.case.cancellation == asked  # CANC-36: the save that follows hears all of it
    (start,) = [action for _, action in r.sent if action.verb is Verb.START_CASE]
    assert (start.subject, r.case.outcome) == ("save", "relapsed")
    (said,) = r.happened("relapse")
    assert said.startswith("cancellation_submitted: off-1; this recovery ends as relapsed")


def test_the_health_score_of_every_week_is_given_as_a_figure_of_its_own():  # POST-12
    r = Recovery()
    r.after(days=6)
    whole = proof(r.case, "health_review")
    assert refused(lambda: r.done("health_review", whole | {"items": {}})).kind == "EvidenceMissing"
    r.done("health_review", whole | {"items": {"score": "62 of 100"}})
    assert [item.text for item in r.case.step("health_review/1").evidence.items] == ["62 of 100"]


def test_what_a_saved_customer_waits_for_reaches_the_executive_within_hours():  # POST-10
    r, due = Recovery(), START + timedelta(days=4)
    for step_id, seen in (("broken_import", True), ("tidy_notes", False)):
        r.do(
            c.AddStep(
                by="p-csm",
                step_id=step_id,
                title="Mend it",
                owner="csm",
                due=due,
                reason="they wrote",
                customer_facing=seen,
            )
        )
    r.until(due + timedelta(days=2))
    first = {step: at - due for at, to, word, step in r.told() if (to, word) == ("p-exec", "escalate")}
    assert first["broken_import"] <= timedelta(hours=3)
    assert first["tidy_notes"] >= timedelta(hours=24)


def test_a_relapse_is_handed_on_however_long_temporal_does_not_answer():
    r = Recovery(failing(Verb.START_CASE, 7)(instantly))
    r.after(days=40)
    r.signal(c.RiskSignal(kind="usage_falling"))
    assert not r.case.closed
    r.after(days=43)
    assert r.case.outcome == "relapsed"
    assert len({action.key for _, action in r.sent if action.verb is Verb.START_CASE}) == 1


@pytest.mark.parametrize("outcome", ["saved_full", "saved_partial", "paused"])
def test_a_won_save_owes_a_recovery_before_it_is_settled(outcome: str):  # POST-5
    d = Drive(world=failing(Verb.START_CASE, 1)(instantly))
    closed_as(d, outcome)
    assert not follow_through.is_settled(d.case)
    (owed,) = d.case.siblings
    start = carrying.recovery_start(d.case, owed)
    assert (start.save_case_id, start.saved_at, start.outcome) == (d.case.case_id, d.case.closed_at, outcome)
    d.until(d.now + timedelta(hours=1))
    assert follow_through.is_settled(d.case)
    tries = [action.key for _, action in d.sent if action.verb is Verb.START_CASE]
    assert tries == ["case-1/recovery/start_case"] * 2
    assert Verb.START_CASE in OWED_AFTER_CLOSE


def closed_as(d: Drive, outcome: str) -> None:
    if outcome != "lost":
        d.done("ack_call") if d.case.step("ack_call") else None
        d.do(c.LogContact(by="p-csm", channel="phone", answered=True, summary="spoke at length"))
        d.do(c.RecordRootCause(by="p-csm", root_cause="missing_feature", whys=("no export",)))
    again = d.now + timedelta(days=30) if outcome == "paused" else None
    proof = "renewal R-114 of 3 May signed"
    agreed(d)
    said = {"customer_quotes": (HEARD,)} if outcome == "lost" else {}
    d.do(c.CloseSave(by="p-csm", outcome=outcome, notes="so it is", evidence=proof, follow_up=again, **said))


def test_a_save_that_was_lost_has_no_recovery():
    d = Drive()
    closed_as(d, "lost")
    assert d.case.siblings == ()
    assert follow_through.is_settled(d.case)


def test_nothing_begins_by_itself_where_the_policy_does_not_say_so():
    policy = plan("common_spine").policy.model_copy(update={"recovery_follows": False})
    d = save_of(spec(), policy=policy)
    d.case = d.case.model_copy(update={"root_cause": "missing_feature", "stage": "diagnosed"})
    d.do(c.CloseSave(by="p-csm", outcome="saved_full", notes="so it is", evidence="renewal R-114 of 3 May signed"))
    assert d.case.siblings == ()


def test_a_plan_of_another_kind_is_refused():
    d = Drive()
    d.signal(c.TriggerPlaybook(by="p-csm", playbook="recovery", reason="why not"))
    assert d.case.plan.name == "product_technical"
    r = Recovery(world())
    r.do(c.AdoptPlan(by="p-mgr", playbook="common_spine"))
    assert r.case.plan.name == "recovery"
    assert r.case.kind is CaseKind.RECOVERY


def test_a_case_that_could_not_read_its_account_is_told_by_anybody_that_the_crm_is_back():
    r = Recovery(failing(Verb.LOAD_ACCOUNT, 2)(instantly))
    assert r.case.account is None
    r.signal(c.RetryNow(by="p-csm"))
    assert r.case.account is not None


def test_a_promise_of_the_save_is_followed_up_in_the_recovery_from_where_it_stood():  # SAVE-29, POST-7
    owed = [
        {"id": "promise_1", "title": "the export", "owner": "p-eng", "due": START + timedelta(days=5)},
        {"id": "promise_2", "title": "a call", "owner": "p-csm", "due": START - timedelta(days=1), "state": "done"},
    ]
    d = Recovery(commitments=owed)
    states = {step.id: step.state.value for step in d.case.steps if step.id.startswith("promise_")}
    assert (states["promise_1"], states["promise_2"], states["promise_2_told"]) == ("open", "done", "open")
    assert d.case.step("promise_1").person == "p-eng"


def test_what_a_saved_customer_says_is_tagged_as_in_a_save():  # POST-12, RISK-25
    r = Recovery()
    r.do(c.TagStatement(code="eval_alternatives", quote="we look around", by="p-csm"))
    assert (r.case.facts[-1].kind, r.case.facts[-1].detail) == ("eval_alternatives", "we look around")
    assert "Respond:" in r.happened("statement")[-1]
    assert refused(lambda: r.do(c.TagStatement(code="we_love_you", by="p-csm"))).kind == "UnknownStatement"


def test_each_weekly_touchpoint_drafts_its_letter():  # POST-8
    r = Recovery()
    r.after(days=1)
    assert [m.template for m in r.case.messages if m.step == "touchpoint/1"] == ["recovery_touchpoint"]


def test_an_owner_without_a_role_hands_the_promise_to_the_manager():  # SAVE-29
    team = file()
    guest = Person(id="p-guest", roles=(), calendar="my")
    team = team.model_copy(update={"team": team.team.model_copy(update={"people": (*team.team.people, guest)})})
    r = Recovery(world(team=team), commitments=(PROMISE.model_copy(update={"owner": "p-guest"}),))
    assert (r.case.plan is not None, r.case.step("com_1").person) == (True, "p-mgr")
    assert r.case.commitments[0].owner == "p-mgr"


def test_however_many_promises_are_open_the_recovery_takes_them_over():  # POST-7
    many = tuple(PROMISE.model_copy(update={"id": f"com_{n}"}) for n in range(60))
    assert len(Recovery(commitments=many).case.commitments) == 60


def test_a_recovery_does_not_end_before_the_customer_was_told_and_sees_what_was_promised():  # SAVE-29, POST-11
    late = PROMISE.model_copy(update={"due": START + timedelta(days=700)})
    r = Recovery(commitments=(late,))
    told = r.case.step("com_1_told")
    done = [s.model_copy(update={"state": StepState.DONE, "ended_at": r.now}) for s in r.case.steps if s is not told]
    case = r.case.model_copy(update={"steps": (*done, told), "reached": tuple(RecoveryStage)})
    assert (told.state, stages.settle(case, r.now).closed) == (StepState.WAITING, False)
