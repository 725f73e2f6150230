"""Giving a case a command, and showing its answer."""

from __future__ import annotations

from cli import cases, view_case
from cli.command import Reply
from cli.desk import Desk
from models.case import CaseKind
from models.commands import Command


async def give(desk: Desk, account: str, given: Command, command_id: str | None, kind: CaseKind = cases.SAVE) -> Reply:
    """Give the account's open case of that kind a command, and show its answer."""
    answered = await cases.update(desk, account, given, command_id, kind)
    return Reply(answered, view_case.of_answer(answered))
