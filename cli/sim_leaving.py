"""The simulated customer who leaves: what they pay, who gets in, and the request that opens the case."""

from __future__ import annotations

import asyncio
from pathlib import Path

from temporalio.client import Client

from adapters.portfolio.records import subscription
from adapters.product_data.loading import load_product
from cli import requesting
from cli.leavers import Leavers
from cli.play import Handle
from cli.players import Story
from cli.sim_company import ACCOUNT
from models.access import Holder
from models.cancellation import RequestChannel
from models.cancellation_commands import RequestCancellation
from models.leaving import OffboardingName
from models.plan import Plan
from parts import Parts
from settings import Settings

_EU = "DE"
_CONTACT = "sim-contact"


async def settle_in(parts: Parts, plan: Plan, own: Settings) -> None:
    """The simulated customer pays for a year, works in the product, and is one whose cancellations follow this plan."""
    account = await parts.crm.account(ACCOUNT)
    if plan.name == OffboardingName.EU_SWITCHING:
        account = account.model_copy(update={"jurisdiction": _EU, "switching": True})
    await parts.crm.put_account(account)
    for contact in await parts.crm.contacts(ACCOUNT):
        await parts.crm.put_contact(contact.model_copy(update={"may_cancel": True}))
    if (opening := subscription(account, None)) is not None:
        await parts.billing.open_subscription(opening)
    for name, role in (("user-1", "admin"), ("user-2", "member"), ("user-3", "member")):
        await parts.access.put_holder(Holder(account_id=ACCOUNT, external_id=name, role=role))
    await asyncio.to_thread(_work_in_product, own)


def _work_in_product(own: Settings) -> None:
    folder = Path(own.home, "product")
    folder.mkdir()
    (folder / "account_users.csv").write_text(f"id,account_id,name\n1,{ACCOUNT},Iris Falk\n", encoding="utf-8")
    load_product(folder, own.product_data)


def people(plan: Plan, story: Story) -> Leavers:
    """The team and the customer, who take the short plan where it is the one to be played."""
    return Leavers(story, fast=plan.name == OffboardingName.FAST)


async def requested(client: Client) -> Handle:
    """The customer's request to cancel, by email, which opens the case."""
    asked = RequestCancellation(
        account_id=ACCOUNT, channel=RequestChannel.EMAIL, requested_by=_CONTACT, request_id="sim-mail"
    )
    return await requesting.opened(client, asked)
