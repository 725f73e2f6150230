"""Requests by the account portal: the event that its form gives out as an Arrival."""

from __future__ import annotations

from typing import Any

from adapters.inbound.cleaning import address, cleaned, one_line, source_id
from adapters.inbound.fault import Unreadable
from adapters.inbound.forms import Shape, day, moment, shaped
from models.cancellation import RequestChannel, Scope
from models.eligibility import StatedReason
from models.inbound import Arrival

EVENT = "cancellation.requested"


class _User(Shape):
    id: str = ""
    email: str = ""
    name: str = ""


class _Form(Shape):
    account_id: str
    user: _User = _User()
    end_date: str | None = None
    scope: str = Scope.WHOLE.value
    reason: str = ""
    comment: str = ""
    no_sales_contact: bool = False


class _Event(Shape):
    id: str
    type: str
    timestamp: str = ""
    data: _Form


def is_portal(payload: dict[str, Any]) -> bool:
    """Whether the payload is an event of the portal."""
    return "type" in payload and "data" in payload


def read_portal(payload: dict[str, Any], source: str) -> Arrival:
    """A portal form as it arrived. Raises ``Unreadable`` for another event, and for a field that cannot be followed."""
    event = shaped(_Event, payload, "event of the portal")
    if event.type != EVENT:
        raise Unreadable(f"this event of the portal is '{one_line(event.type, 60)}'; requests to cancel are '{EVENT}'")
    form = event.data
    return Arrival(
        id=source_id("portal", event.id),
        channel=RequestChannel.PORTAL,
        source=source,
        sender=address(form.user.email),
        sender_name=one_line(form.user.name, 120),
        subject="request to cancel from the account portal",
        text=cleaned(form.comment),
        at=moment(event.timestamp),
        account_id=one_line(form.account_id, 80),
        contact=one_line(form.user.id, 80),
        stated=True,
        exit_date=_end(form.end_date),
        scope=_scope(form.scope),
        reason=form.reason if form.reason in set(StatedReason) else "",
        no_sales_contact=form.no_sales_contact,
    )


def _end(text: str | None) -> Any:
    found = day(text) if text else None
    if text and found is None:
        raise Unreadable(f"the end date of this form is '{one_line(text, 40)}'; a day is written like 2026-12-31")
    return found


def _scope(text: str) -> Scope:
    try:
        return Scope(text)
    except ValueError:
        known = ", ".join(Scope)
        raise Unreadable(f"the scope of this form is '{one_line(text, 40)}'; known are {known}") from None
