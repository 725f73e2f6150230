"""What must be true of the offer that the demo's customer accepts: applied once, and over by itself (SAVE-49)."""

from __future__ import annotations

from sqlalchemy import text

from cli.demo_cast import BRIDGE
from cli.demo_house import House
from cli.demo_story import Played
from models.base import Record
from models.billing import BillingState
from models.concession import Offer, OfferState
from models.effects import Verb
from rules.dating import add_months, local_day


class Seen(Record):
    """What billing and the receipts say of an accepted offer: the faults of each expectation, none where it holds."""

    applied_once: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()


async def look(house: House, played: Played) -> Seen:
    """Read the offer of a played case back from where it counts."""
    offer = next(iter(played.status.offers), None)
    if offer is None or offer.starts is None:
        return Seen(applied_once=("no offer was accepted",), returns=("no offer was accepted",))
    billing = await house.parts.billing.read_back(played.role.account, offer.starts)
    return Seen(applied_once=await _applied(house, played, offer, billing), returns=_returns(played, offer, billing))


async def _applied(house: House, played: Played, offer: Offer, billing: BillingState) -> tuple[str, ...]:
    key = f"{played.status.case_id}/{offer.id}/{Verb.APPLY_CONCESSION}"
    async with house.parts.database.reading() as session:
        found = await session.execute(text("select count(*) from receipts where key = :key"), {"key": key})
    receipts, given = found.scalar_one(), [each.pct for each in billing.discounts]
    right = offer.state is OfferState.APPLIED and offer.receipt and receipts == 1 and given == [BRIDGE.pct]
    return () if right else (f"{offer.state}, receipt '{offer.receipt}', {receipts} receipts, discounts {given}",)


def _returns(played: Played, offer: Offer, billing: BillingState) -> tuple[str, ...]:
    """The discount ends where it was agreed to, the price itself was never touched, and a person decides before it."""
    assert offer.starts is not None
    account, over = played.file.account, add_months(offer.starts, BRIDGE.lasts.months)
    wrong = [f"a discount ends on {each.ends}, not {over}" for each in billing.discounts if each.ends != over]
    wrong += [f"the price is {billing.price}, not {account.arr}"] if billing.price != account.arr else []
    held = offer.ends_at and local_day(offer.ends_at, account.calendar) == over
    return (*wrong, *(() if held else (f"the case has its end on {offer.ends_at}",)))
