"""What becomes of something that came in: a request to cancel, or a question for a person with its reason (CANC-10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.cancellation import RequestChannel
from models.inbound import Arrival, InboxReason, Judged
from models.inbound_policy import InboundRules
from rules.inbound.dates import Named, end_named
from rules.inbound.quoting import is_answer, own_words
from rules.inbound.whose import Known, Whose, whose
from rules.inbound.wish import Clarity, Wish, wish_of

_BY_MACHINE = "a machine wrote it (an absence note, a bounce or a mailing), no person"
_BY_US = "a person of our own team wrote it; where it passes on a customer's wish, hand it on as theirs"


def judged(arrival: Arrival, known: Known, rules: InboundRules, now: datetime) -> Judged:
    """Whether it asks to cancel, whose account, until when and how much; ``now`` in UTC. The first doubt is the reason."""
    received = min(arrival.at or now, now)
    text = said_in(arrival, rules)
    wish, owner = wish_of(text, rules), whose(arrival, known)
    end = Named(day=arrival.exit_date) if arrival.exit_date else end_named(wish.where, received.date(), rules.dates)
    reason, why = _doubt(arrival, known, wish, owner, old=now - received > timedelta(days=rules.stale_days))
    contact = owner.contact
    return Judged(
        reason=reason,
        why=why,
        account_id=owner.account_id,
        contact_id=contact.id if contact else "",
        may_cancel=bool(contact and contact.may_cancel),
        exit_date=end.day,
        scope=arrival.scope or wish.scope,
        no_sales_contact=arrival.no_sales_contact or wish.no_sales_contact,
        detail=end.remark,
    )


def said_in(arrival: Arrival, rules: InboundRules) -> str:
    """What its sender wrote themselves; the subject with it, unless it is that of an answer."""
    own = own_words(arrival.text, rules.quotes)
    subject = "" if is_answer(arrival.subject, rules.quotes) else arrival.subject
    return f"{subject}\n\n{own}"


def _doubt(arrival: Arrival, known: Known, wish: Wish, owner: Whose, *, old: bool) -> tuple[InboxReason | None, str]:
    """The first reason for which a person looks at it, with its sentence; none where all is sure."""
    note = arrival.channel is RequestChannel.CSM
    asks = arrival.stated or wish.clarity is not Clarity.NONE
    doubts: tuple[tuple[bool, InboxReason | None, str], ...] = (
        (arrival.automatic, InboxReason.AUTOMATIC, _BY_MACHINE),
        (not asks, InboxReason.NOT_A_CANCELLATION, wish.why),
        (known.own_team and not note, InboxReason.OWN_TEAM, _BY_US),
        (note and not known.taken_by_known, InboxReason.UNKNOWN_PERSON, _unknown_person(arrival)),
        (bool(arrival.doubt), InboxReason.SENDER_DOUBTED, arrival.doubt),
        (owner.reason is not None, owner.reason, owner.why),
        (_unclear(arrival, wish), InboxReason.UNCLEAR, wish.why),
        (old, InboxReason.STALE, f"it was received on {arrival.at:%Y-%m-%d}, long ago" if arrival.at else ""),
    )
    return next(((reason, why) for holds, reason, why in doubts if holds), (None, ""))


def _unclear(arrival: Arrival, wish: Wish) -> bool:
    """A form says by itself what is meant; whatever else may be unclear."""
    return not arrival.stated and wish.clarity is Clarity.UNCLEAR


def _unknown_person(arrival: Arrival) -> str:
    who = f"'{arrival.taken_by}' is nobody" if arrival.taken_by else "it names nobody"
    return f"{who} in the team directory; a note says who took it in"
