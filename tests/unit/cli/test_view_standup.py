"""A stand-up is read by owner: who owes what, the most pressing first, and no list without an end (SAVE-23)."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from rich.console import Console

from cli.desk import Names
from cli.view_standup import of_standup
from models.directory import DirectoryPerson
from models.standup import InboxWaiting, Section, Standup, StandupLine

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
NAMES = Names((DirectoryPerson(id="p-1", name="Aisyah", email="a@f.example"),))


def line(number: int, person: str) -> StandupLine:
    return StandupLine(
        section=Section.LATE,
        account_id=f"acc-{number}",
        case_id=f"c-{number}",
        subject=f"step {number} of {person}",
        person=person,
        due=NOW - timedelta(hours=100 - number),
        at=NOW,
    )


def shown(most: int) -> list[str]:
    lines = (*(line(n, "p-1") for n in range(8)), line(8, "p-2"))
    found = Standup(at=NOW, until=NOW + timedelta(hours=15), cases=("c-1",), lines=lines)
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(of_standup(found, NAMES, {}, most))
    return [text.strip() for text in console.export_text().splitlines() if text.strip()]


def test_the_lines_of_an_owner_stand_together_and_the_rest_is_counted():
    said = shown(3)
    first = next(n for n, text in enumerate(said) if text.startswith("Aisyah (p-1)"))
    assert [text.split(" (acc")[0].split("  ")[0] for text in said[first + 1 : first + 4]] == [
        "step 0 of p-1",
        "step 1 of p-1",
        "step 2 of p-1",
    ]
    assert said[first + 4] == "and 5 more"
    assert said[said.index("p-2") + 1].startswith("step 8")
    assert "9 late" in said[0]


def test_nothing_is_left_out_where_all_of_it_fits():
    assert not any("more" in text for text in shown(8))


def test_the_gap_of_a_line_is_counted_on_the_clock_of_its_case_and_the_inbox_has_a_line():  # SAVE-23, CANC-20
    ahead = line(1, "p-1").model_copy(update={"due": NOW + timedelta(hours=23), "at": NOW + timedelta(hours=25)})
    inbox = InboxWaiting(waiting=1, oldest=NOW - timedelta(hours=30), late=True)
    found = Standup(at=NOW, until=NOW + timedelta(hours=15), inbox=inbox, lines=(ahead,))
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(of_standup(found, NAMES, {}, 5))
    said = console.export_text()
    assert "2 h ago" in said
    assert "in 23 h" not in said
    assert "inbox: 1 arrival to be sorted, the oldest came 1 d 6 h ago, late" in said
