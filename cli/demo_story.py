"""Plays the cast of the demo: opens each case from what came in, and moves its clock through its days."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from adapters.letters.catalogue import load_catalogue
from adapters.temporal.skipping import NOT_RUNNING, fast_forward, virtual_now
from cli.cases import open_save
from cli.demo_cast import LATE_ACCOUNT, SITTINGS, Role
from cli.demo_house import House
from cli.diary import Diary, Telling, tellings
from cli.play import Handle, Stage
from cli.players import People
from models.account import AccountFile
from models.commands import RiskSignal, TriggerPlaybook
from models.faults import PermanentFault, TransientFault
from models.plan import Plan
from models.starts import SaveStart
from models.status import Status
from workflows.contract import STATUS, save_id

AT_ONCE = 4
END_SECONDS = 30.0
_FIRST_LOOK = timedelta(hours=30)

Tell = Callable[[str], None]


@dataclass
class Played:
    """A case of the demo after its story, with all that the checks ask for."""

    role: Role
    name: str
    file: AccountFile
    status: Status
    plan: Plan
    told: tuple[Telling, ...] = ()
    refused: tuple[str, ...] = ()
    listed_overdue: bool | None = None
    diary: Diary = field(default_factory=Diary)

    @property
    def days(self) -> int:
        """How many days the case has lasted by its own clock."""
        return max((self.status.as_of - self.status.opened_at).days, 0) + 1


@dataclass(frozen=True)
class CaseClock:
    """The clock of one workflow on the development server."""

    house: House
    workflow_id: str

    async def now(self) -> datetime:
        """The case's own time (UTC)."""
        return await virtual_now(self.house.client, self.workflow_id)

    async def move_to(self, at: datetime) -> None:
        """A minute past ``at``; a clock that stands still on a busy machine is tried once more.

        A case that ends in that moment has no clock any more.
        """
        for attempt in (1, 2):
            gap = at + timedelta(minutes=1) - await self.now()
            if gap <= timedelta(0):
                return
            try:
                await fast_forward(self.house.client, self.workflow_id, gap)
            except TransientFault:
                if attempt == 2:
                    raise
            except PermanentFault as fault:
                if fault.kind != NOT_RUNNING:
                    raise
                return


async def play_all(house: House, cast: tuple[Role, ...], tell: Tell) -> list[Played]:
    """Play every case, a few at a time; gives them in the order of the cast."""
    names = await house.parts.playbooks.names()
    plans = {name: await house.parts.playbooks.load(name) for name in names}
    seats = asyncio.Semaphore(AT_ONCE)

    async def one(role: Role) -> Played:
        async with seats:
            return await _play(house, role, plans, tell)

    return list(await asyncio.gather(*(one(role) for role in cast)))


async def _play(house: House, role: Role, plans: dict[str, Plan], tell: Tell) -> Played:
    account = await house.parts.crm.account(role.account)
    file = await house.parts.crm.account_file(role.account)
    handle = await _open(house, role, file)
    tell(f"{role.account} {account.name}: opened, {link_to(house, role.account)}")
    diary = Diary()
    stage = _stage(house, role, file, handle, plans, _watching(role, account.name, diary, tell))
    status = await stage.status()
    played = Played(role, account.name, file, status, plans[_name(status)], diary=diary)
    if role.account == LATE_ACCOUNT:
        await stage.play(status.opened_at + _FIRST_LOOK)
        played.listed_overdue = await _is_listed(house, role.account)
    lasts = timedelta(hours=20) if role.story.open_end else timedelta(days=45)
    await stage.play(await stage.clock.now() + lasts)
    played.status = await _settled(handle, role)
    played.plan = plans[_name(played.status)]
    diary.note(played.status)
    played.told = await tellings(await handle.fetch_history(), house.client.data_converter)
    played.refused = tuple(f"{refusal.deed.name}: {refusal.sentence}" for refusal in stage.refusals)
    tell(f"{role.account} {account.name}: {_end(played)}")
    return played


