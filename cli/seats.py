"""Who holds the roles of an account, for steps that nobody has yet."""

from __future__ import annotations

from cli.desk import Desk
from models.people import PersonId, RoleId
from models.status import Status
from models.step import StepState


async def seats_of(desk: Desk, status: Status) -> dict[RoleId, PersonId]:
    """The people by role: who has an open step of the role in the case, else who holds its seat on the account."""
    crm = (await desk.parts()).crm
    of_account = (await crm.account_file(status.account_id)).team.seats if status.account_id else ()
    seated = {seat.role: seat.person for seat in of_account if seat.person}
    working = {step.owner: step.person for step in status.steps if step.state is StepState.OPEN and step.person}
    return seated | working
