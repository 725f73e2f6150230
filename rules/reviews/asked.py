"""Whom a round of reviews asks: one review for each manager, CSM or strategic account, or one for the company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from models.base import Record
from models.case import RefusalType
from models.crm import AccountRecord, SeatRecord
from models.directory import DirectoryPerson
from models.people import PersonId, RoleId, Seat
from models.review import ReviewScope, ReviewSpec, ReviewsPolicy
from rules.refusal import Refused, one_of


def spec_of(policy: ReviewsPolicy, name: str) -> ReviewSpec:
    """The review of that name. Raises ``Refused(UnknownReview)``, naming those that there are."""
    spec = policy.spec(name)
    if spec is None:
        known = one_of(one.name for one in policy.reviews)
        raise Refused(RefusalType.UNKNOWN_REVIEW, f"there is no review '{name}'; the calendar has: {known}")
    return spec


def subjects(
    scope: ReviewScope,
    accounts: Sequence[AccountRecord],
    holders: Iterable[SeatRecord],
    owed: Iterable[str] = (),
) -> tuple[str | None, ...]:
    """Of whom or what a review of that scope is held, in order; ``holders`` are the seats of the role that holds it.

    A stand-up is owed while a save is open (SAVE-23), a difference while it stands: ``owed`` are the accounts of which
    it is so.
    """
    active = {account.id for account in accounts if account.active}
    if scope is ReviewScope.COMPANY:
        return (None,)
    if scope is ReviewScope.DIFFERENCE:
        return tuple(sorted(owed))
    if scope is ReviewScope.STRATEGIC_ACCOUNT:
        return tuple(sorted(account.id for account in accounts if account.active and account.strategic))
    wanted = active & set(owed) if scope is ReviewScope.TEAM else active
    return tuple(sorted({seat.person for seat in holders if seat.account_id in wanted}))


class Led(Record):
    """Who goes through which accounts, a seat for each; ``nobody`` are the accounts of which nobody is there."""

    seats: tuple[SeatRecord, ...] = ()
    nobody: tuple[str, ...] = ()


def led(
    accounts: Iterable[AccountRecord], seats: Sequence[SeatRecord], line: Sequence[RoleId], active: set[str]
) -> Led:
    """Who goes through each account: whoever holds the first role of the line, else their deputy, else the next role.

    ``active`` are the people who are there. Accounts that are no customers any more are left out (RISK-121, RISK-122).
    """
    of = {(seat.account_id, seat.role): seat for seat in seats}
    found, nobody = [], []
    for account in sorted(one.id for one in accounts if one.active):
        own = [of[account, role] for role in line if (account, role) in of]
        there = next((one for seat in own for one in (seat.person, seat.deputy) if one in active), None)
        if there is None:
            nobody.append(account)
        else:
            found.append(SeatRecord(account_id=account, role=line[0], person=there))
    return Led(seats=tuple(found), nobody=tuple(nobody))


def only(asked: Sequence[str | None], subject: str | None, spec: ReviewSpec) -> tuple[str | None, ...]:
    """Those of ``asked`` that are wanted: all, or the one named. Raises ``Refused(UnknownReview)``."""
    if subject is None or subject in asked:
        return tuple(asked) if subject is None else (subject,)
    of = one_of(sorted(one for one in asked if one)) if any(asked) else "the whole company, without a subject"
    raise Refused(RefusalType.UNKNOWN_REVIEW, f"'{spec.name}' is not held of '{subject}' now; it is of: {of}")


def seat_of(
    role: RoleId,
    people: Sequence[DirectoryPerson],
    seats: Sequence[SeatRecord],
    accounts: set[str],
    holder: PersonId = "",
) -> Seat | None:
    """Who holds a role for these accounts: ``holder``, else whoever holds it on most of them, else the first who has it.

    The deputy is who stands in for them on most accounts, else whoever is next in line. None where nobody has the role.
    """
    active = {person.id for person in people if person.active}
    own = [seat for seat in seats if seat.role == role and seat.account_id in accounts]
    by_seat = Counter(seat.person for seat in own if seat.person in active)
    line = list(dict.fromkeys((*_most_first(by_seat), *(p.id for p in people if p.active and role in p.roles))))
    person = holder or next(iter(line), None)
    if person is None:
        return None
    deputies = Counter(seat.deputy for seat in own if seat.person == person and seat.deputy in active)
    others = (one for one in (*_most_first(deputies), *line) if one != person)
    return Seat(role=role, person=person, deputy=next(others, None))


def _most_first(counted: Counter[str] | Counter[str | None]) -> list[str]:
    return [person for person, _ in sorted(counted.items(), key=lambda one: (-one[1], one[0] or "")) if person]
