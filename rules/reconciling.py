"""What the systems say against what the book says: one kind of difference at a time, in words for whoever puts it right."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from models.base import Record
from models.billing import SubscriptionState
from models.case import CaseKind
from models.reconciling import Compared, Difference
from models.review_page import ReviewSection
from rules.offering import money

_ENDS = (SubscriptionState.ENDING, SubscriptionState.ENDED)
_LED = (CaseKind.SAVE, CaseKind.CANCELLATION)


class Sides(Record):
    """What stands on either side of a difference."""

    book: str
    system: str


def difference(kind: Difference, found: Compared) -> Sides | None:
    """What both sides say where they differ; None where they agree, or where one of them says nothing."""
    return _RULES[kind](found)


def untold(kind: Difference, found: Iterable[Compared], asked: Iterable[str]) -> tuple[str, ...]:
    """The accounts that differ, but those of which somebody is asked already: the workflow ids of the open reviews."""
    standing = {one.rpartition(".")[0] for one in asked}
    differing = [one.account.id for one in found if difference(kind, one)]
    return tuple(sorted(one for one in differing if f"review:{kind}.{one}" not in standing))


def page(kind: Difference, found: Compared) -> tuple[ReviewSection, ...]:
    """The page of a difference; where it is gone by now, that is what it says."""
    sides = difference(kind, found)
    if sides is None:
        return (ReviewSection(heading="What differs", says="Nothing any more: they agree by now."),)
    rows = (("the book of cases", sides.book), (_SYSTEMS[kind], sides.system))
    return (ReviewSection(heading="What differs", columns=("Where", "What it says"), rows=rows),)


def _billed(found: Compared) -> Sides | None:
    if not found.left or not found.billing or not found.billing.future:
        return None
    coming = found.billing.future[0]
    return Sides(book=_left(found), system=f"will charge {money(coming.amount)} on {coming.on:%d %B %Y}")


def _reached(found: Compared) -> Sides | None:
    if not found.left or not found.access:
        return None
    state = found.access
    ours = f"; we reach them in {', '.join(state.internal)}" if state.internal else ""
    if not state.live and not ours:
        return None
    people = state.full + state.read_only
    return Sides(book=_left(found), system=f"{people} people and {state.keys} keys get in{ours}")


def _cancelled(found: Compared) -> Sides | None:
    leaving = any(case.kind == CaseKind.CANCELLATION for case in found.open)
    if found.left or leaving or not found.account.active or not found.billing:
        return None
    if found.billing.state not in _ENDS:
        return None
    ends = f" on {found.billing.ends_on:%d %B %Y}" if found.billing.ends_on else ""
    return Sides(
        book="is a customer, and nobody asked to leave", system=f"the subscription is {found.billing.state}{ends}"
    )


def _owned(found: Compared) -> Sides | None:
    """A deputy who leads the case while the owner is away is no difference."""
    lead = found.lead
    if lead is None:
        return None
    other = next(
        (one for one in found.open if one.kind in _LED and one.owner not in (None, lead.person, lead.deputy)), None
    )
    if other is None:
        return None
    return Sides(book=f"{other.owner} leads {other.workflow_id}", system=f"{lead.person} leads the account")


def _left(found: Compared) -> str:
    assert found.left is not None
    closed = found.left.closed_at
    return f"left by {found.left.workflow_id}" + (f", closed on {closed:%d %B %Y}" if closed else "")


_RULES: dict[Difference, Callable[[Compared], Sides | None]] = {
    Difference.BILLED_AFTER_CLOSURE: _billed,
    Difference.ACCESS_AFTER_CLOSURE: _reached,
    Difference.CANCELLED_ELSEWHERE: _cancelled,
    Difference.OWNER_CHANGED: _owned,
}
_SYSTEMS = {
    Difference.BILLED_AFTER_CLOSURE: "billing",
    Difference.ACCESS_AFTER_CLOSURE: "access",
    Difference.CANCELLED_ELSEWHERE: "billing",
    Difference.OWNER_CHANGED: "the CRM",
}
