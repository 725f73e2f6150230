"""What a case has to tell in a letter to the customer: promises, their own words, the offer that was agreed."""

from __future__ import annotations

from models.case import Case
from models.concession import Offer, OfferState
from models.contact import CustomerCase
from models.promise import PromiseState
from models.telling import Promised, Told
from rules import promises
from rules.routing import policy_of

_TELLABLE = (OfferState.APPROVED, OfferState.ACCEPTED, OfferState.APPLIED)
_QUOTES = 3


def told(case: Case) -> Told:
    """What the case knows, for a draft to begin with; what it does not know is left to the writer."""
    offer = _offer(case)
    return Told(
        promises=_promises(case),
        heard=_heard(case),
        terms=offer.terms if offer else (),
        tied_to=offer.tied_to if offer else "",
        standard_from=offer.ends_at if offer else None,
    )


def _promises(case: Case) -> tuple[Promised, ...]:
    """Every promise that still counts, with its honest state (POST-8); one that is owed no more is not told of."""
    return tuple(
        Promised(title=one.title, owner=one.owner, due=one.due, state=one.state, kind=one.kind)
        for one in promises.counting(case)
        if one.state is not PromiseState.DROPPED
    )


def _heard(case: Case) -> tuple[str, ...]:
    """What the customer was quoted with; the mere phrase of the dictionary is not their own word."""
    if not isinstance(case, CustomerCase):
        return ()
    phrases = {known.code: known.phrase for known in policy_of(case).statements}
    said = (fact.detail for fact in case.facts if fact.kind in phrases and fact.detail != phrases[fact.kind])
    return tuple(dict.fromkeys(said))[-_QUOTES:]


def _offer(case: Case) -> Offer | None:
    return next((offer for offer in reversed(case.offers) if offer.state in _TELLABLE), None)
