"""Who does, answers for, is asked about and hears of each activity of a save (SAVE-26)."""

from __future__ import annotations

from pydantic import Field

from models.base import Id, Request
from models.people import RoleId

DAILY_STANDUP = "daily_standup"
"""The activity whose steps one confirmation completes in every case of a team (SAVE-23)."""


class RaciException(Request):
    """Roles that are asked or told besides, on accounts of these severities."""

    severities: tuple[str, ...] = Field(min_length=1)
    consulted: tuple[RoleId, ...] = ()
    informed: tuple[RoleId, ...] = ()


class RaciRule(Request):
    """One activity: R (one or several), A (exactly one, perhaps the same), C and I; ``steps`` are the steps that are it."""

    activity: Id
    title: str
    responsible: tuple[RoleId, ...] = Field(min_length=1)
    accountable: RoleId
    consulted: tuple[RoleId, ...] = ()
    informed: tuple[RoleId, ...] = ()
    besides: tuple[RaciException, ...] = ()
    steps: tuple[Id, ...] = ()
