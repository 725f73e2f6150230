"""The chart shows of each step when it was owed and what became of it, and who was told."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from cli.calendar_chart import draw
from cli.calendar_view import lines, summary
from cli.diary import Fate, StepStory, Telling
from cli.players import Manner
from cli.simulation import Run
from models.case import TimelineEvent
from models.effects import Word
from models.step import StepState

MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 09:00 in Singapore
SVG = "{http://www.w3.org/2000/svg}"


def at(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def told(step: str, days: float, word: str, person: str = "sim-csm") -> Telling:
    return Telling(at=at(days), person=person, word=word, step=step)


def step(step_id: str, due: float, done: float | None = None, **more: object) -> StepStory:
    state = StepState.DONE if done is not None else StepState.OPEN
    story = StepStory(id=step_id, title=f"Do {step_id}", owner="csm", opens=MONDAY, due=at(due), state=state)
    return story.model_copy(update={"done_at": None if done is None else at(done)} | more)


LATE = step("call", 1, 2.5, told=(told("call", 1, Word.OVERDUE), told("call", 1, Word.ESCALATE, "sim-cs-manager")))
STEPS = (
    LATE,
    step("plan", 3, 2),
    step("letter", 4),
    step("follow_up", 30),
    step("update/1", 7, 6),
    step("update/2", 14, 8),
)


def run(*steps: StepStory, days: float = 9, outcome: str | None = "lost") -> Run:
    steps = steps or STEPS
    return Run(
        playbook="small@1",
        manner=Manner.LATE,
        seed=1,
        opened_at=MONDAY,
        ended_at=at(days),
        stage="closed" if outcome else "planned",
        outcome=outcome,
        steps=steps,
        told=tuple(telling for each in steps for telling in each.told),
        events=(TimelineEvent(n=1, at=MONDAY, kind="opened", text="opened"),),
        messages_sent=2,
    )


def drawn(picture: Run) -> ElementTree.Element:
    return ElementTree.fromstring(draw(picture))


def texts(picture: Run) -> list[str]:
    return [element.text or "" for element in drawn(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("story", "fate"),
    [
        (step("a", 1, 0.5), Fate.ON_TIME),
        (step("a", 1, 1.5), Fate.LATE),
        (step("a", 1), Fate.NEVER),
        (step("a", 20), Fate.MOOT),
        (step("a", 3, state=StepState.SKIPPED, left_at=at(2)), Fate.MOOT),
        (step("a", 3, state=StepState.FAILED, left_at=at(4)), Fate.NEVER),
    ],
)
def test_the_fate_of_a_step_is_judged_at_the_end_of_the_case(story, fate):
    assert story.fate(at(9)) is fate


def test_each_step_has_one_lane_and_a_recurring_one_shares_its_lane():
    assert [text for text in texts(run()) if text.startswith("Do ")] == [
        "Do call",
        "Do plan",
        "Do letter",
        "Do follow_up",
        "Do update/1",
    ]


def test_the_picture_says_how_the_case_ended_and_counts_what_the_summary_counts():
    shown = " ".join(texts(run()))
    assert "Ended as lost on day 10" in shown
    assert "3 steps on time, 1 late, 1 never" in shown
    assert summary(run()).escalations == 1


def test_a_case_that_is_still_open_is_not_given_an_end():
    shown = texts(run(outcome=None))
    assert "lost" not in shown
    assert any("still open" in text for text in shown)


def test_an_escalation_is_a_triangle_of_its_own():
    quiet = LATE.model_copy(update={"told": ()})
    triangles = [len([p for p in drawn(run(s)).iter(f"{SVG}path") if "fill" in p.attrib]) for s in (quiet, LATE)]
    assert triangles[1] - triangles[0] == 1


def test_weekends_are_shaded():
    two_weeks = [box for box in drawn(run()).iter(f"{SVG}rect") if box.get("fill") == "#f3f5f8"]
    assert len(two_weeks) == 4


def test_the_picture_brings_its_own_background():
    first = next(drawn(run()).iter(f"{SVG}rect"))
    assert first.get("fill") == "#ffffff"


def test_a_title_with_signs_of_markup_is_text():
    odd = step("odd", 1, 0.5).model_copy(update={"title": "Ask <why> & 'how'"})
    assert "Ask <why> & 'how'" in texts(run(odd))


def test_a_calendar_counts_days_from_the_opening_and_names_no_date():
    first = lines(run())[0]
    assert (first.day, first.weekday, first.time) == (1, "Mon", "09:00")
    assert all("2026" not in line.model_dump_json() for line in lines(run()))


def test_what_was_told_at_the_same_minute_about_a_step_is_one_line_with_everybody_who_heard_it():
    (breach,) = [line for line in lines(run()) if line.told]
    assert (breach.day, breach.steps, breach.happened) == (2, ("call",), "overdue, escalated")
    assert breach.told == ("Hana (cs-manager)", "Dewi (csm)")
