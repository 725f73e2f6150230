"""A plan's own calendar: where its steps lie, what the chart shows, and that the committed charts are those of the files."""

import asyncio
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from adapters.playbooks.folder import FolderPlaybooks
from cli.codes import ExitCode
from cli.drawing import DAY, Frame
from cli.plan_chart import draw
from cli.plan_charts import charts
from cli.plan_days import OPENS, days_of, in_words
from models.plan import Plan
from starter import app
from tests.unit.rules.plans import hand_plan, spec

SVG = "{http://www.w3.org/2000/svg}"
DOCS = Path("docs/playbooks")


@pytest.fixture(scope="module")
def shipped() -> list[Plan]:
    books = FolderPlaybooks(Path("playbooks"))
    return [asyncio.run(books.load(name)) for name in asyncio.run(books.names())]


def spans(*steps):
    """Opening and due of the last step, in days after the opening of the case."""
    lane = days_of(hand_plan(*steps)).lanes[-1]
    return [tuple((at - OPENS) / timedelta(days=1) for at in span) for span in lane.spans]


def words(plan):
    return [element.text for element in ElementTree.fromstring(draw(plan)).iter(f"{SVG}text")]


def test_a_step_lies_from_its_opening_to_its_due_moment():
    assert spans(spec("a", opens="P1D", due="P3D")) == [(1, 3)]


def test_the_end_of_a_day_is_shown_as_the_end_of_the_day():
    (((opens, due)),) = spans(spec("a", due={"offset": "P1D", "clock": "day_end"}))
    assert (opens, round(due, 2)) == (0, 1.62)  # from nine in the morning to midnight of the next day


def test_a_step_that_counts_from_another_is_shown_from_its_last_moment():
    follow = spec("b", opens={"after": "step:a"}, due={"after": "step:a", "offset": "P2D"})
    assert spans(spec("a", due="P3D"), follow) == [(3, 5)]


def test_a_step_that_waits_for_an_unknown_day_has_no_bar():
    plan = hand_plan(spec("a", opens={"after": "end_date"}, due={"after": "end_date", "offset": "P2D"}))
    assert days_of(plan).lanes[0].spans == ()
    assert "Do a" in words(plan)


def test_a_recurring_step_ends_with_the_step_that_ends_it():
    weekly = spec("w", recur="P7D", until={"step": "a"})
    assert spans(spec("a", due="P15D"), weekly) == [(0, 7), (7, 14)]


def test_a_recurring_step_that_ends_with_the_case_goes_on_to_the_edge():
    turns = spans(spec("a", due="P20D"), spec("w", recur="P7D", until={"stage": "closed"}))
    assert turns == [(0, 7), (7, 14), (14, 21)]


def test_working_days_leave_the_weekend_out():
    turns = spans(spec("w", recur="P1D", clock="business", until={"stage": "closed"}))
    assert [due for _, due in turns][:6] == [1, 2, 3, 4, 7, 8]


@pytest.mark.parametrize(("due", "weeks"), [("P3D", 2), ("P20D", 3), ("P28D", 5), ("P60D", 9), ("P3M", 2)])
def test_the_picture_is_as_long_as_its_steps_but_no_longer_than_nine_weeks(due, weeks):
    assert days_of(hand_plan(spec("a", due=due))).length == weeks * 7


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"due": "PT48H"}, "48 h"),
        ({"due": "P7D"}, "7 days"),
        ({"due": {"offset": "P1D", "clock": "day_end"}}, "1 day, day's end"),
        ({"due": {"after": "step:fix_it", "offset": "P2D"}}, "fix it + 2 days"),
        ({"due": {"after": "step:fix_it", "clock": "day_end"}}, "fix it, same day"),
        ({"recur": "P3M", "until": {"stage": "closed"}}, "every 3 months"),
        ({"recur": "P1D", "clock": "business", "until": {"stage": "closed"}}, "every working day"),
    ],
)
def test_the_due_moment_in_words(fields, said):
    assert in_words(spec("a", **fields)) == said


