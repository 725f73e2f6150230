"""What must be true of the offer that the demo's customer accepts: applied once, and over by itself (SAVE-49)."""

from __future__ import annotations

from cli.demo_cast import BRIDGE
from cli.demo_house import House
from cli.demo_story import Played
from models.base import Record
from models.billing import BillingState
from models.concession import Offer, OfferState
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
    return Seen(applied_once=_applied(offer, billing), returns=_returns(played, offer, billing))


def _applied(offer: Offer, billing: BillingState) -> tuple[str, ...]:
    """Whoever bills shows the discount once."""
    given = [each.pct for each in billing.discounts]
    right = offer.state is OfferState.APPLIED and offer.receipt and given == [BRIDGE.pct]
    return () if right else (f"{offer.state}, receipt '{offer.receipt}', discounts {given}",)


def _returns(played: Played, offer: Offer, billing: BillingState) -> tuple[str, ...]:
    """The discount ends where it was agreed to, the price itself was never touched, and a person decides before it."""
    assert offer.starts is not None
    account, over = played.file.account, add_months(offer.starts, BRIDGE.lasts.months)
    wrong = [f"a discount ends on {each.ends}, not {over}" for each in billing.discounts if each.ends != over]
    wrong += [f"the price is {billing.price}, not {account.arr}"] if billing.price != account.arr else []
    held = offer.ends_at and local_day(offer.ends_at, account.calendar) == over
    return (*wrong, *(() if held else (f"the case has its end on {offer.ends_at}",)))
