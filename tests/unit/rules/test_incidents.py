"""An incident that many cases share: each case hears its progress once, and the weekly update can tell it."""

from __future__ import annotations

from datetime import timedelta

from models import commands as c
from models.effects import Verb, Word
from models.incident import SharedIncident
from rules import incidents, status
from tests.unit.rules.plans import drive, spec
from tests.unit.rules.world import START, Drive

ESTIMATE = START + timedelta(days=10)


def weekly() -> Drive:
    return drive(spec("weekly", recur="P7D", until={"times": 9}, template="weekly_update"))


def progress(number: int, text: str = "the fix is in test", **more: object) -> c.IncidentProgressed:
    said = {"incident_id": "inc-1", "title": "Export fails", "by": "p-eng", "number": number, "text": text}
    return c.IncidentProgressed.model_validate(said | more)


def lines(d: Drive, kind: str) -> list[str]:
    return [event.text for event in d.case.timeline if event.kind == kind]


def given(d: Drive, turn: str = "weekly/1") -> str:
    return "".join(edit.text for edit in incidents.to_tell(d.case, d.case.step(turn)))


def test_a_linked_case_has_the_last_progress_at_once_and_its_lead_is_told():
    d = weekly()
    d.signal(progress(3, estimate=ESTIMATE))
    assert lines(d, "incident_linked") == ["shares incident inc-1: Export fails"]
    assert lines(d, "incident") == ["inc-1, progress 3: Export fails: the fix is in test (2026-11-26)"]
    assert [person for _, person, word, _ in d.told() if word is Word.INFORMED] == ["p-csm"]
    assert status.of(d.case, d.now).incidents[0].number == 3


def test_the_same_progress_twice_or_an_older_one_changes_nothing():
    d = weekly()
    d.signal(progress(2))
    before = d.case
    d.signal(progress(2))
    d.signal(progress(1, "we look into it"))
    assert d.case == before


def test_a_link_without_progress_is_known_and_tells_nobody():
    d = weekly()
    d.signal(progress(0, ""))
    assert (lines(d, "incident"), given(d)) == ([], "")
    assert isinstance(d.case.incidents[0], SharedIncident)
    d.signal(progress(1))
    assert len(lines(d, "incident_linked")) == len(lines(d, "incident")) == 1


def test_the_weekly_update_tells_what_was_last_reported():
    d = weekly()
    d.signal(progress(1, "cause found"))
    d.signal(progress(2, estimate=ESTIMATE))
    assert given(d) == "Export fails: the fix is in test (2026-11-26)"


def drafts(d: Drive) -> list[str]:
    return [action.key.partition("/")[2] for _, action in d.sent if action.verb is Verb.DRAFT_MESSAGE]


def test_a_draft_that_waits_for_its_release_is_made_anew_with_the_news():
    d = weekly()
    d.after(days=2)
    d.signal(progress(1))
    d.after(days=3)
    d.signal(progress(2, "the fix is out"))
    d.signal(progress(2, "the fix is out"))
    assert drafts(d) == ["weekly-1/draft_message", "weekly-1/draft_message/2", "weekly-1/draft_message/3"]
    assert (d.case.messages[0].state, d.case.messages[0].drafts) == ("drafted", 3)


def test_a_message_that_is_gone_is_not_drafted_again():
    d = weekly()
    d.after(days=2)
    d.done("weekly/1")
    before = drafts(d)
    d.signal(progress(1))
    assert drafts(d) == before


def test_what_is_solved_is_told_once_more_and_then_no_longer():
    d = weekly()
    d.signal(progress(1, "files of any size are exported", closes=True))
    assert given(d) == "Export fails: files of any size are exported"
    d.after(days=1)
    d.done("weekly/1")
    d.after(days=8)
    assert d.case.step("weekly/2") is not None
    assert given(d, "weekly/2") == ""


def test_two_incidents_stand_side_by_side():
    d = weekly()
    d.signal(progress(1))
    d.signal(progress(1, "planned for spring", incident_id="gap-7", title="Bulk import", kind="product_gap"))
    assert given(d).splitlines() == ["Export fails: the fix is in test", "Bulk import: planned for spring"]


def test_a_closed_case_hears_nothing_more():
    d = weekly()
    d.do(
        c.CloseSave(
            outcome="lost",
            notes="they left for a competitor",
            by="p-csm",
            customer_quotes=("the export came a year too late",),
        )
    )
    before = d.case
    d.signal(progress(1))
    assert d.case == before


def test_a_case_that_was_linked_by_mistake_leaves_and_says_so():
    d = weekly()
    d.signal(progress(1))
    d.signal(progress(0, "they do not use the export", unlinks=True))
    assert (d.case.incidents, given(d)) == ((), "")
    left = ["shares inc-1 no more, it was linked by mistake: they do not use the export"]
    assert lines(d, "incident_unlinked") == left
    d.signal(progress(0, "again", unlinks=True))
    assert lines(d, "incident_unlinked") == left
