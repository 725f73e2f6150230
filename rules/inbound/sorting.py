"""Handing on what came in, and what a person decides about what waits: on to a case, or aside with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from models.cancellation import Scope
from models.cancellation_commands import CUSTOMER, RequestCancellation
from models.case import RefusalType
from models.crm import Contact
from models.inbound import Arrival, InboxReason, InboxState, Judged, Kept
from models.people import PersonId
from rules.refusal import Refused


def arrived(arrival: Arrival, judged: Judged, now: datetime) -> Kept:
    """Something new as it is kept: on its way to its case where all is sure, else before a person."""
    state = InboxState.WAITING if judged.reason else InboxState.ON_ITS_WAY
    return Kept(arrival=arrival, judged=judged, state=state, kept_at=now)


def arrived_again(first: Kept, again: Arrival, now: datetime) -> Kept | None:
    """Nothing where the same came again; else the other text under an id of its own, for a person to compare."""
    if again.digest == first.arrival.digest:
        return None
    other = again.model_copy(update={"id": f"{again.id[:60]}.{again.digest[:12]}"})
    why = f"{first.id} came before and said something else; see whether this changes what was asked"
    changed = first.judged.model_copy(update={"reason": InboxReason.CHANGED, "why": why})
    return Kept(arrival=other, judged=changed, state=InboxState.WAITING, kept_at=now)


def request_of(kept: Kept) -> RequestCancellation:
    """The request that the case gets; its id is that of what came in, so that it counts once."""
    arrival, found = kept.arrival, kept.judged
    stale = found.reason is InboxReason.STALE  # its clocks would have run out before anybody saw it
    return RequestCancellation(
        account_id=found.account_id,
        channel=arrival.channel,
        requested_by=found.contact_id,
        reason=arrival.reason,
        requested_exit_date=found.exit_date,
        no_sales_contact=found.no_sales_contact,
        detail=found.detail,
        scope=found.scope,
        request_id=kept.id,
        received_at=kept.kept_at if stale else kept.received_at,
        by=kept.sorted_by or arrival.taken_by or CUSTOMER,
    )


def handed_on(kept: Kept, said: str) -> Kept:
    """The case took it, and answered this."""
    return kept.model_copy(update={"state": InboxState.HANDED_ON, "said": said})


def turned_away(kept: Kept, sentence: str) -> Kept:
    """The case refused it; a person looks at it with the case's own sentence."""
    found = kept.judged.model_copy(update={"reason": InboxReason.REFUSED, "why": sentence})
    return kept.model_copy(update={"judged": found, "state": InboxState.WAITING})


def sorted_to(
    kept: Kept,
    account_id: str,
    contact: Contact | None,
    by: PersonId,
    now: datetime,
    *,
    exit_date: date | None = None,
    scope: Scope | None = None,
) -> Kept:
    """A person says whose it is. Raises ``Refused(IllegalMove)`` where it was sorted otherwise before."""
    if kept.state is not InboxState.WAITING:
        return _sorted_already(kept, account_id)
    found = kept.judged.model_copy(
        update={
            "account_id": account_id,
            "contact_id": contact.id if contact else "",
            "may_cancel": bool(contact and contact.may_cancel),
            "exit_date": exit_date or kept.judged.exit_date,
            "scope": scope or kept.judged.scope,
        }
    )
    changes = {"judged": found, "state": InboxState.ON_ITS_WAY, "sorted_by": by, "sorted_at": now}
    return kept.model_copy(update=changes)


def dismissed(kept: Kept, why: str, by: PersonId, now: datetime) -> Kept:
    """A person puts it aside with a reason. Raises ``Refused(IllegalMove)`` where a case has it or was asked to take it."""
    if kept.state is InboxState.DISMISSED:
        return kept
    if kept.state is not InboxState.WAITING:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{kept.id} {became(kept)}; a customer withdraws by 'cancel withdraw'")
    changes = {"state": InboxState.DISMISSED, "sorted_by": by, "sorted_at": now, "sorted_why": why}
    return kept.model_copy(update=changes)


def became(kept: Kept) -> str:
    """What became of it, for a sentence."""
    match kept.state:
        case InboxState.HANDED_ON:
            return f"is with the cancellation of {kept.judged.account_id}"
        case InboxState.ON_ITS_WAY:
            return f"is on its way to the cancellation of {kept.judged.account_id}"
        case InboxState.DISMISSED:
            return f"was put aside by {kept.sorted_by}: {kept.sorted_why}"
        case _:
            return "waits for a person"


def contact_of(contacts: Iterable[Contact], kept: Kept, wanted: str) -> Contact | None:
    """The contact who asks: whoever is named, else whoever was found, where the account has them.

    Raises ``Refused(UnknownPerson)`` for a named one who is no contact of the account.
    """
    by_id = {one.id: one for one in contacts}
    if wanted and wanted not in by_id:
        known = ", ".join(by_id) or "none"
        raise Refused(RefusalType.UNKNOWN_PERSON, f"'{wanted}' is no contact of the account; its contacts are {known}")
    by_address = {one.email.casefold(): one for one in by_id.values()}
    return by_id.get(wanted or kept.judged.contact_id) or by_address.get(kept.arrival.sender)


def _sorted_already(kept: Kept, account_id: str) -> Kept:
    """The same decision again changes nothing; what may have reached one case goes to no other."""
    if kept.state is InboxState.DISMISSED or kept.judged.account_id != account_id:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"{kept.id} {became(kept)}; nothing is left to sort")
    return kept
