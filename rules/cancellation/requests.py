"""Requests to cancel: each is kept, however it comes in; one account has one case (CANC-10, AMB-38)."""

from __future__ import annotations

from datetime import date, datetime

from models import cancellation_commands as cc
from models.cancellation import CLOSED, CancellationCase, CancellationOutcome, ReceivedRequest
from models.case import RefusalType
from models.commands import Command
from rules.cancellation import receipts, scoping
from rules.dating import local_day
from rules.edit import change, say
from rules.refusal import Refused
from rules.talking import warn_manager


def received(command: cc.RequestCancellation, now: datetime) -> ReceivedRequest:
    """A request as the case keeps it, received at ``now`` (UTC) at the latest; who may cancel is known with the account."""
    return ReceivedRequest(
        id=command.request_id,
        at=min(command.received_at or now, now),
        channel=command.channel,
        requested_by=command.requested_by,
        scope=command.scope,
        reason=command.reason,
        detail=command.detail,
        exit_date=command.requested_exit_date,
        no_sales_contact=command.no_sales_contact,
        taken_by=None if command.by == cc.CUSTOMER else command.by,
    )


def join(case: CancellationCase, command: cc.RequestCancellation, now: datetime) -> CancellationCase:
    """A further request for the account: the same one counts once, another one joins the open case."""
    if command.account_id != case.account_id:
        raise Refused(
            RefusalType.BAD_PAYLOAD, f"this is the cancellation of {case.account_id}, not of {command.account_id}"
        )
    if known := _known(case, command):
        return _on_record(case, known, now)
    _check_not_over(case)
    fresh = judged(case, received(command, now))
    case = change(
        scoping.joined(case, fresh, now),
        requests=(*case.requests, fresh),
        no_sales_contact=case.no_sales_contact or fresh.no_sales_contact,
        asked_end_date=case.asked_end_date or _day_of(case, fresh),
    )
    case = say(case, now, "request_joined", f"{told(fresh)} joined the open case")
    case = receipts.owed(case, now)
    differs = fresh.exit_date and fresh.exit_date != case.asked_end_date
    asked = case.asked_end_date or "none"
    text = f"two requests name different end dates: {asked} and {fresh.exit_date}; ask the customer"
    return warn_manager(say(case, now, "dates_differ", text), now, text) if differs else case


def left(account_id: str, since: date) -> Refused:
    """The refusal of a request for an account that is closed: since when, and what to do (AMB-38)."""
    return Refused(
        RefusalType.CASE_CLOSED,
        f"account {account_id} is closed since {since}; nothing is left to cancel. What becomes of its data is said by its "
        "retention; where they are a customer again, note that there with 'customer_returned', or put the account anew "
        "into the CRM, and their request opens a new case",
    )


def check_not_left(case: CancellationCase, command: Command) -> None:
    """Raises ``Refused(CaseClosed)`` for whatever comes to a case that was turned away since its account had left, and
    for a new request once this case has closed the account.
    """
    if case.outcome == CancellationOutcome.REJECTED and case.account and case.account.churned_on:
        raise left(case.account_id, case.account.churned_on)
    closed = case.anchor(CLOSED)
    if isinstance(command, cc.RequestCancellation) and case.account and closed and not _known(case, command):
        raise left(case.account_id, local_day(closed, case.account.calendar))


def judged(case: CancellationCase, request: ReceivedRequest) -> ReceivedRequest:
    """The request, with whether its sender may cancel for the account; whom that does not list is nobody who is known."""
    allowed = case.account.may_cancel if case.account else ()
    sender = _listed(case, request.requested_by)
    return request.model_copy(update={"requested_by": sender, "authorised": sender in allowed})


def _listed(case: CancellationCase, sender: str) -> str:
    """The contact of the account who asks; empty for anybody else, such as a contact of another one (CANC-11)."""
    known = case.account.contacts if case.account else None
    return sender if known is None or sender in known else ""


def others_who_may(case: CancellationCase) -> tuple[str, ...]:
    """The contacts who may cancel for the account and have not asked themselves: who can say whether it stands."""
    asked = {request.requested_by for request in case.requests}
    return tuple(one for one in (case.account.may_cancel if case.account else ()) if one not in asked)


def told(request: ReceivedRequest) -> str:
    """A request in one sentence, without what the customer wrote."""
    who = request.requested_by or "somebody whom the account does not list"
    day = f", to end on {request.exit_date}" if request.exit_date else ""
    return f"a request by {request.channel} from {who}{day}"


def _day_of(case: CancellationCase, fresh: ReceivedRequest) -> date | None:
    """The day of a further request; a stranger's counts for nothing once somebody has asked who may."""
    vouched = any(one.authorised for one in case.requests)
    return None if vouched and not fresh.authorised else fresh.exit_date


def _known(case: CancellationCase, command: cc.RequestCancellation) -> ReceivedRequest | None:
    """The request that this one repeats: the same source, or the same sender whose last word it says by the same channel."""
    asked = judged(case, received(command, case.opened_at))
    if command.request_id:
        known = next((one for one in case.requests if one.id == command.request_id), None)
        if known and not case.erased_at and asked.requested_by != known.requested_by:
            raise Refused(RefusalType.BAD_PAYLOAD, _of_another(known, asked))
        return known
    same = ("channel", "requested_by", "exit_date", "scope", "reason")
    alike = [n for n, one in enumerate(case.requests) if all(getattr(one, f) == getattr(asked, f) for f in same)]
    return case.requests[alike[-1]] if alike and _in_force(case, alike[-1]) else None


def _in_force(case: CancellationCase, n: int) -> bool:
    """Whether the request of that place still holds: neither its sender nor who may has asked otherwise since.

    What a person settled is no word of the customer, so that a repetition does not overrule it.
    """
    known, since = case.requests[n], case.requests[n + 1 :]
    heard = [one for one in since if one.authorised or one.requested_by == known.requested_by]
    same = all((one.scope, one.exit_date) == (known.scope, known.exit_date) for one in heard)
    return same and case.withdrawn_at is None


def _of_another(known: ReceivedRequest, asked: ReceivedRequest) -> str:
    names = [by or "nobody who is known" for by in (known.requested_by, asked.requested_by)]
    return (
        f"'{known.id}' is on record as the request of {names[0]}, not of {names[1]}; give the request of another person "
        "the id of its own mail, ticket or form as 'request_id'"
    )


def _on_record(case: CancellationCase, known: ReceivedRequest, now: datetime) -> CancellationCase:
    """The one that opened the case is answered as such; whatever repeats it, or another one, counts once."""
    if known == case.request and not case.opening_answered:
        return say(change(case, opening_answered=True), now, "request_taken", f"{told(known)} opened the case")
    return say(case, now, "request_again", f"{told(known)}: it is on record since {known.at:%Y-%m-%d %H:%M} UTC")


def _check_not_over(case: CancellationCase) -> None:
    if case.withdrawn_at:
        raise Refused(
            RefusalType.ILLEGAL_MOVE,
            f"the cancellation before was taken back on {case.withdrawn_at:%Y-%m-%d} and is being undone; once "
            "'withdrawal_confirmed' is sent its case is closed, and the same request opens a new one: no receipt goes out "
            "until it is given again, with 'received_at' saying when it came in",
        )
