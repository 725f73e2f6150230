"""Whether the calendar of reviews can be kept: each review once, with a playbook of its name that is held by one step."""

from __future__ import annotations

from adapters.playbooks.fault import Fault
from adapters.playbooks.library import Library, parsed, spec, step_entries
from adapters.playbooks.shape import shape_faults
from adapters.playbooks.source import Place, Source
from adapters.playbooks.words import Words, twice, unknown
from models.calendar import ZERO
from models.case import CaseKind
from models.contract_names import NAMES
from models.review import ConfirmReview, ReviewsPolicy

HELD, CONFIRM = "held", NAMES[ConfirmReview]


def review_faults(library: Library, words: Words) -> list[Fault]:
    """Every fault of the calendar, and of the playbooks that it names."""
    found = [fault for name in library.of_kind(CaseKind.REVIEW) for fault in _held(library, name)]
    source = library.reviews
    if source is None or not source.readable:
        return found + (list(source.faults) if source else [])
    found += source.faults + shape_faults(source, ReviewsPolicy, source.data)
    policy = parsed(ReviewsPolicy, source.data)
    return found + _calendar(source, policy, words) if policy else found


def _calendar(source: Source, policy: ReviewsPolicy, words: Words) -> list[Fault]:
    named: list[tuple[Place, object]] = [(("reviews", n, "name"), one.name) for n, one in enumerate(policy.reviews)]
    known = words.others.get(CaseKind.REVIEW, ())
    found = [fault for place, name in named for fault in unknown(source, place, "playbook of a review", name, known)]
    for n, one in enumerate(policy.reviews):
        if one.catch_up == ZERO:
            right = "write a duration like PT6H or P4D"
            found.append(source.fault(("reviews", n, "catch_up"), "'catch_up' gives no time", right))
    return found + twice(source, named, "review")


def _held(library: Library, name: str) -> list[Fault]:
    """A review is held by its step 'held', and ends where nobody confirmed it."""
    found: list[Fault] = []
    for source in library.chain(name)[:1]:
        step = next((one for _, value in step_entries(source) if (one := spec(value)) and one.id == HELD), None)
        if step is None or step.command != CONFIRM or step.lapses is None:
            right = f"give it a step 'held' with 'command: {CONFIRM}' and 'lapses'"
            found.append(source.fault(("steps",), "nobody can confirm that this review was held", right))
    return found
