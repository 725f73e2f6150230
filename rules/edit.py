"""The few ways in which a case changes. Each keeps the revision that tells the book what is new."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from models.case import AskKind, Case, MessageState, Notice, RefusalType, TimelineEvent
from models.effects import DigestLine, Verb, Word
from models.people import PersonId
from models.step import Step

C = TypeVar("C", bound=Case)
_OF_MANY_STEPS = (Verb.SYNC_TASKS, Verb.SEND_DIGEST)


def change(case: C, **fields: Any) -> C:
    """The case with these fields, at its next revision."""
    return case.model_copy(update={**fields, "revision": case.revision + 1})


def put_steps(case: C, *steps: Step) -> C:
    """The case with these steps: one of a known id is replaced, others are appended."""
    new = {step.id: step.model_copy(update={"revision": case.revision + 1}) for step in steps}
    kept = tuple(new.pop(step.id, step) for step in case.steps)
    return change(case, steps=kept + tuple(new.values()))


def say(case: C, now: datetime, kind: str, text: str, *, by: PersonId | None = None, step: str | None = None) -> C:
    """The case with one more line of history at ``now`` (UTC)."""
    event = TimelineEvent(n=case.events + 1, at=now, kind=kind, text=text, by=by, step=step)
    return change(case, timeline=(*_kept(case), event), events=case.events + 1)


def tell(case: C, now: datetime, person: PersonId | None, word: Word, text: str, step: str | None = None) -> C:
    """The case with a line for the next digest of ``person``; unchanged where there is nobody to tell."""
    if person is None:
        return case
    line = DigestLine(word=word, mark=f"notice:{case.revision}", subject=text, step=step)
    return change(case, notices=(*case.notices, Notice(person=person, line=line, at=now)))


def drop_drafts(case: C, *step_ids: str) -> C:
    """The case in which drafts of these steps, which ended some other way, are not sent any more."""
    drafts = {m.id for m in case.messages if m.step in step_ids and m.state is MessageState.DRAFTED}
    if not drafts:
        return case
    dropped = {"state": MessageState.DROPPED, "revision": case.revision + 1}
    case = change(case, messages=tuple(m.model_copy(update=dropped) if m.id in drafts else m for m in case.messages))
    return _not_sent_later(case, drafts)


def not_tried_again(case: C, *step_ids: str) -> C:
    """The case in which nothing is tried again for these steps alone; what tells of many steps at once still goes out."""
    ids = set(step_ids)
    kept = tuple(r for r in case.retries if r.action.verb in _OF_MANY_STEPS or ids.isdisjoint(r.action.steps))
    return case.model_copy(update={"retries": kept})


def waits_since(case: Case, message_id: str) -> datetime | None:
    """As of when (UTC) a draft that waits for its release was made; None where none waits, or it is on its way."""
    draft = next((m for m in case.messages if m.id == message_id and m.state is MessageState.DRAFTED), None)
    released = any(ask.subject == message_id and not ask.answered for ask in case.asks)
    return None if draft is None or released else draft.drafted_at


def _not_sent_later(case: C, messages: set[str]) -> C:
    """The case without releases of these messages that wait for their turn; one that is on its way cannot be called back."""
    flying = {action.subject for action in case.in_flight if action.verb is Verb.RELEASE_MESSAGE}
    moot = {ask.id for ask in case.asks if ask.subject in messages and ask.kind is AskKind.RELEASE} - flying
    refused = {"answered": True, "refusal": RefusalType.ILLEGAL_MOVE, "sentence": "its step ended before it was sent"}
    asks = tuple(ask.model_copy(update=refused) if ask.id in moot else ask for ask in case.asks)
    retries = tuple(retry for retry in case.retries if retry.action.subject not in moot)
    kept = tuple(ask for ask in asks if ask.awaited or ask.id not in moot)
    return case.model_copy(update={"asks": kept, "retries": retries})


def _kept(case: Case) -> tuple[TimelineEvent, ...]:
    """Written events beyond the number that the policy keeps leave the case; the book has them."""
    limit = case.plan.policy.kept_timeline if case.plan else len(case.timeline) + 1
    surplus = max(len(case.timeline) + 1 - limit, 0)
    return tuple(event for i, event in enumerate(case.timeline) if i >= surplus or event.n > case.booked_events)
