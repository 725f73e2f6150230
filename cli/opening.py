"""Who may open a save of an account, and what runs beside it already."""

from __future__ import annotations

from datetime import date

from rich.text import Text

from cli import cases
from cli.desk import Desk
from cli.exits import refused
from cli.words import when
from models.book import CaseEntry
from models.case import CaseKind, RefusalType
from models.crm import AccountRecord
from models.people import PersonId
from models.starts import SaveStart
from parts import Parts
from rules.refusal import Refused, one_of
from rules.save.lifecycle import SPINE
from rules.save.opening import Opening, weighed
from workflows.contract import save_id


async def check_opener(parts: Parts, account: str, by: PersonId) -> None:
    """Whoever has left leads nothing any more. Raises ``Failure(NotAllowed)`` naming who could open it instead."""
    person = await parts.directory.person(by)
    if person.active:
        return
    could = one_of(await _could(parts, account))
    said = f"{person.name} ({by}) has left and opens no save; of the team of {account} could: {could}"
    raise refused(RefusalType.NOT_ALLOWED, said)


async def weigh(desk: Desk, start: SaveStart) -> Opening:
    """The save as the rules let it be opened; one that is open already is reached as it is. Raises ``Failure``."""
    if await cases.is_running(await desk.client(), save_id(start.account_id)):
        return Opening(start=start)
    parts = await desk.parts()
    left_on = await left_since(parts, await parts.crm.account(start.account_id))
    last = await parts.book.latest_case(start.account_id, CaseKind.CANCELLATION)
    try:
        return weighed(start, left_on, last)
    except Refused as no:
        raise refused(no.kind, no.sentence) from no


async def left_since(parts: Parts, account: AccountRecord) -> date | None:
    """Since when the account is no customer, as its cases see it: who is back counts before the CRM says so."""
    left_on = account.churned_on
    return None if left_on and await parts.book.came_back(account.id, left_on) else left_on


async def recovery_beside(parts: Parts, account: str) -> CaseEntry | None:
    """The recovery of the account that is open, which a save beside it does not end."""
    return await parts.book.open_case(account, cases.RECOVERY)


def of_beside(recovery: CaseEntry) -> Text:
    """A word on the recovery that a new save runs beside."""
    account = recovery.account_id
    said = (
        f"beside it runs the recovery of {account} since {when(recovery.opened_at)} UTC: 'recovery status {account}'."
    )
    more = f"If the customer has relapsed, 'recovery signal {account} KIND' ends it, and this save hears of it."
    return Text(f"{said} {more}", style="yellow")


async def _could(parts: Parts, account: str) -> list[str]:
    """Who leads the account or answers for it and is there, or the deputy: ``Name (id, role)``."""
    policy = (await parts.playbooks.load(SPINE)).policy
    team = (await parts.crm.account_file(account)).team
    names = {person.id: person.name for person in await parts.directory.people()}
    found: dict[PersonId, str] = {}
    for role in (policy.lead_role, policy.manager_role, policy.executive_role):
        seat = team.seat(role)
        for id_ in (seat.person, seat.deputy) if seat else ():
            if id_ and (known := team.person(id_)) and known.active:
                found.setdefault(id_, role)
    return [f"{names[id_]} ({id_}, {role})" for id_, role in found.items()]
