"""A customer of the demo who leaves: played from the request to the closure, and read back from where it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from adapters.letters.catalogue import load_catalogue
from cli import requesting
from cli.demo_house import House
from cli.demo_looking import Check, looked
from cli.demo_story import CaseClock, Tell
from cli.leavers import Leavers
from cli.play import Handle, Stage
from cli.players import Manner, Story
from models.base import Record
from models.billing import InvoiceKind
from models.cancellation import CancellationOutcome, RequestChannel
from models.cancellation_commands import RequestCancellation
from models.leaving import OffboardingName
from models.letter import OutboxState
from models.status import Status
from rules.cancellation.lifecycle import SPINE
from workflows.contract import STATUS, retention_id

ACCOUNT, CONTACT = "acc-0020", "con-0037"
_LONGEST = timedelta(days=120)
_SITTING = timedelta(hours=18)
_PLANS = (SPINE, *OffboardingName)


class Farewell(Record):
    """How the cancellation of the demo ended."""

    account: str
    name: str
    plan: str
    outcome: str | None
    days: int


@dataclass(frozen=True)
class Gone:
    """A cancellation of the demo after its story."""

    name: str
    status: Status
    refused: tuple[str, ...]

    @property
    def days(self) -> int:
        """How many days it has lasted by its own clock."""
        return (self.status.as_of - self.status.opened_at).days + 1

    @property
    def farewell(self) -> Farewell:
        """What ``--json`` prints of it."""
        status = self.status
        return Farewell(account=ACCOUNT, name=self.name, plan=status.plan, outcome=status.outcome, days=self.days)


async def play_leaving(house: House, tell: Tell) -> Gone:
    """One customer asks by email to cancel; the team works it until nothing is owed any more."""
    name = (await house.parts.crm.account(ACCOUNT)).name
    stage = await _stage(house, await _requested(house))
    tell(f"{ACCOUNT} {name}: asked to cancel")
    status = await stage.play(await stage.clock.now() + _LONGEST)
    gone = Gone(name, status, tuple(f"{refusal.deed.name}: {refusal.sentence}" for refusal in stage.refusals))
    tell(f"{ACCOUNT} {name}: [bold]{status.outcome}[/bold] on day {gone.days}")
    return gone


async def _requested(house: House) -> Handle:
    asked = RequestCancellation(
        account_id=ACCOUNT, channel=RequestChannel.EMAIL, requested_by=CONTACT, request_id="mail-demo"
    )
    return await requesting.opened(house.client, asked)


async def _stage(house: House, handle: Handle) -> Stage:
    file = await house.parts.crm.account_file(ACCOUNT)
    plans = {name: await house.parts.playbooks.load(name) for name in _PLANS}
    return Stage(
        handle=handle,
        clock=CaseClock(house, handle.id),
        people=Leavers(Story(manner=Manner.DILIGENT, seed=7, locale=file.account.locale)),
        team=file.team,
        catalogue=load_catalogue(house.settings.playbooks / "messages"),
        plans=plans.__getitem__,
        sitting=_SITTING,
    )


async def check_leaving(house: House, gone: Gone) -> list[Check]:
    """What must be true of a customer who left: billed once for the last time, nobody gets in, told so, data kept."""
    left = gone.status.outcome == CancellationOutcome.LEFT and not gone.refused
    return [
        Check(name=f"{ACCOUNT} ends as left", holds=left, found=f"{gone.status.outcome} {gone.refused}"),
        await looked(f"{ACCOUNT} got one final invoice, and none is to come", _invoiced(house, gone)),
        await looked(f"nobody of {ACCOUNT} gets in any more, and neither do we", _nobody_gets_in(house)),
        await looked(f"{ACCOUNT} was told once that it is closed", _told(house, gone)),
        await looked(f"the data of {ACCOUNT} is kept until its day of deletion", _kept(house)),
    ]


async def _invoiced(house: House, gone: Gone) -> Check:
    billing = await house.parts.billing.read_back(ACCOUNT, gone.status.as_of.date())
    final = [invoice for invoice in billing.invoices if invoice.kind is InvoiceKind.FINAL]
    holds = len(final) == 1 and not billing.future
    name = f"{ACCOUNT} got one final invoice, and none is to come"
    return Check(name=name, holds=holds, found=f"{len(final)} final, {len(billing.future)} to come")


async def _nobody_gets_in(house: House) -> Check:
    access = await house.parts.access.read_back(ACCOUNT)
    holds = access.revoked > 0 and access.live == 0 and not access.internal
    found = f"{access.live} get in, {access.revoked} do not, we reach it in {len(access.internal)} systems"
    return Check(name=f"nobody of {ACCOUNT} gets in any more, and neither do we", holds=holds, found=found)


async def _told(house: House, gone: Gone) -> Check:
    letters = await house.parts.outbox.entries(limit=10_000)
    mine = [entry for entry in letters if entry.key.startswith(f"{gone.status.case_id}/closure_confirmation/")]
    holds = [entry.state for entry in mine] == [OutboxState.SENT]
    return Check(name=f"{ACCOUNT} was told once that it is closed", holds=holds, found=f"{len(mine)} letters")


async def _kept(house: House) -> Check:
    kept = await house.client.get_workflow_handle(retention_id(ACCOUNT)).query(STATUS, result_type=Status)
    name = f"the data of {ACCOUNT} is kept until its day of deletion"
    return Check(name=name, holds=kept.outcome is None and bool(kept.plan), found=kept.stage)
