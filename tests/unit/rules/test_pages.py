"""Pages that the system prepares for a step: when, of which days, with which promises, and what follows from them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models import commands as c
from models.case import Message, MessageState
from models.effects import Action, Outcome, OutcomeKind, Verb
from models.step import StepState
from models.work import PreparePage
from rules import follow_through, pages
from tests.unit.rules.plans import failing
from tests.unit.rules.recovering import PROMISE, Recovery
from tests.unit.rules.world import START, World, instantly

BROKEN = Outcome(kind=OutcomeKind.FAILED, reason="the template fails", error_type="BadPlaybook", permanent=True)


def prepared(r: Recovery) -> list[tuple[datetime, Action]]:
    """The pages for meetings and letters; the weekly review of the team has one of its own each week."""
    pages = ((at, action) for at, action in r.sent if action.verb is Verb.PREPARE_PAGE)
    return [(at, action) for at, action in pages if not action.steps[0].startswith("health_review")]


def reports_only(world: World) -> World:
    """A world for value reports, beside one in which all else works."""
    return lambda case, action: (world if action.steps[:1] == ("value_report/1",) else instantly)(case, action)


def test_a_value_report_is_prepared_once_three_days_before_each_is_due():  # POST-6, DIS-17
    r = Recovery()
    r.after(days=365)
    reports = [(at, a) for at, a in prepared(r) if a.steps[0].startswith("value_report")]
    assert [round((at - START) / timedelta(days=1)) for at, _ in reports] == [27, 57, 87, 177, 267, 357]
    assert [a.key for _, a in reports][:2] == ["rec-1/value_report/prepare_page/1", "rec-1/value_report/prepare_page/2"]
    assert len({a.key for _, a in prepared(r)}) == len(prepared(r)) == 9


def test_each_week_of_the_health_review_begins_with_a_page_of_that_weeks_figures():  # POST-10
    asked: list[PreparePage] = []
    r = Recovery()
    r.world = lambda case, action: (seen(r, action, asked), instantly(case, action))[1]
    r.after(days=22)
    days = [(page.since, page.until) for page in asked if page.title.startswith("Weekly review")]
    assert days == [
        (date(2026, 11, 16), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2026, 12, 7)),
    ]


def test_the_reports_follow_one_another_without_a_gap_from_the_day_of_the_save():
    r, asked = Recovery(), []
    for day in (27, 57, 87, 177):
        r.world = lambda case, action: (seen(r, action, asked), instantly(case, action))[1]
        r.after(days=day, hours=12)
    days = [(page.since, page.until) for page in asked if page.kind == "value_report"]
    assert days[0] == (date(2026, 11, 16), date(2026, 12, 13))
    assert [since for since, _ in days[1:]] == [until for _, until in days[:-1]]


def seen(r: Recovery, action: Action, asked: list[PreparePage]) -> None:
    if action.verb is Verb.PREPARE_PAGE:
        asked.append(pages.request(r.case, action, None))


def test_a_check_in_is_prepared_with_every_commitment_as_it_stands_and_looks_back_to_the_save():  # POST-1
    asked: list[PreparePage] = []
    r = Recovery(commitments=(PROMISE,))
    r.world = lambda case, action: (seen(r, action, asked), instantly(case, action))[1]
    r.after(days=29)
    (page,) = [page for page in asked if page.title.startswith("Day 30 check-in")]
    assert [(one.id, one.state.value) for one in page.commitments] == [("com_1", "breached")]
    assert (page.anchor, page.since, page.until) == (START, date(2026, 11, 16), date(2026, 12, 14))
    assert page.title.startswith("Day 30 check-in")


def reports(r: Recovery) -> list[Message]:
    """The letters of value reports; touchpoints have theirs besides."""
    return [m for m in r.case.messages if m.template == "value_report"]


def drafted(r: Recovery) -> list[str]:
    """The keys of the drafts of value reports that were made without a page."""
    return [a.key for _, a in r.sent if a.verb is Verb.DRAFT_MESSAGE and "value_report" in a.key]


def test_the_letter_of_a_report_is_drafted_with_its_page_and_proves_the_step_when_it_is_released():  # POST-6
    r = Recovery()
    r.after(days=20)
    assert not reports(r)
    r.after(days=27, hours=1)
    assert [(m.id, m.state) for m in reports(r)] == [("value_report-1", MessageState.DRAFTED)]
    assert r.case.step("value_report/1").page == "r:rec-1/value_report/prepare_page/1"
    r.do(c.ReleaseMessage(by="p-csm", message_id="value_report-1"))
    assert r.case.step("value_report/1").state is StepState.DONE
    assert not drafted(r)


def test_a_page_that_cannot_be_made_is_its_owners_to_put_together_and_the_letter_is_drafted_without_figures():
    r = Recovery(reports_only(failing(Verb.PREPARE_PAGE, 1, BROKEN)(instantly)))
    r.after(days=27, hours=12)
    assert ("p-csm", "failed", "value_report/1") in [line[1:] for line in r.told()]
    assert drafted(r) == ["rec-1/value_report-1/draft_message"]
    assert len(prepared(r)) == 1
    r.after(days=57, hours=12)
    assert [a.steps[0] for _, a in prepared(r)][-1] == "value_report/2"


def test_a_page_that_comes_to_nothing_for_now_is_tried_again_under_its_key():
    r = Recovery(reports_only(failing(Verb.PREPARE_PAGE, 2)(instantly)))
    r.after(days=28)
    assert {a.key for _, a in prepared(r)} == {"rec-1/value_report/prepare_page/1"}
    assert len(prepared(r)) == 3
    assert r.case.step("value_report/1").page


def test_no_page_is_made_during_a_hold_nor_for_a_step_that_is_done():
    r, done = Recovery(), Recovery()
    for one in (r, done):
        one.after(days=26)
    done.done("value_report")
    for one in (r, done):
        one.do(c.HoldCase(by="p-mgr", until=START + timedelta(days=40), reason="their office is closed"))
        one.after(days=39)
        assert not prepared(one)
        one.after(days=45)
    assert [a.steps[0] for _, a in prepared(r)] == ["value_report/1", "check_in_30"]
    assert [a.steps[0] for _, a in prepared(done)] == ["check_in_30"]


def test_a_page_that_arrives_after_its_step_ended_leaves_no_draft_to_send():
    r = Recovery()
    r.after(days=26)
    r.world = lambda case, action: instantly(case, action)
    r.now = START + timedelta(days=27)
    r.case = follow_through.advance(r.case, r.now)
    (action,) = r.fly(Verb.PREPARE_PAGE)
    r.done("value_report")
    r.lands(action)
    assert [m.state for m in reports(r)] == [MessageState.DROPPED]
