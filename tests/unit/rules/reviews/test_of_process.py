"""The pages on how we work, with their figures (METR-8, METR-9, METR-10, SAVE-23)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.metrics import Amount, Board, Metric, Period, Reading, StepDuration, Theme, Themes
from models.review_page import SentLetter
from models.standup import InboxWaiting, Section, Standup, StandupLine
from rules.reviews.of_process import audit, spot_check, stand_up, themes

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
PERIOD = Period(since=datetime(2026, 11, 1, tzinfo=UTC), until=AT)


def letters(count: int) -> list[SentLetter]:
    sent = [AT + timedelta(minutes=n) for n in range(count)]
    return [
        SentLetter(key=f"c-{n}/farewell", account_id=f"a-{n}", step="final_word", sent_at=sent[n]) for n in range(count)
    ]


def test_a_spot_check_draws_the_same_letters_for_the_same_period_whoever_looks():  # METR-8
    (page,) = spot_check(letters(9), "2026-W48", 4)
    assert page.heading == "Letters to read: 4 of 9 that went out"
    assert len(page.rows) == 4
    assert page.rows == spot_check(letters(9)[::-1], "2026-W48", 4)[0].rows
    assert {spot_check(letters(9), f"2026-W{week}", 4)[0].rows for week in range(40, 48)} != {page.rows}
    keys = [row[3] for row in page.rows]
    assert keys == sorted(keys)
    assert page.rows[0][:2] == ("30 Nov 2026", "final word")


def test_a_week_without_letters_says_so():
    (page,) = spot_check([], "2026-W48", 4)
    assert page.says == "No letter to a customer who leaves went out in these days."


def test_themes_say_how_many_left_why_and_what_is_a_pattern():  # METR-9
    budget = Theme(name="budget_cut", customers=3, arr=(Amount(currency="USD", minor=1_250_000),), pattern=True)
    named = Theme(name="inc-7", title="Exports fail", customers=1, told=("product", "cs"))
    found = Themes(at=AT, period=PERIOD, leavers=4, threshold=3, sent=True, reasons=(budget,), named=(named,))
    period, reasons, register = themes(found, 5)
    assert period.says == "4 customers left; 3 with one theme are a pattern. They were written to for this period."
    assert reasons.rows == (("budget cut", "3", "USD 12,500", "yes", "-"),)
    assert register.rows == (("inc-7: Exports fail", "1", "-", "-", "product, cs"),)


def test_an_audit_sets_figures_against_targets_and_names_the_steps_that_are_late_most_often():  # METR-10
    readings = (
        Reading(name="all", part=9, whole=12, share=0.75, meets=False),
        Reading(name="", whole=5, median=timedelta(hours=30), meets=True),
        Reading(name="score", whole=4, mean=8.25),
        Reading(name="empty", part=0, whole=0),
    )
    board = Board(at=AT, period=PERIOD, metrics=(Metric(id="METR-1", title="On time", src="s", readings=readings),))
    steps = [
        StepDuration(plan="day16", step="send_export", ended=4, late=1, with_due=4, late_share=0.25),
        StepDuration(plan="day16", step="close_account", ended=4, late=3, with_due=4, late_share=0.75),
        StepDuration(plan="day16", step="thank", ended=4, with_due=4),
    ]
    figures, late = audit(board, steps, 9)
    assert figures.rows == (
        ("METR-1", "On time: all", "9 of 12", "MISSED"),
        ("METR-1", "On time", "30.0 h (median of 5)", "reached"),
        ("METR-1", "On time: score", "8.2 (mean of 4)", "-"),
    )
    assert late.rows == (("day16", "close account", "3 of 4", "75%"), ("day16", "send export", "1 of 4", "25%"))


def test_a_stand_up_speaks_of_each_heading_with_who_owes_it():  # SAVE-23
    told = {"account_id": "a-1", "case_id": "c-1", "at": AT}
    lines = (
        StandupLine(section=Section.LATE, subject="Call back", person="p-1", due=AT, **told),
        StandupLine(section=Section.BLOCKED, subject="Offer", role="finance", why="approval", **told),
    )
    day = Standup(at=AT, until=AT, cases=("c-1", "c-2"), inbox=InboxWaiting(waiting=2), lines=lines)
    head, late, today, blocked, promised = stand_up(day, {"p-1": "Ana"}, {"a-1": "Alder"}, 5)
    assert head.says == "2 cases are open. 2 arrivals wait to be sorted."
    assert late.rows == (("Call back", "Alder (a-1)", "Ana", "30 Nov 09:00", "-"),)
    assert blocked.rows == (("Offer", "Alder (a-1)", "finance", "-", "approval"),)
    assert (today.says, promised.says) == ("Nothing.", "Nothing.")
