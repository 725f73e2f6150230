"""What the acceptance of an offer brings: its first day, its steps, and a promise where something is built (SAVE-27)."""

from __future__ import annotations

from datetime import datetime

from models.commands import MakeCommitment
from models.concession import Offer, OfferState
from models.offer import ON_THE_ROADMAP
from models.people import PersonId
from models.promise import PromiseKind, PromiseSource
from models.save import SaveCase
from rules import concessions, offer_details, offer_steps, offers, promising, twins
from rules.dating import local_day
from rules.edit import say
from rules.refusal import one_of
from rules.routing import roles_of


def accept(case: SaveCase, offer: Offer, by: str, now: datetime) -> SaveCase:
    """Accepted means applied at once: from today on, with every step that follows from it (SAVE-27).

    Raises ``Refused(AbsurdFigure)`` where a day of the offer lies ahead no more.
    """
    today = local_day(now, offer_steps.calendar_of(case))
    offer_details.check_days(((one.name, one.text) for one in offer.details), today)
    offer = offer.model_copy(update={"state": OfferState.ACCEPTED, "accepted_at": now, "starts": today})
    offer = offer.model_copy(update={"ends_at": offer_steps.ends_at(case, offer)})
    case = offer_steps.brings(case, offer, offer_steps.owed_for(case, offer, now))
    case = say(case, now, "offer_accepted", f"{offer.id} ({offer.title}): {offer.answer}", by=by)
    return _promised(case, offer, by, now) if offer.kind in ON_THE_ROADMAP else case


def _promised(case: SaveCase, offer: Offer, by: str, now: datetime) -> SaveCase:
    """What is put first or built for them becomes a promise with its date, owed by whoever approved it (PLAY-155)."""
    approval = next(one for one in case.approvals if one.subject == offer.id)
    due = offer_steps.day_ends(case, offer.detail("delivery_date"))
    builder = approval.decided_by or by
    given = MakeCommitment(
        text=offer.title,
        owner=builder,
        due=due,
        kind=PromiseKind.ROADMAP,
        source=PromiseSource.OFFER,
        evidence=f"approved by {builder} ({_builds_as(case, builder)}) as {approval.id}",
        by=by,
    )
    case = promising.make(case, given, now)
    promise = twins.promise(case, given)  # the new one, or the one that said the very same already
    assert promise is not None
    done = {"state": OfferState.APPLIED, "receipt": promise.id}
    return offers.put(case, next(one for one in case.offers if one.id == offer.id).model_copy(update=done))


def _builds_as(case: SaveCase, person: PersonId) -> str:
    """In which role somebody confirms the roadmap, in plain words, as its evidence asks for (DIS-31)."""
    builders = concessions.rules_of(case).roadmap_by
    return one_of(role.replace("_", " ") for role in roles_of(case, person) if role in builders)
