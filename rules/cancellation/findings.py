"""What is found of a cancellation: the facts that steps of its plan depend on, each with the sentence that says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.cancellation import CancellationCase, Feedback, Found, Scope
from models.finding import Finding
from models.step import StepState
from rules.cancellation import approvals, policies, redating, requests, save_talk, scoping
from rules.edit import change

Answer = tuple[bool | None, str]


def settle(case: CancellationCase) -> CancellationCase:
    """The case with what is known by now; the same case where nothing changed."""
    found = tuple(Finding(name=name, holds=holds, why=why) for name, (holds, why) in _all(case))
    return case if found == case.findings else change(case, findings=found)


def _all(case: CancellationCase) -> list[tuple[str, Answer]]:
    return [(name, look(case)) for name, look in _LOOKS.items()]


def _requester_unknown(case: CancellationCase) -> Answer:
    if case.account is None:
        return None, ""
    allowed = any(request.authorised for request in case.requests)
    return not allowed, "the request came from somebody who may cancel for the account"


def _others_may_cancel(case: CancellationCase) -> Answer:
    unknown, why = _requester_unknown(case)
    others = bool(requests.others_who_may(case))
    return unknown and others, why if not unknown else "the account lists nobody else who may cancel for it"


def _nobody_may_cancel(case: CancellationCase) -> Answer:
    unknown, why = _requester_unknown(case)
    others = bool(requests.others_who_may(case))
    return unknown and not others, why if not unknown else "somebody else who may cancel can be asked"


def _whole(case: CancellationCase) -> Answer:
    if case.intentional is None:
        return None, ""
    return scoping.scope_of(case) is Scope.WHOLE, "only a part of the subscription ends"


def _part(case: CancellationCase) -> Answer:
    if case.intentional is None:
        return None, ""
    return scoping.scope_of(case) is not Scope.WHOLE, "the whole subscription ends"


def _strategic(case: CancellationCase) -> Answer:
    return policies.is_strategic(case), "the account is not strategic"


def _feedback_welcome(case: CancellationCase) -> Answer:
    return case.feedback is not Feedback.DECLINED and not case.clean_break, "the customer does not want to be asked"


def _feedback_open(case: CancellationCase) -> Answer:
    welcome, why = _feedback_welcome(case)
    answered = case.feedback is Feedback.ANSWERED
    return bool(welcome) and not answered, "the customer answered" if answered else why


def _contact_welcome(case: CancellationCase) -> Answer:
    return not case.clean_break, "the customer wants no contact any more"


def _strategic_feedback(case: CancellationCase) -> Answer:
    return _both(_strategic(case), _feedback_welcome(case))


def _strategic_contact(case: CancellationCase) -> Answer:
    return _both(_strategic(case), _contact_welcome(case))


def _both(one: Answer, other: Answer) -> Answer:
    """Whether both hold, with the sentence of whichever does not."""
    return bool(one[0] and other[0]), one[1] if not one[0] else other[1]


def _refund_due(case: CancellationCase) -> Answer:
    last, rest = (_item(case, "preview_invoice", name) for name in ("refund", "refund_rest"))
    return last or rest, "nothing is to be paid back"


def _balance_due(case: CancellationCase) -> Answer:
    return _item(case, "preview_invoice", "balance"), "the customer owes nothing"


def _delta_has_data(case: CancellationCase) -> Answer:
    return _item(case, "delta_export", "rows"), "nothing was made since the export"


def _item(case: CancellationCase, step_id: str, name: str) -> bool | None:
    """Whether a step of the system found something other than nothing under that name; None before it is done.

    Of what a person did in its place the figures are not known, so that a person looks into what hangs on it, too.
    """
    step = next((step for step in case.steps if step.step_id == step_id), None)
    if step is None or not step.ended:
        return None
    items = step.evidence.items if step.state is StepState.DONE and step.evidence else ()
    if step.state is StepState.DONE and step.ended_by and all(item.content != name for item in items):
        return True
    return any(item.content == name and item.text not in ("", "0") for item in items)


def _access_live(case: CancellationCase) -> Answer:
    return not case.begun("stop_charging"), "the closing has begun"


def _access_reduced(case: CancellationCase) -> Answer:
    if case.withdrawn_at is None:
        return None, ""
    tried = any(step.step_id in redating.REDUCED and (step.opened_at or step.round > 1) for step in case.steps)
    return tried, "no access was reduced"


_LOOKS: Mapping[Found, Callable[[CancellationCase], Answer]] = {
    Found.REQUESTER_UNKNOWN: _requester_unknown,
    Found.OTHERS_MAY_CANCEL: _others_may_cancel,
    Found.NOBODY_MAY_CANCEL: _nobody_may_cancel,
    Found.WHOLE: _whole,
    Found.PART: _part,
    Found.DATE_INVALID: approvals.date_invalid,
    Found.SAVE_ATTEMPT: save_talk.attempt_wanted,
    Found.SAVE_ACCEPTED: save_talk.accepted,
    Found.NEEDS_MANAGER: approvals.needs_manager,
    Found.NEEDS_LEGAL: approvals.needs_legal,
    Found.STRATEGIC: _strategic,
    Found.FEEDBACK_WELCOME: _feedback_welcome,
    Found.FEEDBACK_OPEN: _feedback_open,
    Found.CONTACT_WELCOME: _contact_welcome,
    Found.STRATEGIC_FEEDBACK: _strategic_feedback,
    Found.STRATEGIC_CONTACT: _strategic_contact,
    Found.REFUND_DUE: _refund_due,
    Found.BALANCE_DUE: _balance_due,
    Found.DELTA_HAS_DATA: _delta_has_data,
    Found.ACCESS_LIVE: _access_live,
    Found.ACCESS_REDUCED: _access_reduced,
}
"""Every finding by the name that the plans use."""
