"""A CSM reads a refusal in the words that they type, not in those of the contract."""

from __future__ import annotations

import pytest
from typer.main import get_command

from cli.spoken import COMMANDS, as_typed
from models.contract_names import UPDATES
from starter import app


def typed_names() -> set[str]:
    """Every command below ``save``, as it is typed."""
    save = get_command(app).commands["save"]  # type: ignore[attr-defined]
    names: set[str] = set()
    for name, command in save.commands.items():
        below = getattr(command, "commands", {})
        names |= {f"{name} {each}" for each in below} if below else {name}
    return names


@pytest.mark.parametrize("command", sorted(UPDATES))
def test_every_command_of_the_contract_has_a_name_that_can_be_typed(command: str):
    typed = COMMANDS.get(command, command)
    assert typed in typed_names() | {"close", "retry_now"}


def test_a_refusal_names_the_command_and_the_option_as_they_are_typed():
    assert as_typed("it is done; 'reopen_step' opens it again") == "it is done; 'reopen' opens it again"
    assert as_typed("ack_call still lacks, under 'items': issue") == "ack_call still lacks, under --item: issue"


def test_what_is_no_word_of_the_contract_stays_as_it_was_said():
    assert as_typed("there is no step 'ack_cal'; known: ack_call") == "there is no step 'ack_cal'; known: ack_call"
