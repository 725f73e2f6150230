"""From files without faults to a plan: what it inherits, the policy, and a digest of all of it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, TypeVar

from adapters.playbooks.library import Library
from models.leaving_stages import LeavingKind
from models.offer import OfferSpec
from models.plan import Plan, StepSpec
from models.playbook import Playbook
from models.policy import Policy

_Named = TypeVar("_Named", StepSpec, OfferSpec)


def resolve(library: Library, name: str) -> Plan:
    """The plan of a playbook whose files were checked.

    Steps stand in the order of the files, parent first; a step of the same id replaces the inherited one in its place.
    Preventive steps are owed before a case and stay out.
    """
    chain = [Playbook.model_validate(source.data) for source in library.chain(name)]
    own, steps, offers = chain[0], tuple[StepSpec, ...](), tuple[OfferSpec, ...]()
    for book in reversed(chain):
        steps = _over(steps, (*map(_asked_first, book.investigation), *book.steps))
        offers = _over(offers, book.offers)
    policy = policy_of(library, leaving=own.kind in set(LeavingKind))
    plan = Plan(
        name=own.name,
        version=own.version,
        digest="",
        kind=own.kind,
        title=own.title,
        steps=steps,
        preventive=own.preventive,
        offers=offers,
        policy=policy,
    )
    return plan.model_copy(update={"digest": digest(plan)})


def policy_of(library: Library, *, leaving: bool) -> Policy:
    """The policy that the policy files make together; what concerns leaving only for those who ask for it."""
    fields: dict[str, Any] = {}
    for source in library.policies:
        fields |= source.data
    if leaving:
        fields |= {"leaving": [source.data for _, source in library.leaving]}
    else:
        fields.pop("eligibility", None)
        fields.pop("survey", None)
    return Policy.model_validate(fields)


def digest(plan: Plan) -> str:
    """SHA-256 (hex) over the canonical JSON of a plan without its digest."""
    content = plan.model_dump(mode="json", by_alias=True, exclude={"digest"})
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _asked_first(step: StepSpec) -> StepSpec:
    """An investigation step comes before any offer; what cannot be found out is left out with its reason (PLAY-3)."""
    return step.model_copy(update={"investigates": True, "skippable": True})


def _over(inherited: tuple[_Named, ...], own: tuple[_Named, ...]) -> tuple[_Named, ...]:
    merged = {one.id: one for one in inherited}
    return tuple((merged | {one.id: one for one in own}).values())