def test_the_chart_groups_by_owner_and_says_what_holds_for_a_step():
    asked = spec("a", evidence={"kind": "note", "decisions": ["go_on", "stop"]}, reaches="contacted")
    plan = hand_plan(asked, spec("b", owner="cs_manager", condition={"step": "a", "decision": "go_on"}, promise=True))
    said = words(plan)
    assert said.index("CSM") < said.index("Do a") < said.index("CS manager") < said.index("Do b")
    assert {"→ contacted", "if a says go on, a promise"} <= set(said)


@pytest.mark.parametrize("due", ["P10D", "P3M"])
def test_what_is_due_beyond_the_picture_has_an_arrow_in_place_of_its_dot(due):
    plan = hand_plan(spec("a", due=due))
    picture = ElementTree.fromstring(draw(plan))
    lane = next(each for each in picture.iter(f"{SVG}g") if each.find(f"{SVG}title") is not None)
    assert (lane.find(f"{SVG}circle") is None) == (due == "P3M")
    assert (lane.find(f"{SVG}path") is None) == (due == "P10D")


def test_a_bar_is_as_long_as_the_time_that_is_given():
    plan = hand_plan(spec("a", opens="P1D", due="P3D"))
    frame = Frame(OPENS.replace(hour=0), 14, 100, 548)
    picture = ElementTree.fromstring(draw(plan))
    lane = next(each for each in picture.iter(f"{SVG}g") if each.find(f"{SVG}title") is not None)
    bar = lane.find(f"{SVG}rect")
    assert (float(bar.get("x")), float(bar.get("width"))) == (frame.x(OPENS + timedelta(days=1)), 2 * DAY)


def test_a_module_without_steps_shows_its_offers(shipped):
    plan = next(plan for plan in shipped if plan.name == "contract_flexibility")
    said = words(plan)
    assert "module, added to a running case  ·  no step of its own  ·  6 offers" in said
    assert {"pilot", "90 days", "needs metric, target, measure date"} <= set(said)


def test_every_step_and_offer_of_every_playbook_is_on_its_chart(shipped):
    for plan in shipped:
        tips = {title.text for title in ElementTree.fromstring(draw(plan)).iter(f"{SVG}title")}
        assert {f"{step.id}: {step.title}" for step in plan.steps} <= tips
        assert ("May be offered" in words(plan)) == bool(plan.offers)


def test_no_text_runs_out_of_the_picture(shipped):
    for plan in shipped:
        picture = ElementTree.fromstring(draw(plan))
        for each in picture.iter(f"{SVG}text"):
            wide = len(each.text or "") * float(each.get("font-size")) * 0.52
            left = float(each.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[each.get("text-anchor")]
            assert left >= 0 and left + wide <= float(picture.get("width")), (plan.name, each.text)


def test_the_committed_charts_are_those_of_the_playbooks(shipped):
    committed = {file.name: file.read_text(encoding="utf-8") for file in DOCS.iterdir()}
    drawn = charts(shipped)
    stale = sorted(name for name in {*committed, *drawn} if committed.get(name) != drawn.get(name))
    assert stale == [], "draw them anew: python starter.py playbook charts docs/playbooks"


def test_the_page_shows_every_chart(shipped):
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [plan.name for plan in shipped if f"![{plan.title}]({plan.name}.svg)" not in page] == []


def test_a_chart_is_drawn_from_a_name_or_a_file(tmp_path, monkeypatch):
    monkeypatch.setenv("FOLLOWTHROUGH_HOME", str(tmp_path / "home"))
    for named in ("value_roi", "playbooks/save/value_roi.yaml"):
        out = tmp_path / "new" / "chart.svg"
        result = CliRunner().invoke(app, ["playbook", "chart", named, "--out", str(out)])
        assert result.exit_code == 0, result.output
        assert out.read_text(encoding="utf-8") == (DOCS / "value_roi.svg").read_text(encoding="utf-8")
        out.unlink()


def test_a_chart_that_cannot_be_written_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setenv("FOLLOWTHROUGH_HOME", str(tmp_path / "home"))
    (tmp_path / "file").write_text("in the way")
    out = str(tmp_path / "file" / "chart.svg")
    result = CliRunner().invoke(app, ["playbook", "chart", "value_roi", "--out", out])
    assert result.exit_code == ExitCode.SETUP
    assert "cannot be written" in result.output
