"""An alert is raised once, stays open until its case has ended or it is over, and comes back only after that."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.alerts import UNANSWERED, AlertEntry, AlertKind, Happens
from rules.detection.frames import Facts
from rules.detection.standing import CASE_ENDED, OVER, TAGGED, Standing, stands
from rules.detection.windows import reach
from tests.unit.rules.detection.seen import NAME, RULES, TODAY, accounts, at, scores, signals
from tests.unit.rules.plans import POLICY

AT = datetime.combine(TODAY, time(14), ZoneInfo("UTC"))


def standing(
    *said: str | tuple[str, int], known: tuple[AlertEntry, ...] = (), later: int = 0, **account: Any
) -> Standing:
    facts = Facts(accounts=accounts(account), signals=signals(*said))
    return stands(facts, known, RULES, POLICY.triage, AT + timedelta(days=later), lambda _: 7)


def of_scores(*values: float, known: tuple[AlertEntry, ...] = (), later: int = 0, **account: Any) -> Standing:
    """How the account stands with these scores, a day apart, the last one of the day that is judged."""
    history = {len(values) - 1 - n - later: value for n, value in enumerate(values)}
    facts = Facts(accounts=accounts(account), scores=scores(history))
    return stands(facts, known, RULES, POLICY.triage, AT + timedelta(days=later), lambda _: 7)


def below_50(found: tuple[AlertEntry, ...]) -> tuple[AlertEntry, ...]:
    return tuple(alert for alert in found if alert.rule == "below_50")


def raised(*said: str, **account: Any) -> tuple[AlertEntry, ...]:
    return standing(*said, **account).raised


def test_what_is_found_is_raised_once_with_its_reason() -> None:
    (alert,) = raised("will_not_renew")
    assert (alert.account_id, alert.rule, alert.bucket, alert.why) == (NAME, "will_not_renew", 7, "will not renew")
    assert (alert.open, alert.held, alert.answered_at) == (True, True, None)
    again = standing("will_not_renew", known=(alert,), later=1)
    assert (again.raised, again.changed) == ((), ())


def test_what_is_only_shown_needs_no_further_answer() -> None:  # RISK-89, PLAY-104
    (alert,) = raised("minor_usage_drop")
    assert (alert.happens, alert.answered_at) == (Happens.WATCH, AT)
    (few,) = raised(stakeholders=2)
    assert (few.happens, few.answered_at) == (Happens.HYGIENE, AT)


def test_what_is_over_is_settled_by_itself_and_raised_anew_when_it_comes_back() -> None:  # AMB-8
    (alert,) = raised("minor_usage_drop")
    (settled,) = standing(known=(alert,), later=1).changed
    assert (settled.open, settled.held, settled.reason) == (False, False, OVER)
    (back,) = standing("minor_usage_drop", known=(settled,), later=2).raised
    assert back.id != alert.id


def test_a_dismissed_alert_stays_away_while_it_holds() -> None:  # RISK-85
    (alert,) = raised("minor_usage_drop")
    dismissed = alert.model_copy(update={"open": False, "settled_at": AT, "settled_by": "usr-1", "reason": "holidays"})
    assert standing("minor_usage_drop", known=(dismissed,), later=1).raised == ()
    (over,) = standing(known=(dismissed,), later=1).changed
    assert (over.open, over.held, over.reason) == (False, False, "holidays")


def test_an_alert_with_a_case_is_open_until_that_has_ended() -> None:
    (alert,) = raised("will_not_renew")
    with_case = alert.model_copy(update={"answered_at": AT, "case": "save:acc-1"})
    (quiet,) = standing(known=(with_case,), later=1, case_open=True).changed
    assert (quiet.open, quiet.held) == (True, False)
    (ended,) = standing("will_not_renew", known=(with_case,), later=1).changed
    assert (ended.open, ended.held, ended.reason) == (False, True, CASE_ENDED)
    assert standing("will_not_renew", known=(ended,), later=2).raised == ()


def test_a_new_fact_is_raised_again_once_the_case_has_ended() -> None:  # RISK-85, AMB-8
    (alert,) = raised("will_not_renew")
    with_case = alert.model_copy(update={"answered_at": AT, "case": "save:acc-1"})
    (ended,) = standing("will_not_renew", known=(with_case,), later=10).changed
    (again,) = standing("will_not_renew", ("will_not_renew", -20), known=(ended,), later=20).raised
    assert again.id != alert.id
    (followed,) = standing("will_not_renew", ("will_not_renew", -20), known=(ended,), later=20).changed
    assert (followed.held, followed.reason) == (False, CASE_ENDED)
    assert standing(("will_not_renew", -20), known=(again, followed), later=21).raised == ()


def test_a_new_fact_is_raised_in_the_very_sweep_that_sees_the_case_ended() -> None:  # RISK-85
    (alert,) = raised("will_not_renew")
    with_case = alert.model_copy(update={"answered_at": AT, "case": "save:acc-1"})
    found = standing("will_not_renew", ("will_not_renew", -10), known=(with_case,), later=10)
    assert [one.reason for one in found.changed] == [CASE_ENDED]
    assert [one.rule for one in found.raised] == ["will_not_renew"]


def test_what_is_told_while_the_case_is_open_belongs_to_it() -> None:  # AMB-8
    (alert,) = raised("will_not_renew")
    with_case = alert.model_copy(update={"answered_at": AT, "case": "save:acc-1"})
    said = ("will_not_renew", ("will_not_renew", -5))
    (heard,) = standing(*said, known=(with_case,), later=5, case_open=True).changed
    assert heard.told_at == at(-5)
    after = standing(*said, known=(heard,), later=10)
    assert ([one.open for one in after.changed], after.raised) == ([False], ())


def test_a_new_fact_after_a_dismissal_is_raised_again() -> None:  # RISK-85
    (alert,) = raised("minor_usage_drop")
    dismissed = alert.model_copy(update={"open": False, "settled_at": AT, "settled_by": "usr-1", "reason": "holidays"})
    assert len(standing("minor_usage_drop", ("minor_usage_drop", -3), known=(dismissed,), later=3).raised) == 1


def test_a_crossing_in_the_first_sweep_after_its_case_has_ended_is_raised() -> None:  # RISK-85, RISK-74
    (alert,) = below_50(of_scores(52, 49).raised)
    with_case = alert.model_copy(update={"answered_at": AT, "case": "save:acc-1"})
    known = below_50(of_scores(52, 49, 56, known=(with_case,), later=1, case_open=True).changed)
    found = of_scores(52, 49, 56, 44, known=known, later=2)
    assert [one.reason for one in below_50(found.changed)] == [CASE_ENDED]
    assert [one.now for one in below_50(found.raised)] == [44]


def test_a_crossing_stays_open_until_the_score_is_back_at_the_bound() -> None:  # AMB-7, RISK-85
    (alert,) = below_50(of_scores(52, 49).raised)
    answered = alert.model_copy(update={"answered_at": AT, "answer": "a letter was sent"})
    still = of_scores(52, 49, 48, known=(answered,), later=1)
    assert (below_50(still.changed), below_50(still.raised)) == ((), ())
    assert below_50(of_scores(48, known=(answered,), later=90).changed) == ()
    assert below_50(standing(known=(answered,), later=200).changed) == ()
    (back,) = below_50(of_scores(52, 49, 50, known=(answered,), later=1).changed)
    assert (back.open, back.reason) == (False, OVER)


def test_what_could_not_be_answered_waits_for_a_person() -> None:  # RISK-85
    (alert,) = raised("will_not_renew")
    stuck = alert.model_copy(update={"answered_at": AT, "answer": f"{UNANSWERED}there is no such queue"})
    (waiting,) = standing(known=(stuck,), later=1).changed
    assert (waiting.open, waiting.held) == (True, False)


def test_an_older_stock_settles_nothing_that_was_raised_or_answered_or_told_since() -> None:  # RISK-85
    (alert,) = raised("qbr_cancelled")
    later, sooner = AT + timedelta(minutes=5), AT - timedelta(minutes=5)
    answered = {"answered_at": sooner, "answer": "the customer is reached out to"}
    for newer in (
        alert.model_copy(update=answered | {"raised_at": later, "answered_at": later}),
        alert.model_copy(update=answered | {"raised_at": sooner, "answered_at": later}),
        alert.model_copy(update=answered | {"raised_at": sooner, "told_at": later}),
    ):
        assert standing(known=(newer,)).changed == ()
    old = alert.model_copy(update=answered | {"raised_at": sooner})
    assert [one.reason for one in standing(known=(old,)).changed] == [OVER]


def test_the_book_may_be_late_with_a_case_that_was_just_opened() -> None:
    (alert,) = raised("will_not_renew")
    with_case = alert.model_copy(update={"answered_at": AT, "case": "save:acc-1"})
    assert standing("will_not_renew", known=(with_case,)).changed == ()


def test_an_alert_that_nothing_was_done_about_is_never_settled_in_silence() -> None:  # RISK-85
    (alert,) = raised("will_not_renew")
    (waiting,) = standing(known=(alert,), later=1).changed
    assert (waiting.open, waiting.held) == (True, False)


def test_a_tagged_statement_weighs_with_the_rest_and_is_not_told_to_its_own_case_again() -> None:  # RISK-24, RISK-25
    found = raised("send_our_data", "competitor_named", "usage_falling", case_open=True)
    by_rule = {alert.rule: alert for alert in found}
    assert (by_rule["send_our_data"].answer, by_rule["send_our_data"].happens) == (TAGGED, Happens.FEED_CASE)
    assert by_rule["competitor_named"].answered_at is None
    assert (by_rule["packing"].kind, by_rule["packing"].answered_at) == (AlertKind.CHURN_LIKELY, None)


def test_a_score_that_crosses_is_found_against_what_the_last_sweep_saw() -> None:  # AMB-7
    facts = Facts(accounts=accounts(), scores=scores({1: 52.0, 0: 49.5}))
    found = stands(facts, (), RULES, POLICY.triage, AT, lambda _: 0).raised
    assert "below_50" in {alert.rule for alert in found}


def test_enough_is_read_for_every_rule() -> None:
    far = reach(RULES)
    assert (far.usage, far.facts >= 180, far.scores >= 31 + 31) == (120, True, True)
