"""The systematic side: how long steps take, why customers left and who hears of it, and who can be told of a fix (F.15)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.incident import Incident, IncidentKind, IncidentLink, Progress
from models.metrics import (
    OPTED_IN,
    OPTED_OUT,
    OUTREACH,
    OUTREACH_LEFT,
    OUTREACH_SENT,
    TRIGGER,
    CaseRecord,
    LoopEntry,
    Period,
    Theme,
    Themes,
)
from models.wordless import GONE
from rules.metrics.digest import digest
from rules.metrics.durations import durations
from rules.metrics.loop import loop
from rules.metrics.themes import themes
from tests.unit.rules.metrics.measured import ALL, NOW, ago, case, event, left, policy, save, step, survey, win_back


def gap(*accounts: str, closed: float | None = 2, kind: str = "product_gap") -> Incident:
    """A product gap that cases of these accounts share, closed so many days ago."""
    links = tuple(
        IncidentLink(case_id=f"case-{each}", account_id=each, workflow_id="w", by="usr-01", at=ago(25))
        for each in accounts
    )
    done = None if closed is None else ago(closed)
    note = (Progress(number=1, at=done, by="usr-12", text="bulk import is out", closes=True),) if done else ()
    return Incident(
        id="inc-1",
        kind=IncidentKind(kind),
        title="No bulk import",
        opened_by="usr-12",
        opened_at=ago(50),
        closed_at=done,
        progress=note,
        links=links,
    )


WILLING = left(may_tell=True)


def told(*records: Any, incidents: tuple[Incident, ...] = (), period: Period = ALL) -> Themes:
    return themes(records, incidents, policy(), survey(), period, NOW)


def reason(name: str, found: Themes) -> Theme:
    return next(theme for theme in found.reasons if theme.name == name)


def listed(*records: Any, incidents: tuple[Incident, ...] = ()) -> list[LoopEntry]:
    return list(loop(records, incidents, policy(), NOW))


def test_a_step_has_its_median_its_percentile_and_its_late_share_against_its_due():  # OFFB-61
    turns = [step(f"weekly_update/{n}", ago(30), ago(23), ago(30 - n)) for n in (2, 4, 9)]
    (row,) = durations([save(outcome=None, steps=turns)], ALL, NOW)
    assert (row.plan, row.step, row.ended) == ("product_technical", "weekly_update", 3)
    assert (row.median, row.p90, row.allowed) == (timedelta(days=4), timedelta(days=9), timedelta(days=7))
    assert (row.late, row.with_due) == (1, 3)


def test_an_open_step_is_late_only_past_its_due_and_a_skipped_one_never():  # OFFB-61
    steps = [
        step("one", ago(30), ago(23), None),
        step("two", ago(1), NOW + timedelta(days=1), None),
        step("three", ago(30), ago(23), ago(5), state="skipped"),
    ]
    found = {row.step: row for row in durations([save(outcome=None, steps=steps)], ALL, NOW)}
    assert set(found) == {"one", "two"}
    assert (found["one"].late, found["one"].ended, found["one"].median) == (1, 0, None)
    assert (found["two"].with_due, found["two"].late_share) == (0, None)


def test_durations_of_one_plan_leave_the_others_out():  # OFFB-61
    records = [save("acc-1", contact=5), save("acc-2", plan="value_roi@1", contact=9)]
    assert {row.plan for row in durations(records, ALL, NOW, "value_roi")} == {"value_roi"}


def test_a_theme_counts_customers_and_their_yearly_revenue():  # OFFB-36
    words = [{"question": "differently", "text": "an import"}, {"question": "experience", "text": "4"}]
    found = told(
        left("acc-1", churn_reason="missing_feature", answers=words),
        left("acc-2", churn_reason="missing_feature"),
        left("acc-3", churn_reason="budget_cut"),
        left("acc-4", closed=None, churn_reason="budget_cut"),
    )
    assert [(theme.name, theme.customers) for theme in found.reasons] == [("missing_feature", 2), ("budget_cut", 1)]
    theme = reason("missing_feature", found)
    assert [(one.currency, one.minor) for one in theme.arr] == [("USD", 2_000_00)]
    assert [quote.text for quote in theme.quotes] == ["an import"]


def test_an_answer_whose_words_were_erased_is_no_quote():  # OFFB-25, OFFB-36
    erased = [{"question": "differently", "text": GONE}]
    theme = reason("missing_feature", told(left("acc-1", churn_reason="missing_feature", answers=erased)))
    assert (theme.customers, theme.quotes) == (1, ())


def test_from_three_customers_on_a_theme_is_a_pattern_and_those_whom_it_concerns_hear_of_it():  # OFFB-36
    two = told(*(left(f"acc-{n}", churn_reason="service") for n in range(2)))
    assert (reason("service", two).pattern, reason("service", two).told) == (False, ())
    three = told(*(left(f"acc-{n}", churn_reason="service") for n in range(3)))
    assert reason("service", three).told == ("support", "leadership")


def test_who_left_twice_is_one_customer():  # OFFB-36
    twice = [left("acc-1", asked, asked - 10, churn_reason="service") for asked in (900, 500, 20)]
    assert reason("service", told(*twice)).customers == 1


def test_what_several_leavers_named_in_the_register_is_a_theme_of_its_own():  # OFFB-36
    gone = [left(f"acc-{n}", churn_reason=why) for n, why in enumerate(("other", "value", "missing_feature", "value"))]
    (theme,) = told(*gone, incidents=(gap("acc-0", "acc-1", "acc-2"),)).named
    assert (theme.title, theme.customers, theme.told) == ("No bulk import", 3, ("product", "leadership"))


def test_the_digest_says_to_each_audience_what_is_theirs_in_the_customers_words():  # METR-9, OFFB-36
    words = [{"question": "differently", "text": "We needed\na bulk import"}]
    gone = [left(f"acc-{n}", churn_reason="missing_feature", answers=words) for n in range(4)]
    text = digest(told(*gone, left("acc-9", churn_reason="service"), period=Period(since=ago(30))), policy())
    parts = text.split("\n\n")
    product = next(part for part in parts if part.startswith("For product"))
    assert "missing_feature: 4 customers, USD 4,000 a year" in product
    assert product.count('"We needed a bulk import"') == policy().patterns.quotes
    assert "no pattern" in next(part for part in parts if part.startswith("For support"))
    assert parts[-1] == "Below the threshold: service 1"


def test_a_leaver_whose_gap_was_closed_may_be_told_with_the_letter_for_it():  # OFFB-37
    (entry,) = listed(WILLING, win_back(opened_at=ago(8)), incidents=(gap("acc-1"),))
    assert (entry.named, entry.fixed, entry.letter, entry.blocked) == (
        "No bulk import",
        "bulk import is out",
        "fixed_what_you_named",
        "",
    )


def test_who_did_not_say_that_they_want_to_hear_of_it_is_not_told():  # OFFB-37, OFFB-52
    for said in (None, False):
        (entry,) = listed(left(may_tell=said), win_back(opened_at=ago(8)), incidents=(gap("acc-1"),))
        assert entry.blocked.startswith("they did not say that they want to hear of it")


def test_what_they_said_last_counts_whatever_they_answered_in_the_survey():  # OFFB-37
    yes, no = event(OPTED_IN, "they want to hear", ago(6)), event(OPTED_OUT, "they do not want to hear", ago(5))
    later_yes = win_back("acc-1", yes, opened_at=ago(8))
    assert listed(left(), later_yes, incidents=(gap("acc-1"),))[0].blocked == ""
    later_no = win_back("acc-1", yes, no, opened_at=ago(8))
    assert listed(WILLING, later_no, incidents=(gap("acc-1"),))[0].blocked.startswith("they did not say")


def test_a_letter_that_was_drafted_is_not_told_yet_and_one_left_out_was_never_told():  # OFFB-37
    asked, left_out = event(OUTREACH, "contact 1", ago(1)), event(OUTREACH_LEFT, "contact 1", ago(0.5))
    drafted = win_back("acc-1", asked, opened_at=ago(8))
    (entry,) = listed(WILLING, drafted, incidents=(gap("acc-1"),))
    assert entry.blocked == "a letter was drafted on 2030-06-02 and waits for its release"
    skipped = win_back("acc-1", asked, left_out, opened_at=ago(8))
    assert listed(WILLING, skipped, incidents=(gap("acc-1"),))[0].blocked == ""


def test_what_is_not_fixed_or_was_fixed_before_they_asked_closes_no_loop():  # OFFB-37
    both = (left(), win_back(opened_at=ago(8)))
    assert listed(*both, incidents=(gap("acc-1", closed=None),)) == []
    assert listed(*both, incidents=(gap("acc-1", closed=30),)) == []
    assert listed(*both, incidents=(gap("acc-7"),)) == []


def test_who_stays_is_told_by_their_own_case():  # OFFB-37
    assert listed(left(outcome="saved"), incidents=(gap("acc-1"),)) == []


def test_a_clean_break_is_respected_whoever_set_it():  # OFFB-51
    in_case = listed(left(clean_break=True), win_back(opened_at=ago(8)), incidents=(gap("acc-1"),))
    later = win_back(opened_at=ago(8), closed_at=ago(3), outcome="clean_break")
    assert [entry.blocked for entry in (*in_case, *listed(left(), later, incidents=(gap("acc-1"),)))] == [
        "clean break: they want no contact"
    ] * 2


def test_nobody_is_written_to_twice_in_a_year_nor_told_the_same_twice():  # OFFB-54
    lately = win_back("acc-1", event(OUTREACH_SENT, "contact 1", ago(5)), opened_at=ago(8))
    assert listed(WILLING, lately, incidents=(gap("acc-1"),))[0].blocked.startswith(
        "written to on 2030-05-29; the next"
    )
    after = win_back("acc-1", event(OUTREACH_SENT, "contact 1", ago(1)), opened_at=ago(8))
    assert listed(WILLING, after, incidents=(gap("acc-1"),))[0].blocked.startswith("told already")
    long_ago = win_back("acc-1", event(OUTREACH_SENT, "contact 1", ago(400)), opened_at=ago(600))
    assert listed(left(asked=620, closed=600, may_tell=True), long_ago, incidents=(gap("acc-1"),))[0].blocked == ""


def test_who_came_back_is_not_written_to_as_one_who_left():  # OFFB-37
    back = win_back(opened_at=ago(8), closed_at=ago(3), outcome="returned")
    assert listed(left(), back, incidents=(gap("acc-1"),))[0].blocked == "their win-back is closed (returned)"


def test_a_fix_that_somebody_noted_in_the_win_back_counts_as_well():  # OFFB-53
    noted = win_back("acc-1", event(TRIGGER, "we_fixed_it: bulk import is out", ago(2)), opened_at=ago(8))
    (entry,) = listed(left(reason_detail="no bulk import"), noted)
    assert (entry.named, entry.fixed, entry.incident_id) == ("no bulk import", "bulk import is out", "")


def test_those_who_may_be_told_come_first():  # OFFB-37
    found = listed(
        left("acc-1", clean_break=True),
        left("acc-2", may_tell=True),
        win_back("acc-2", opened_at=ago(8)),
        incidents=(gap("acc-1", "acc-2"),),
    )
    assert [entry.account_id for entry in found] == ["acc-2", "acc-1"]


def test_who_has_no_address_left_is_not_named_as_somebody_to_write_to():  # OFFB-24, OFFB-37
    erased = CaseRecord(case=case("retention", opened_at=ago(100), stage="deleted"))
    found = listed(
        left(asked=120, closed=100, may_tell=True), win_back(opened_at=ago(100)), erased, incidents=(gap("acc-1"),)
    )
    assert [entry.blocked for entry in found] == ["their data was deleted; no address is left"]
