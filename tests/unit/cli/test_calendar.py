"""The calendar of a simulation reads the same however the machine ordered what ended within one minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cli.calendar_view import lines
from cli.diary import StepStory
from cli.players import Manner
from cli.simulation import Run
from models.case import TimelineEvent
from models.step import StepState

OPENED = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
HAPPENED = (
    ("opened", None, "asked to cancel"),
    ("step_opened", "letter", "The letter"),
    ("step_opened", "export", "The export"),
    ("step_done", "letter", "receipt m-1"),
    ("stage", None, "received -> exporting"),
    ("stage", None, "exporting -> closing"),
    ("step_done", "export", "receipt e-1"),
    ("win_back_started", None, "the account's win_back case is open (win-back:acc/7fcd)"),
    ("closed", None, "left"),
)


def run(*order: int, run_id: str = "7fcd") -> Run:
    told = [HAPPENED[place] for place in order or range(len(HAPPENED))]
    return Run(
        playbook="standard@1",
        manner=Manner.DILIGENT,
        seed=1,
        opened_at=OPENED,
        ended_at=OPENED,
        stage="closing",
        outcome="left",
        steps=tuple(StepStory(id=name, title=name, owner="csm", state=StepState.DONE) for name in ("export", "letter")),
        told=(),
        events=tuple(
            TimelineEvent(n=n, at=OPENED + timedelta(seconds=n), kind=k, text=t.replace("7fcd", run_id), step=step)
            for n, (k, step, t) in enumerate(told)
        ),
        messages_sent=1,
    )


def said(of: Run) -> list[tuple[str, tuple[str, ...]]]:
    return [(line.happened.split(":")[0], line.steps) for line in lines(of)]


def test_what_ended_within_a_minute_is_in_the_order_of_the_plan():
    assert lines(run()) == lines(run(0, 2, 6, 4, 1, 3, 7, 5, 8)) == lines(run(run_id="0815"))


def test_the_lines_of_a_step_and_the_stages_stay_in_their_order_and_the_end_is_last():
    told = said(run())
    assert told[0][0] == "opened"
    assert told.index(("opens", ("export", "letter"))) < told.index(("done by the system", ("export", "letter")))
    stages = [line.happened for line in lines(run()) if line.happened.startswith("stage")]
    assert stages == ["stage: received -> exporting", "stage: exporting -> closing"]
    assert told[-1][0] == "closed"


def test_minutes_stay_in_their_order():
    late = run().model_copy(
        update={"events": tuple(e.model_copy(update={"at": e.at + timedelta(minutes=9 - e.n)}) for e in run().events)}
    )
    assert said(late)[0][0] == "closed"


def test_different_things_of_one_moment_are_lines_of_their_own():
    at_once = run().model_copy(update={"events": tuple(e.model_copy(update={"at": OPENED}) for e in run().events)})
    assert len(lines(at_once)) == len(lines(run()))
