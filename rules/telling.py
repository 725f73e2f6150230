"""What a case has to tell in a letter to the customer: promises, their own words, the offer that was agreed."""

from __future__ import annotations

from models.case import Case
from models.contact import CustomerCase
from models.plan import StepSpec
from models.promise import Commitment, PromiseState
from models.telling import Offered, Promised, Told
from rules import offer_letters, promises
from rules.concessions import UNTIL_DELIVERY
from rules.routing import policy_of

_QUOTES = 3


def told(case: Case, spec: StepSpec | None) -> Told:
    """What the case knows for the letter of a step; what it does not know is left to the writer."""
    return Told(promises=_promises(case), heard=_heard(case), offered=_offered(case, spec))


def _promises(case: Case) -> tuple[Promised, ...]:
    """Every promise that still counts, with its honest state (POST-8); one that is owed no more is not told of."""
    return tuple(_promised(one) for one in promises.counting(case) if one.state is not PromiseState.DROPPED)


def _promised(one: Commitment) -> Promised:
    return Promised(title=one.title, owner=one.owner, due=one.due, state=one.state, kind=one.kind)


def _heard(case: Case) -> tuple[str, ...]:
    """What the customer was quoted with; the mere phrase of the dictionary is not their own word."""
    if not isinstance(case, CustomerCase):
        return ()
    phrases = {known.code: known.phrase for known in policy_of(case).statements}
    said = (fact.detail for fact in case.facts if fact.kind in phrases and fact.detail != phrases[fact.kind])
    return tuple(dict.fromkeys(said))[-_QUOTES:]


def _offered(case: Case, spec: StepSpec | None) -> Offered | None:
    """The offer that the letter is about, with the promise that it holds until (SAVE-38)."""
    offer = offer_letters.offer_of(case, spec)
    if offer is None:
        return None
    waits_for = case.commitment(offer.tie_ref) if offer.tied_to == UNTIL_DELIVERY else None
    return Offered(
        kind=offer.kind,
        terms=offer.terms,
        details=offer.details,
        tied_to=offer.tied_to,
        until=_promised(waits_for) if waits_for else None,
        starts=offer.starts,
        ends_at=offer.ends_at,
    )
