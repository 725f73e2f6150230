"""The help of the whole is written apart from the commands: it says what they say, and loads none of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.contents import CONTENTS
from cli.lazy import loaded


@pytest.mark.parametrize("name", CONTENTS)
def test_each_command_is_found_and_its_line_is_the_first_that_it_says_of_itself(name: str):
    found = loaded(name)
    assert found.name == name
    assert " ".join(found.help.split("\n\n")[0].split()) == CONTENTS[name].line


HEAVY = ("alembic", "parts", "polars", "sqlalchemy", "temporalio")


@pytest.mark.parametrize(("typed", "said"), [(["--help"], "save"), (["playbook", "check"], "no fault")])
def test_what_needs_no_database_and_no_temporal_loads_none(typed: list[str], said: str):
    look = (
        "import contextlib, sys; from starter import app\n"
        f"with contextlib.suppress(SystemExit): app({typed!r})\n"
        f"print([each for each in {HEAVY!r} if each in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert said in shown
    assert shown.splitlines()[-1] == "[]"
