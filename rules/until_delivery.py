"""What an offer gives until a promise is delivered follows the promise's date when that is moved (SAVE-38, SAVE-45)."""

from __future__ import annotations

from datetime import datetime

from models.calendar import Clock
from models.concession import Offer
from models.effects import Word
from models.offer import OfferKind
from models.people import PersonId
from models.step import Move, Step
from rules import offers
from rules.concessions import UNTIL_DELIVERY, rules_of
from rules.dating import ahead
from rules.edit import C, put_steps, say, tell
from rules.offer_steps import calendar_of
from rules.planning import dated


def follow(case: C, promise: Step, by: PersonId, now: datetime) -> C:
    """The case after the promise was moved: the ends that were agreed 'until delivery' are where it is.

    Billing holds the end of a price and keeps it: whoever owes its return decides at once what bridges the gap.
    """
    for offer in case.offers:
        if (offer.tied_to, offer.tie_ref) == (UNTIL_DELIVERY, promise.commitment) and offer.state in offers.IN_FORCE:
            billed = offer.terms or offer.kind is OfferKind.PAUSE
            case = _bridged(case, offer, promise, now) if billed else _moved(case, offer, promise, by, now)
    return case


def _moved(case: C, offer: Offer, promise: Step, by: PersonId, now: datetime) -> C:
    step = case.step(f"{offer.id}_end")
    spec = case.spec(f"{offer.id}_end")
    if step is None or spec is None or step.ended or promise.due is None:
        return case
    opens = max(ahead(promise.due, rules_of(case).decide_ahead, Clock.ELAPSED, calendar_of(case)), now)
    text = f"{offer.id} runs until {promise.id} is delivered, which is due {promise.due:%Y-%m-%d %H:%M} UTC now"
    move = Move(was=step.due or now, now=promise.due, by=by, reason=text, at=now)
    counted = {
        "opens": min(step.opened_at or opens, opens),
        "warn_from": max(opens, now),
        "pinned_due": True,
        "told": (),
    }
    moved = step.model_copy(update=counted | {"due": promise.due, "moves": (*step.moves, move)})
    case = offers.put(put_steps(case, dated(case, moved, spec)), offer.model_copy(update={"ends_at": promise.due}))
    return say(case, now, "rescheduled", text, by=by, step=step.id)


def _bridged(case: C, offer: Offer, promise: Step, now: datetime) -> C:
    step = case.step(f"{offer.id}_return") or case.step(f"{offer.id}_end")
    if step is None or step.ended or not (offer.ends_at and promise.due and promise.due > offer.ends_at):
        return case
    text = (
        f"{promise.id} is due {promise.due:%Y-%m-%d} now, and what billing has of {offer.id}, agreed until then, ends on "
        f"{offer.ends_at:%Y-%m-%d}: decide with the customer what bridges it"
    )
    case = put_steps(case, step.model_copy(update={"opens": min(step.opens or now, now)}))
    return tell(
        say(case, now, "price_ends_before_delivery", text, step=step.id), now, step.person, Word.PROPOSED, text, step.id
    )
