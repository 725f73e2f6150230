"""The drafts of a case: made when a step opens, made anew when there is news for them, gone when they were sent."""

from __future__ import annotations

from datetime import datetime

from models.case import Case, Message, MessageState
from models.effects import Action
from models.step import Step
from rules.edit import C, change, say
from rules.steps import of_action


def drafted(case: C, action: Action, now: datetime) -> C:
    """The case with a draft that waits for a person; one whose step ended or was put back meanwhile is not kept."""
    step, _ = of_action(case, action)
    if _is_gone(case, action):
        return case
    if step is None or step.ended or _of_round_before(step, action):
        return put(case, _message(case, action, now, MessageState.DROPPED))
    message = _message(case, action, now, MessageState.DRAFTED)
    again = " anew, with what was heard since," if message.drafts > 1 else ""
    text = f"message {message.id} is drafted{again} and waits for its release"
    return say(put(case, message), now, "message_drafted", text, step=message.step)


def given_up(case: C, action: Action, now: datetime) -> C:
    """The case whose draft could not be made; where there is an older one, that one stays to be released."""
    known = _known(case, action)
    if known is None:
        return put(case, _message(case, action, now, MessageState.DROPPED))
    return put(case, known.model_copy(update={"drafted_at": action.moment, "drafts": known.drafts + 1}))


def message_id(step: Step) -> str:
    """The id of the message that belongs to this occurrence and round of a step."""
    return f"{step.step_id}-{step.occurrence}" + (f"-{step.round}" if step.round > 1 else "")


def step_of(case: Case, message: str) -> Step | None:
    """The step that a message of that id belongs to; None where it is gone."""
    return next((step for step in case.steps if message_id(step) == message), None)


def put(case: C, message: Message) -> C:
    """The case with that message; one of a known id is replaced."""
    stamped = message.model_copy(update={"revision": case.revision + 1})
    others = tuple(other for other in case.messages if other.id != message.id)
    return change(case, messages=(*others, stamped))


def _message(case: Case, action: Action, now: datetime, state: MessageState) -> Message:
    step, spec = of_action(case, action)
    template = spec.template if spec and spec.template else ""
    known = _known(case, action)
    return Message(
        id=_id(action),
        step=step.id if step else "",
        template=template,
        state=state,
        at=now,
        drafted_at=action.moment,
        drafts=known.drafts + 1 if known else 1,
    )


def _is_gone(case: Case, action: Action) -> bool:
    """Whether a message that was drafted anew was sent or dropped meanwhile."""
    known = _known(case, action)
    return known is not None and known.state is not MessageState.DRAFTED


def _of_round_before(step: Step, action: Action) -> bool:
    """Whether the step begins anew meanwhile, and is written about anew then."""
    return _id(action) != message_id(step)


def _known(case: Case, action: Action) -> Message | None:
    return next((message for message in case.messages if message.id == _id(action)), None)


def _id(action: Action) -> str:
    return action.subject or action.key.split("/")[1]
