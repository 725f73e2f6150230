"""To whom a letter of a cancellation is written: who asked, or who may speak for the account (CANC-11, CANC-21)."""

from __future__ import annotations

from itertools import chain

from models.cancellation import CancellationCase
from models.case import Case, MessageState
from models.people import PersonId
from models.plan import Reader
from models.retention import RetentionCase
from models.step import Step
from rules import standing_in
from rules.cancellation import receipts, requests

_ACKNOWLEDGEMENT = "cancellation_acknowledgement"


def reader(case: Case, step: Step) -> str:
    """The contact who gets the letter of a step; empty for whoever is the account's own contact.

    A request of somebody who may not cancel is answered to them and asked about elsewhere; what the account leaves with
    goes to who may cancel, and so does what its retention gives back and confirms.
    """
    spec = case.spec(step.step_id)
    if isinstance(case, RetentionCase):
        return of_retention(case)
    if not isinstance(case, CancellationCase) or spec is None:
        return ""
    match spec.reader:
        case Reader.REQUESTER:
            return _requester(case, step) or authorised(case)
        case Reader.ANOTHER:
            return next(iter(requests.others_who_may(case)), "")
        case _:
            return authorised(case)


def is_for_others(case: Case, step: Step) -> bool:
    """Whether a letter goes to each of the account's other contacts, as people who use the product (OFFB-17)."""
    spec = case.spec(step.step_id)
    return isinstance(case, CancellationCase) and spec is not None and spec.reader is Reader.USERS


def first_writer(case: Case, step: Step) -> PersonId:
    """Who acknowledged the request to the reader of a letter; empty for a letter of another role or to somebody else.

    Empty too for whoever they stood in for: that letter named them, and said that they would be back.
    """
    sent = next((m for m in case.messages if m.template == _ACKNOWLEDGEMENT and m.state is MessageState.SENT), None)
    first = next((one for one in case.steps if sent and one.id == sent.step), None)
    if sent is None or first is None or first.id == step.id or not isinstance(case, CancellationCase):
        return ""
    began, spec = case.spec(first.step_id), case.spec(step.step_id)
    same_role = began is not None and spec is not None and began.owner == spec.owner
    writer = (sent.released_by or "") if same_role and reader(case, first) == reader(case, step) else ""
    is_back = standing_in.for_whom(case, first, writer, first.ended_at or sent.at) == step.person
    return "" if is_back else writer


def _requester(case: CancellationCase, step: Step) -> str:
    """Who asked: a receipt goes to whoever sent its own request, every other answer to who asked first."""
    if own := receipts.request_of(case, step):
        return own.requested_by
    return next((one.requested_by for one in case.requests if one.requested_by), "")


def of_retention(case: RetentionCase) -> str:
    """The contact who gets the letters of a retention: who got those of its cancellation, or somebody who may cancel."""
    return case.written_to or next(iter(_may_cancel(case)), "")


def authorised(case: CancellationCase) -> str:
    """The contact who gets what the account leaves with: who asked and may cancel, or somebody else who may."""
    asked = (one.requested_by for one in case.requests if one.authorised)
    return next(chain(asked, _may_cancel(case)), "")


def _may_cancel(case: CancellationCase | RetentionCase) -> tuple[str, ...]:
    return case.account.may_cancel if case.account else ()
