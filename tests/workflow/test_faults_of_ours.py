"""A fault of the software inside a rule harms nobody but the command that met with it."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.commands import Command, LogContact
from models.save import SaveCase
from rules.save import commands
from tests.company import SPOKE
from tests.world import World

_right = commands.apply


def _with_a_fault(case: SaveCase, command: Command, now: datetime) -> SaveCase:
    if isinstance(command, LogContact):
        raise ZeroDivisionError("a fault that nobody foresaw, about Ms Example")
    return _right(case, command, now)


async def test_a_fault_in_a_rule_is_a_typed_refusal_and_the_case_goes_on(world: World, monkeypatch: pytest.MonkeyPatch):
    await world.opened()
    before = await world.status()
    monkeypatch.setattr(commands, "apply", _with_a_fault)
    refusal = await world.refused("log_contact", channel="phone", answered=True, summary="they spoke of the export")
    assert refusal.type == "InternalFault"
    assert refusal.sentence == ("'log_contact' ran into a fault of the software (ZeroDivisionError); nothing changed")
    assert (await world.status())["timeline"] == before["timeline"]
    assert (await world.tell("complete_step", step_id="ack_call", evidence=SPOKE))["stage"] == "contacted"
