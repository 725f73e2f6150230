"""Requests by support ticket: the webhook of a helpdesk as an Arrival."""

from __future__ import annotations

from typing import Any

from adapters.inbound.cleaning import address, cleaned, one_line, source_id
from adapters.inbound.forms import Shape, moment, shaped
from models.cancellation import RequestChannel
from models.inbound import Arrival, Attachment


class _Person(Shape):
    email: str = ""
    name: str = ""


class _Organisation(Shape):
    external_id: str = ""


class _File(Shape):
    file_name: str = ""
    size: int = 0
    sha256: str = ""


class _Ticket(Shape):
    id: str
    subject: str = ""
    description: str = ""
    created_at: str = ""
    requester: _Person = _Person()
    organization: _Organisation | None = None
    attachments: tuple[_File, ...] = ()


class _Payload(Shape):
    ticket: _Ticket


def is_ticket(payload: dict[str, Any]) -> bool:
    """Whether the payload is that of a ticket."""
    return "ticket" in payload


def read_ticket(payload: dict[str, Any], source: str) -> Arrival:
    """A ticket as it arrived. Raises ``Unreadable`` for a payload of another shape."""
    ticket = shaped(_Payload, payload, "ticket").ticket
    organisation = ticket.organization or _Organisation()
    return Arrival(
        id=source_id("ticket", ticket.id),
        channel=RequestChannel.TICKET,
        source=source,
        sender=address(ticket.requester.email),
        sender_name=one_line(ticket.requester.name, 120),
        subject=one_line(ticket.subject),
        text=cleaned(ticket.description),
        at=moment(ticket.created_at),
        account_id=one_line(organisation.external_id, 80),
        attachments=tuple(
            Attachment(name=one_line(one.file_name, 120), size=one.size, sha256=one_line(one.sha256, 64))
            for one in ticket.attachments
        ),
    )
