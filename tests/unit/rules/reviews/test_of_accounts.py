"""The pages on accounts, with their figures (RISK-112, RISK-121)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from models.account import Money
from models.book import CaseEntry
from models.case import CaseKind
from models.crm import AccountRecord
from models.review_page import AccountState
from rules.reviews.of_accounts import health_audit, portfolio, segments, strategic_account

TODAY = date(2026, 11, 30)
AT = datetime(2026, 11, 30, tzinfo=UTC)


def account(id_: str, thousands: int, **more: Any) -> AccountRecord:
    given = {"id": id_, "name": id_.title(), "arr": Money(minor=thousands * 100_000)} | more
    return AccountRecord.model_validate(given)


def case(kind: CaseKind, outcome: str | None = None, **more: Any) -> CaseEntry:
    given = {"case_id": f"c-{kind}", "workflow_id": "w", "kind": kind, "account_id": "a", "stage": "executing"}
    closed = AT if outcome else None
    moments = {"opened_at": AT, "as_of": AT, "closed_at": closed, "outcome": outcome, "revision": 1}
    return CaseEntry.model_validate(given | moments | more)


def test_a_portfolio_shows_first_what_is_late_then_what_was_found_then_the_worst_score():  # RISK-121
    states = [
        AccountState(account=account("calm", 10), score=95, before=90, band="excellent"),
        AccountState(account=account("low", 20, renewal_date=date(2026, 12, 10)), score=40, before=60, band="at_risk"),
        AccountState(account=account("found", 30), score=80, band="good", alerts=("no_login", "no_login", "below_70")),
        AccountState(account=account("late", 40, renewal_date=date(2026, 11, 1)), open=(case(CaseKind.SAVE),), late=2),
    ]
    (table,) = portfolio(states, TODAY, 3)
    assert table.more == 1
    assert table.rows == (
        ("Late (late)", "USD 40,000", "1 Nov 2026, PASSED", "no score", "-", "save (executing)", "2", "-"),
        ("Found (found)", "USD 30,000", "not recorded", "80 (good)", "new", "-", "-", "no login, below 70"),
        ("Low (low)", "USD 20,000", "10 Dec 2026, in 10 days", "40 (at risk)", "-20", "-", "-", "-"),
    )


def test_a_csm_without_accounts_is_told_so():
    (table,) = portfolio([], TODAY, 5)
    assert (table.rows, table.says) == ((), "No account is led by them now.")


def test_a_strategic_account_shows_all_that_is_open_and_what_ended():  # RISK-112
    saves = (case(CaseKind.SAVE, overdue=2, next_due=AT),)
    ended = (case(CaseKind.CANCELLATION, "withdrawn"),)
    state = AccountState(
        account=account("alder", 250, tier="enterprise"),
        score=71.6,
        before=70,
        band="good",
        open=saves,
        ended=ended,
        alerts=("champion_left",),
    )
    head, health, cases, found = strategic_account([state], TODAY, 5)
    assert head.says == "Alder (alder): USD 250,000 a year; renewal not recorded; tier enterprise."
    assert health.says == "72 (good), +2 since the period began."
    assert cases.rows == (
        ("save", "executing", "open", "30 Nov 2026", "2"),
        ("cancellation", "executing", "withdrawn", "-", "-"),
    )
    assert found.rows == (("champion left",),)
    assert strategic_account([], TODAY, 5)[0].says == "It is no customer any more."


def test_segments_count_customers_money_health_and_what_became_of_cases():  # RISK-121
    gone = account("gone", 9, churned_on=date(2026, 11, 5))
    states = [
        AccountState(account=account("a", 10), score=80, open=(case(CaseKind.SAVE),)),
        AccountState(account=account("b", 20), score=61, ended=(case(CaseKind.SAVE, "saved_partial"),)),
        AccountState(account=account("c", 5), open=(case(CaseKind.CANCELLATION),)),
        AccountState(account=gone, score=5, ended=(case(CaseKind.CANCELLATION, "left"), case(CaseKind.SAVE, "lost"))),
        AccountState(account=account("d", 100, tier="enterprise"), score=50),
    ]
    (table,) = segments(states, 5)
    assert table.rows == (
        ("enterprise", "1", "USD 100,000", "50", "0", "0", "0", "0", "0"),
        ("standard", "3", "USD 35,000", "70", "1", "1", "1", "1", "1"),
    )


def test_a_health_audit_sets_scores_against_what_happened():  # RISK-121
    left = (case(CaseKind.CANCELLATION, "left"),)
    states = [
        AccountState(account=account("fine", 10), score=90, before=90, band="excellent"),
        AccountState(account=account("quiet", 20), score=40, before=45, band="at_risk"),
        AccountState(account=account("treated", 30), score=30, before=30, band="at_risk", open=(case(CaseKind.SAVE),)),
        AccountState(account=account("middle", 5), score=70, before=70, band="good"),
        AccountState(account=account("blind", 7)),
        AccountState(account=account("missed", 40, churned_on=date(2026, 11, 5)), before=88, ended=left),
    ]
    bands, missed, quiet, blind = health_audit(states, 9)
    assert bands.rows == (
        ("at_risk", "2", "USD 50,000"),
        ("excellent", "1", "USD 10,000"),
        ("good", "1", "USD 5,000"),
        ("no score", "1", "USD 7,000"),
    )
    assert [row[0] for row in missed.rows] == ["Missed (missed)"]
    assert missed.rows[0][-1] == "cancellation ended as left"
    assert [row[0] for row in quiet.rows] == ["Quiet (quiet)"]
    assert [row[0] for row in blind.rows] == ["Blind (blind)"]
