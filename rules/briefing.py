"""Preparation comes before persuasion: the first call waits for its brief (DIS-6, CONV-8)."""

from __future__ import annotations

from datetime import datetime

from models.case import Case, RefusalType
from models.commands import Command, CompleteStep
from models.document import DocumentKind
from models.effects import Action, Verb
from models.save import SaveCase
from models.work import PrepareBrief
from rules import pages
from rules.edit import say
from rules.refusal import Refused
from rules.routing import policy_of


def is_awaited(case: Case) -> bool:
    """Whether the brief of the first call is still to be prepared by the system."""
    return any(spec.page and spec.page.kind is DocumentKind.BRIEF for _, spec, _ in pages.owed(case))


def needed(case: Case, command: Command) -> bool:
    """Whether the command completes a first call whose brief is still awaited."""
    step = case.step(command.step_id) if isinstance(command, CompleteStep) else None
    spec = case.spec(step.step_id) if step else None
    return spec is not None and spec.respond and is_awaited(case)


def waits(case: Case, command: Command, now: datetime) -> bool:
    """Whether the command waits, since its brief is a matter of moments: asked for, and not put off after a failure."""
    put_off = any(retry.action.verb is Verb.PREPARE_BRIEF and retry.not_before > now for retry in case.retries)
    return not put_off and needed(case, command)


def check(case: SaveCase, command: CompleteStep, now: datetime) -> SaveCase:
    """The first call is done with its brief, or before it with a reason where the policy lets an urgent case (DIS-6).

    Raises ``Refused(BriefMissing)``. A brief that the system cannot prepare holds up nobody.
    """
    if not needed(case, command):
        return case
    may = case.ladder() == policy_of(case).brief.skippable_ladder
    if may and command.without_brief:
        return say(case, now, "call_without_brief", command.without_brief, by=command.by, step=command.step_id)
    without = "; so urgent a case may do without, with the reason as 'without_brief'" if may else ""
    raise Refused(
        RefusalType.BRIEF_MISSING,
        f"{command.step_id} waits for its brief, which is not prepared yet; give the command again once it is{without}",
    )


def request(case: Case, action: Action) -> PrepareBrief:
    """What the brief of the action's step is to be made of."""
    step = next(step for step in case.steps if step.id in action.steps)
    cause = case.root_cause if isinstance(case, SaveCase) else None
    reason = case.stated_reason if isinstance(case, SaveCase) else case.reason
    return PrepareBrief(
        key=action.key,
        account_id=case.account_id,
        person=step.person or case.opened_by,
        at=action.moment,
        playbook=case.plan.name if case.plan else "",
        case_id=case.case_id,
        reason=reason,
        root_cause=cause,
        opened_at=case.opened_at,
    )
