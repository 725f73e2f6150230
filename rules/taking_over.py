"""What a case of the account that ended still owed, taken over by the one that was open already (SAVE-29, POST-11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from models.concession import CarriedOffer
from models.contact import CustomerCase
from models.promise import Commitment
from models.starts import CarriedCommitment, TakeOver
from rules import ending, offer_carrying, promising
from rules.edit import change, say

T = TypeVar("T", bound=CustomerCase)
_BY_NUMBER = ("improve_by_", "exit_notice_")


def take_over(case: T, given: TakeOver, origin: str, next_: str, now: datetime) -> T:
    """The case with every promise and offer of ``given``; what it was opened with, or heard before, counts once.

    Ids that the case uses for something else are changed. Raises ``Refused(CaseClosed)`` naming ``next_``.
    """
    if given.case_id in (origin, *case.taken_over):
        return case
    ending.check_open(case, next_)
    promised = named_anew([one.id for one in given.commitments], _promises_of(case))
    offered = named_anew([one.offer.id for one in given.offers], _offers_of(case))
    commitments = tuple(_commitment(one, promised) for one in given.commitments)
    offers = tuple(renamed(one, offered, promised, given.case_id) for one in given.offers)
    case = change(
        case,
        taken_over=(*case.taken_over, given.case_id),
        commitments=(*case.commitments, *commitments),
        carried_offers=(*case.carried_offers, *offers),
    )
    text = f"what case {given.case_id} still owed: {', '.join([*promised.values(), *offered.values()]) or _rest(given)}"
    return carry_on(say(case, now, "taken_over", text), origin, now) if case.plan else case


def _rest(given: TakeOver) -> str:
    if given.steps:
        return "its steps"
    return "nothing; what it found out is known here" if given.known else "nothing"


def carry_on(case: T, origin: str, now: datetime) -> T:
    """The case with the steps of all that it took over, once its plan is there. Idempotent."""
    return offer_carrying.carry_on(promising.carry_on(case, now), case.carried_offers, origin, now)


def _promises_of(case: CustomerCase) -> list[str]:
    """The ids that a promise may not have: of promises, and of steps, one of which delivers it."""
    return [one.id for one in case.commitments] + list(case.specs())


def _offers_of(case: CustomerCase) -> list[str]:
    return [one.offer.id for one in case.carried_offers] + [offer.id for offer in case.offers]


def named_anew(ids: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """The id under which each goes on in a case that uses those ``taken``: its own, or the next free one of its name."""
    used, names = set(taken), {}
    for each in ids:
        stem = each.rstrip("0123456789").rstrip("_")
        free = (name for n in range(1, len(used) + 2) if (name := f"{stem}_{n}") not in used)
        names[each] = each if each not in used else next(free)
        used.add(names[each])
    return names


def _commitment(one: CarriedCommitment, names: Mapping[str, str]) -> Commitment:
    return Commitment(**(one.model_dump() | {"id": names[one.id]}))


def renamed(one: CarriedOffer, names: Mapping[str, str], promised: Mapping[str, str], source: str) -> CarriedOffer:
    """The offer under its id in another case, with its steps; it comes from the case ``source``."""
    old, new = one.offer.id, names[one.offer.id]
    changed = {
        "id": new,
        "tie_ref": promised.get(one.offer.tie_ref, one.offer.tie_ref),
        "receipt": promised.get(one.offer.receipt, one.offer.receipt),  # that of the roadmap is a promise
        "steps": tuple(_step(step, old, new) for step in one.offer.steps),
        "carried_from": source,
    }
    done = tuple(step.model_copy(update={"step_id": _step(step.step_id, old, new)}) for step in one.done)
    return CarriedOffer(offer=one.offer.model_copy(update=changed), done=done)


def _step(step_id: str, old: str, new: str) -> str:
    """The id of a step of the offer, which bears the offer's id, or its number alone."""
    if step_id.startswith(f"{old}_"):
        return f"{new}_{step_id.removeprefix(f'{old}_')}"
    if step_id.startswith(_BY_NUMBER):
        return f"{step_id.rstrip('0123456789')}{new.removeprefix('offer_')}"
    return step_id