def _name(status: Status) -> str:
    return status.plan.partition("@")[0]


def _end(played: Played) -> str:
    outcome = played.status.outcome
    return f"[bold]{outcome}[/bold] on day {played.days}" if outcome else f"left open on day {played.days}"


def link_to(house: House, account: str) -> str:
    """The page of an account's save in Temporal's UI."""
    return f"{house.server.ui}/namespaces/default/workflows/{quote(save_id(account), safe='')}"


async def _open(house: House, role: Role, file: AccountFile) -> Handle:
    """Open the case as its row of the sample says, and wait until it has its plan."""
    fact = next((fact for fact in house.inbound if fact.id == role.inbound), None)
    seat = file.team.seat("csm")
    by = (fact.by if fact else None) or (seat.person if seat else "")
    start = next((start for start in house.running if start.account_id == role.account), None)
    start = start or SaveStart(account_id=role.account, opened_by=by, reason=fact.kind if fact else "churn_likely")
    await open_save(house.client, start)
    handle: Handle = house.client.get_workflow_handle(save_id(role.account))
    for signal in (each for each in house.inbound if each.account_id == role.account and each.fact == "risk_signal"):
        await handle.signal("risk_signal", RiskSignal(kind=signal.kind, detail=signal.detail))
    await _until_planned(handle, "")
    if role.playbook:
        await handle.signal(
            "trigger_playbook", TriggerPlaybook(by=by, playbook=role.playbook, reason="asked for by the CSM")
        )
        await _until_planned(handle, role.playbook)
    return handle


async def _until_planned(handle: Handle, playbook: str) -> None:
    async with asyncio.timeout(END_SECONDS):
        while True:
            with_plan = await _plan_of(handle)
            if with_plan.startswith(playbook) and with_plan:
                return
            await asyncio.sleep(0.2)


async def _plan_of(handle: Handle) -> str:
    try:
        found: Status = await handle.query(STATUS, result_type=Status)
    except Exception:  # noqa: BLE001 the case is being opened
        return ""
    return found.plan


def _stage(
    house: House,
    role: Role,
    file: AccountFile,
    handle: Handle,
    plans: dict[str, Plan],
    watch: Callable[[Status, datetime], None],
) -> Stage:
    return Stage(
        handle=handle,
        clock=CaseClock(house, handle.id),
        people=People(role.story.model_copy(update={"locale": file.account.locale})),
        team=file.team,
        catalogue=load_catalogue(house.settings.playbooks / "messages"),
        plans=plans.__getitem__,
        sitting=timedelta(hours=2) if role.away else SITTINGS[role.story.manner],
        watch=watch,
    )


def _watching(role: Role, name: str, diary: Diary, tell: Tell) -> Callable[[Status, datetime], None]:
    """Say so when a case reaches a stage; keep its history."""
    seen: list[str] = []

    def watch(status: Status, now: datetime) -> None:
        diary.note(status)
        if status.stage not in seen and not status.outcome:
            seen.append(status.stage)
            late = f", [yellow]{len(status.overdue)} overdue[/yellow]" if status.overdue else ""
            day = (now - status.opened_at).days + 1
            tell(f"[dim]{role.account} {name}: day {day}, {status.stage}, {status.plan}{late}[/dim]")

    return watch


async def _settled(handle: Handle, role: Role) -> Status:
    """The case once it owes nothing more: a closed one has ended as a workflow too."""
    if not role.story.open_end:
        async with asyncio.timeout(END_SECONDS):
            await handle.result()
    found: Status = await handle.query(STATUS, result_type=Status)
    return found


async def _is_listed(house: House, account: str) -> bool:
    """Whether Temporal's list finds the case by ``Overdue = true``; the list is a little late, so it is asked again."""
    for _ in range(50):
        found = [case async for case in house.client.list_workflows(f"Overdue = true AND AccountId = '{account}'")]
        if found:
            return True
        await asyncio.sleep(0.2)
    return False
