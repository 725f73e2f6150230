"""An alert is raised once, stays open until its case has ended or it is over, and comes back only after that."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.alerts import AlertEntry, AlertKind, Happens
from rules.detection.frames import Facts
from rules.detection.standing import CASE_ENDED, OVER, TAGGED, Standing, stands
from rules.detection.windows import reach
from tests.unit.rules.detection.seen import NAME, RULES, TODAY, accounts, scores, signals
from tests.unit.rules.plans import POLICY

AT = datetime.combine(TODAY, time(14), ZoneInfo("UTC"))


def standing(*said: str, known: tuple[AlertEntry, ...] = (), later: int = 0, **account: Any) -> Standing:
    facts = Facts(accounts=accounts(account), signals=signals(*said))
    return stands(facts, known, RULES, POLICY.triage, AT + timedelta(days=later), lambda _: 7)


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
