"""What a sweep comes to, account by account (RISK-85)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from models.alerts import UNANSWERED, AlertEntry, AlertKind, Happens, RiskLevel
from models.sweep import Responses, SweepReport, Swept
from rules.sweeping import UNANSWERABLE, became, told, trouble

AT = datetime(2026, 11, 17, 2, tzinfo=UTC)


def alert(account: str, rule: str, happens: Happens, **more: str) -> AlertEntry:
    told = {"why": rule.replace("_", " "), "since": date(2026, 11, 1), "raised_at": AT, "answered_at": AT}
    kind = {"kind": AlertKind.BEHAVIOUR, "level": RiskLevel.LOW, "happens": happens}
    return AlertEntry.model_validate(
        {"id": f"{account}.{rule}", "account_id": account, "rule": rule} | told | kind | more
    )


def test_an_account_counts_once_by_the_weightiest_of_what_became_of_it():
    watched, opened = (
        alert("acc-2", "minor_usage_drop", Happens.WATCH),
        alert("acc-2", "champion_left", Happens.OPEN_CASE),
    )
    found = became([watched, opened.model_copy(update={"case": "save:acc-2"}), alert("acc-1", "x", Happens.HYGIENE)])
    assert [(one.account_id, one.what, one.why, one.case) for one in found] == [
        ("acc-1", "hygiene", "x", ""),
        ("acc-2", "open_case", "champion left", "save:acc-2"),
    ]


def test_what_could_not_be_answered_is_told_before_everything_else():
    failed = alert("acc-1", "champion_left", Happens.OPEN_CASE, answer=f"{UNANSWERED}nobody leads the account")
    (one,) = became([alert("acc-1", "no_login", Happens.FEED_CASE), failed])
    assert (one.what, one.why) == (UNANSWERABLE, f"{UNANSWERED}nobody leads the account")


def test_a_sweep_that_did_all_of_it_troubles_nobody():
    assert trouble(SweepReport(at=AT, finished_at=AT, parts=2, parts_done=2)) == ()


def test_what_a_sweep_left_undone_is_said_in_figures():  # RISK-85
    report = SweepReport(at=AT, finished_at=AT, parts=4, parts_failed=1)
    for left in (2, 3):
        report = told(report, Swept(), Responses(left=left))
    parts, left = trouble(report)
    assert "1 of 4 parts" in parts
    assert "5 account(s)" in left


def test_a_sweep_that_stopped_says_how_far_it_came():
    assert "after 1 of 4 parts" in trouble(SweepReport(at=AT, parts=4, parts_done=1))[0]
    assert "before its first part" in trouble(SweepReport(at=AT))[0]
