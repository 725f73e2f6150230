"""What the offers of a playbook, a module or a policy file say: ids, kinds and who approves them."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import entries, parsed
from adapters.playbooks.source import Place, Source
from adapters.playbooks.vocabulary import DISCOUNT_LADDER
from adapters.playbooks.words import Words, twice, unknown
from models.offer import MUST_SAY, TEMPORARY, OfferKind, OfferSpec


def offer_faults(source: Source, words: Words) -> list[Fault]:
    """Every fault of the offers of one file beyond their shape."""
    listed = [(place, parsed(OfferSpec, value)) for _, place, value in entries(source, "offers")]
    named: list[tuple[Place, object]] = [(place, offer.id if offer else None) for place, offer in listed]
    found = twice(source, named, "offer id")
    for place, offer in listed:
        found += _offer(source, place, offer, words) if offer else []
    return found


def _offer(source: Source, place: Place, offer: OfferSpec, words: Words) -> list[Fault]:
    found = []
    if offer.kind is None:
        right = f"write 'kind: ' and one of: {', '.join(OfferKind)}"
        found.append(source.fault(place, f"the offer '{offer.id}' has no kind", right))
    if offer.kind in TEMPORARY and not offer.limit_duration:
        right = "write 'limit_duration: ', such as P90D"
        found.append(source.fault(place, f"the offer '{offer.id}' is a {offer.kind} without an end", right))
    if lacking := [need for need in MUST_SAY.get(offer.kind, ()) if need not in offer.needs] if offer.kind else []:
        right = f"write 'needs: [{', '.join((*offer.needs, *lacking))}]'"
        found.append(source.fault(place, f"the offer '{offer.id}' does not need {', '.join(lacking)}", right))
    if offer.approval:
        approvers = [*words.roles, DISCOUNT_LADDER]
        found += unknown(source, (*place, "approval"), "approval", offer.approval, approvers)
    return found
