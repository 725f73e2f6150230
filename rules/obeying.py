"""The commands that every case of a customer obeys: its steps, messages, people, holds and plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from models import commands as c
from models.case import MessageState, RefusalType
from models.contact import CustomerCase
from rules import asking, authority, holding, offer_exits, offers, promising, steps, taking_back
from rules.refusal import Refused, one_of
from rules.routing import policy_of

T = TypeVar("T", bound=CustomerCase)
_ENDED = {
    MessageState.SENT: "is sent already; it goes out once",
    MessageState.DROPPED: "is not needed any more and stays unsent: its step ended, or begins anew, without it",
}
Handler = Callable[[Any, Any, datetime], Any]


def complete_step(case: T, command: c.CompleteStep, now: datetime) -> T:
    """A step is done by evidence; a customer who wants email only is not forced into a call (DIS-7)."""
    return offer_exits.told(steps.complete(case, command, now, email_only=case.prefers_email), command, now)


def release_message(case: T, command: c.ReleaseMessage, now: datetime) -> T:
    """Ask for the release of a draft; the answer says whether it went out."""
    message = next((m for m in case.messages if m.id == command.message_id), None)
    if message is None:
        drafts = one_of(m.id for m in case.messages if m.state is MessageState.DRAFTED)
        raise Refused(RefusalType.UNKNOWN_MESSAGE, f"there is no message '{command.message_id}'; drafts: {drafts}")
    if message.state is not MessageState.DRAFTED:
        raise Refused(RefusalType.ILLEGAL_MOVE, f"message {message.id} {_ENDED[message.state]}")
    if any(ask.subject == message.id and not ask.answered for ask in case.asks):
        raise Refused(RefusalType.ILLEGAL_MOVE, f"message {message.id} is on its way already")
    step, spec = steps.find(case, message.step)
    authority.check_step(case, step, spec, command.by)
    offers.check_offered(case, step, spec)
    return asking.release(case, message.id, command.by, command.edits, now)


def assign(case: T, command: c.Assign, now: datetime) -> T:
    """A role goes to a person; somebody new to the case is looked up in the directory first."""
    known = set(policy_of(case).roles) | {seat.role for seat in case.team.seats}
    if command.role not in known:
        raise Refused(RefusalType.UNKNOWN_ROLE, f"there is no role '{command.role}'; known: {one_of(sorted(known))}")
    return asking.person(case, command.role, command.person, command.by, now)


def hold(case: T, command: c.HoldCase, now: datetime) -> T:
    """Pause the people's clocks."""
    return holding.hold(case, command, now)


def resume(case: T, command: c.Resume, now: datetime) -> T:
    """End a hold early."""
    return holding.resume(case, command.by, now)


def adopt_plan(case: T, command: c.AdoptPlan, now: datetime) -> T:
    """Move to the present version of the playbook, or to another one."""
    name = command.playbook or (case.plan.name if case.plan else "")
    return asking.plan(case, name, command.by, command.reason, now, awaited=True)


HANDLERS: Mapping[type[c.Command], Handler] = {
    c.CompleteStep: complete_step,
    c.ReleaseMessage: release_message,
    c.RescheduleStep: steps.reschedule,
    c.ReopenStep: steps.reopen,
    c.SkipStep: steps.skip,
    c.AddStep: steps.add,
    c.Assign: assign,
    c.HoldCase: hold,
    c.Resume: resume,
    c.AdoptPlan: adopt_plan,
    c.MakeCommitment: promising.make,
    c.FulfilCommitment: promising.fulfil,
    c.CommunicateCommitment: promising.communicate,
    c.ConfirmCommitment: promising.confirm,
    c.WithdrawCommitment: taking_back.commitment,
}
