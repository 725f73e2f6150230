"""What is done about an account's new alerts (RISK-85): one case is opened or fed, or it is reached without one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.alerts import AlertEntry, AlertKind, Happens, RiskLevel
from models.book import CaseEntry
from models.case import CaseKind
from models.leaving_status import LeavingStatus
from rules import sweeping
from rules.answering import SWEEP, Around, answered, settled_as
from workflows.contract import recovery_id, save_id, win_back_id

AT = datetime(2026, 11, 17, 2, tzinfo=UTC)
ACCOUNT = "acc-1"


def alert(rule: str = "below_50", happens: Happens = Happens.OPEN_CASE, level: RiskLevel = RiskLevel.MEDIUM, **more):
    given = {"kind": AlertKind.INVESTIGATION, "why": "the score fell", "since": date(2026, 11, 16)} | more
    return AlertEntry(
        id=f"{ACCOUNT}.{rule}", account_id=ACCOUNT, rule=rule, level=level, happens=happens, raised_at=AT, **given
    )


def case(kind: CaseKind, **more) -> CaseEntry:
    given = {"case_id": f"{kind}-1", "workflow_id": f"{kind}:{ACCOUNT}", "stage": "opened"} | more
    return CaseEntry(kind=kind, account_id=ACCOUNT, opened_at=AT, as_of=AT, revision=1, **given)


def test_a_case_is_opened_for_the_gravest_and_hears_all_of_them() -> None:
    found = answered(ACCOUNT, [alert(), alert("will_not_renew", level=RiskLevel.HIGH)], Around(lead="usr-1"))
    assert found.start is not None and found.start.save is not None and found.start.signal is not None
    assert (found.happens, found.case) == (Happens.OPEN_CASE, save_id(ACCOUNT))
    assert (found.start.save.opened_by, found.start.save.reason) == ("usr-1", "will_not_renew")
    assert found.start.signal.detail == "the score fell (since 2026-11-16)"
    assert [tell.signal.kind for tell in found.tells] == ["below_50"]


def test_the_same_alerts_again_say_the_very_same_so_that_a_case_counts_them_once() -> None:
    assert answered(ACCOUNT, [alert()], Around()) == answered(ACCOUNT, [alert()], Around())


def test_an_account_that_nobody_leads_is_opened_by_the_sweep() -> None:
    found = answered(ACCOUNT, [alert()], Around())
    assert found.start is not None and found.start.save is not None
    assert found.start.save.opened_by == SWEEP


def test_an_open_save_is_fed_and_what_is_red_for_weeks_escalates_it() -> None:  # AMB-38, RISK-73
    around = Around(save=case(CaseKind.SAVE))
    found = answered(ACCOUNT, [alert("red_two_weeks", Happens.ESCALATE_CASE)], around)
    assert found.happens is Happens.FEED_CASE
    assert found.start is not None and found.start.signal is not None
    assert found.start.signal.escalates
    low = answered(ACCOUNT, [alert("qbr_cancelled", Happens.FEED_CASE, RiskLevel.LOW)], around)
    assert low.happens is Happens.FEED_CASE


def test_of_low_severity_the_customer_is_reached_and_no_case_opens() -> None:  # DIS-5
    found = answered(ACCOUNT, [alert(happens=Happens.OUTREACH)], Around(lead="usr-1"))
    assert (found.happens, found.start, found.tells) == (Happens.OUTREACH, None, ())


def test_what_was_to_feed_a_case_that_closed_meanwhile_opens_the_next_from_a_warning_sign_on() -> None:
    assert answered(ACCOUNT, [alert(happens=Happens.FEED_CASE)], Around()).happens is Happens.OPEN_CASE
    low = alert(happens=Happens.FEED_CASE, level=RiskLevel.LOW)
    assert answered(ACCOUNT, [low], Around()).happens is Happens.OUTREACH


def test_a_recovery_hears_it_as_a_relapse() -> None:  # POST-12
    found = answered(ACCOUNT, [alert()], Around(recovery=case(CaseKind.RECOVERY)))
    assert (found.start, found.case) == (None, recovery_id(ACCOUNT))
    assert [tell.workflow_id for tell in found.tells] == [recovery_id(ACCOUNT)]


def test_who_is_leaving_without_a_save_talk_gets_none_by_a_sweep() -> None:  # CANC-13, CANC-41
    leaving = case(CaseKind.CANCELLATION, leaving=LeavingStatus(attempt=False, attempt_why="a structural reason"))
    found = answered(ACCOUNT, [alert()], Around(cancellation=leaving))
    assert (found.start, found.tells, found.case) == (None, (), leaving.workflow_id)
    assert "leaving without a save attempt: a structural reason" in found.said


def test_a_save_that_is_refused_otherwise_is_left_to_a_person_and_a_later_sweep() -> None:  # RISK-85
    undecided = case(CaseKind.CANCELLATION, leaving=LeavingStatus())
    for around in (Around(cancellation=undecided), Around(left_on=date(2026, 5, 1))):
        found = answered(ACCOUNT, [alert()], around)
        assert (found.start, found.tells, found.case, found.unanswered) == (None, (), "", True)
        assert "no save is opened: account acc-1" in found.said
        (kept,) = settled_as([alert()], found, AT)
        assert (kept.open, kept.unanswered, kept.happens) == (True, True, Happens.WATCH)


def test_who_is_leaving_is_not_asked_how_it_is_going() -> None:  # CANC-36
    found = answered(ACCOUNT, [alert(happens=Happens.OUTREACH)], Around(cancellation=case(CaseKind.CANCELLATION)))
    assert (found.happens, found.start, found.case) == (Happens.WATCH, None, f"cancellation:{ACCOUNT}")
    over = case(CaseKind.CANCELLATION, closed_at=AT)
    assert answered(ACCOUNT, [alert(happens=Happens.OUTREACH)], Around(cancellation=over)).happens is Happens.OUTREACH


def test_an_open_case_that_is_escalated_says_so() -> None:  # RISK-73
    red = alert("red_two_weeks", Happens.ESCALATE_CASE)
    answer = answered(ACCOUNT, [red, alert()], Around(save=case(CaseKind.SAVE)))
    assert [one.happens for one in settled_as([red, alert()], answer, AT)] == [Happens.ESCALATE_CASE, Happens.FEED_CASE]


def test_a_former_customer_is_heard_by_the_win_back() -> None:  # RISK-60
    found = answered(ACCOUNT, [alert("reached_out_again", Happens.WIN_BACK)], Around(left_on=date(2026, 5, 1)))
    assert (found.happens, found.tells[0].workflow_id) == (Happens.WIN_BACK, win_back_id(ACCOUNT))


def test_a_red_flag_is_told_as_what_the_policy_of_urgency_knows() -> None:  # RISK-22..24
    found = answered(ACCOUNT, [alert("packing", kind=AlertKind.CHURN_LIKELY)], Around())
    assert found.start is not None and found.start.signal is not None
    assert found.start.signal.kind == AlertKind.CHURN_LIKELY.value


def test_the_alerts_keep_what_was_done_about_them() -> None:  # RISK-85
    answer = answered(ACCOUNT, [alert()], Around())
    (kept,) = settled_as([alert()], answer, AT)
    assert (kept.answered_at, kept.case, kept.answer, kept.open) == (AT, save_id(ACCOUNT), "a save is opened", True)


@pytest.mark.parametrize(
    ("accounts", "found"),
    [
        ((), ()),
        ((0, 0), ()),
        ((10, 0, 20, 70, 200, 1), ((0, 2, 3), (4,), (5,))),
    ],
)
def test_buckets_go_together_as_far_as_they_fit(accounts: tuple[int, ...], found: tuple[tuple[int, ...], ...]) -> None:
    assert sweeping.parts(accounts, most=100) == found


def test_a_stock_is_named_so_that_it_can_be_a_folder() -> None:
    assert sweeping.stock_key("sweep-2026-11-17T02:00:00Z", AT) == "sweep-2026-11-17T02-00-00Z-20261117T020000"
