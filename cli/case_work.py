"""``save`` and ``recovery``: the work that every case has: steps, contacts, messages, people."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from cli import after, cases, signalling, telling_leavers
from cli.cancel_inbox import app as cancel_app
from cli.command import Body, Reply, command
from cli.desk import Desk
from cli.giving import give
from cli.options import (
    Account,
    By,
    CommandId,
    Decision,
    Items,
    MessageId,
    Proof,
    Reason,
    StepId,
    WithoutBrief,
    moment,
    pairs,
)
from cli.recovery import app as recovery_app
from cli.save import app as save_app
from cli.view_letters import of_draft
from models.case import CaseKind
from models.commands import (
    AddStep,
    Assign,
    CompleteStep,
    EvidenceGiven,
    LogContact,
    LogSaveContact,
    ReleaseMessage,
    ReopenStep,
    RescheduleStep,
    RiskSignal,
    SkipStep,
)
from models.plan import Channel

GROUPS = {
    CaseKind.SAVE: save_app,
    CaseKind.RECOVERY: recovery_app,
    CaseKind.CANCELLATION: cancel_app,
    CaseKind.RETENTION: after.retention,
    CaseKind.WIN_BACK: telling_leavers.winback,
}
"""The group of commands of each kind of case."""


GROUP_NAMES = {kind: kind.value for kind in GROUPS} | {
    CaseKind.CANCELLATION: "cancel",
    CaseKind.WIN_BACK: "winback",
}
_NOT_FOR = {
    CaseKind.CANCELLATION: ("signal",),
    CaseKind.RETENTION: ("signal", "contact", "add-step"),
    CaseKind.WIN_BACK: ("signal", "contact", "add-step"),
}


def of_each(name: str, *, example: str) -> Callable[[Body], Body]:
    """Add ``async def body(desk, kind, ...)`` to the group of each kind of case, with its kind filled in."""

    def add(body: Body) -> Body:
        for kind, app in GROUPS.items():
            if name not in _NOT_FOR.get(kind, ()):
                command(app, name, example=f"{GROUP_NAMES[kind]} {example}")(_for(kind, body))
        return body

    return add


def _for(kind: CaseKind, body: Body) -> Body:
    @functools.wraps(body)
    async def bound(desk: Desk, **values: Any) -> Reply:
        return await body(desk, kind, **values)

    whole = inspect.signature(body)
    own = [each for each in whole.parameters.values() if each.name != "kind"]
    bound.__signature__ = whole.replace(parameters=own)  # type: ignore[attr-defined]
    return bound


@of_each("step", example='step acc-0001 contact_call --by usr-01 --evidence "call 4711: exports time out"')
async def step(
    desk: Desk,
    kind: CaseKind,
    account: Account,
    step_id: StepId,
    by: By,
    evidence: Proof = "",
    item: Items = None,
    decision: Decision = None,
    without_brief: WithoutBrief = "",
    command_id: CommandId = None,
) -> Reply:
    """Complete a step with its evidence. What would prove it is said where something is missing."""
    proof = EvidenceGiven(text=evidence, items=pairs(item, "--item"), decision=decision)
    given = CompleteStep(step_id=step_id, by=by, evidence=proof, without_brief=without_brief)
    return await give(desk, account, given, command_id, kind)


@of_each("reschedule", example="reschedule acc-0001 draft_plan --due 2026-12-04 --by usr-01 --reason leave")
async def reschedule(
    desk: Desk,
    kind: CaseKind,
    account: Account,
    step_id: StepId,
    due: Annotated[str, typer.Option("--due", help="When it is due instead, as ISO text.", show_default=False)],
    by: By,
    reason: Reason,
    consent: Annotated[
        str, typer.Option("--consent", help="How the customer agreed, for a promise to them or what is taken early.")
    ] = "",
    command_id: CommandId = None,
) -> Reply:
    """Move a due moment; a promise to the customer, or what is taken from them early, needs their consent."""
    given = RescheduleStep(step_id=step_id, due=moment(due), by=by, reason=reason, consent=consent)
    return await give(desk, account, given, command_id, kind)


@of_each("reopen", example='reopen acc-0001 contact_call --by usr-07 --reason "that was another customer"')
async def reopen(
    desk: Desk, kind: CaseKind, account: Account, step_id: StepId, by: By, reason: Reason, command_id: CommandId = None
) -> Reply:
    """Open a step again whose evidence was wrong or weak; what was given stays in the history."""
    return await give(desk, account, ReopenStep(step_id=step_id, by=by, reason=reason), command_id, kind)


@of_each("skip", example='skip acc-0001 workshop --by usr-01 --reason "they know it already"')
async def skip(
    desk: Desk, kind: CaseKind, account: Account, step_id: StepId, by: By, reason: Reason, command_id: CommandId = None
) -> Reply:
    """Leave a step out, where its playbook allows it."""
    return await give(desk, account, SkipStep(step_id=step_id, by=by, reason=reason), command_id, kind)


@of_each(
    "add-step",
    example='add-step acc-0001 send_report --title "Send the report" --owner csm --due 2026-12-04 '
    '--by usr-01 --reason "they asked"',
)
async def add_step(
    desk: Desk,
    kind: CaseKind,
    account: Account,
    step_id: Annotated[str, typer.Argument(help="A new id: a-z, 0-9 and _.", show_default=False)],
    title: Annotated[str, typer.Option("--title", help="What is owed, in one line.", show_default=False)],
    owner: Annotated[str, typer.Option("--owner", help="The one role that owes it.", show_default=False)],
    due: Annotated[str, typer.Option("--due", help="When it is due, as ISO text.", show_default=False)],
    by: By,
    reason: Reason,
    customer_facing: Annotated[bool, typer.Option("--customer-facing", help="The customer takes part in it.")] = False,
    command_id: CommandId = None,
) -> Reply:
    """Add a step by hand."""
    given = AddStep(
        step_id=step_id,
        title=title,
        owner=owner,
        due=moment(due),
        by=by,
        reason=reason,
        customer_facing=customer_facing,
    )
    return await give(desk, account, given, command_id, kind)


@of_each("contact", example='contact acc-0001 phone --answered --by usr-01 --summary "spoke with the CTO"')
async def contact(
    desk: Desk,
    kind: CaseKind,
    account: Account,
    channel: Annotated[Channel, typer.Argument(help="How.", show_default=False)],
    by: By,
    answered: Annotated[bool, typer.Option("--answered/--no-answer", help="Did they answer?", show_default=False)],
    summary: Annotated[str, typer.Option("--summary", help="What was said or tried.", show_default=False)],
    email_only: Annotated[bool, typer.Option("--email-only", help="They want to be written to, not called.")] = False,
    asked_renewal: Annotated[
        bool, typer.Option("--asked-renewal", help="They were asked whether they renew; a save asks once.")
    ] = False,
    command_id: CommandId = None,
) -> Reply:
    """Log a contact with the customer, answered or not."""
    given = LogContact(by=by, channel=channel, answered=answered, summary=summary, prefers_email=email_only)
    if asked_renewal:
        given = LogSaveContact(**given.model_dump(), asked_renewal=True)
    return await give(desk, account, given, command_id, kind)


@of_each("signal", example='signal acc-0001 usage_falling --detail "logins halved in two weeks"')
async def signal(
    desk: Desk,
    kind: CaseKind,
    account: Account,
    sign: Annotated[
        str, typer.Argument(metavar="KIND", help="What was seen, such as usage_falling.", show_default=False)
    ],
    detail: Annotated[str, typer.Option("--detail", help="What it was, in a few words.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who saw it; nobody where a system did.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="When it was, as ISO text; now if left out.")] = None,
) -> Reply:
    """Tell the open case what was seen of risk: a save may become more urgent, a recovery hands over to a new save.

    The kinds are those of policies/signals.yaml, and the codes of the dictionary of statements.
    """
    fact = RiskSignal(kind=sign, detail=detail, by=by, at=moment(at) if at else None)
    return await signalling.send(desk, account, fact, kind)


@of_each("message", example="message acc-0001 engaged_notice-1")
async def message(desk: Desk, kind: CaseKind, account: Account, message_id: MessageId) -> Reply:
    """Read a draft to the customer, with each of its parts by name, and what is still to be written."""
    case_id = (await cases.see(desk, account, kind)).status.case_id
    draft = await (await desk.parts()).letters.preview(case_id, message_id)
    return Reply(draft, of_draft(draft, account, GROUP_NAMES[kind]))


@of_each(
    "release",
    example='release acc-0001 engaged_notice-1 --by usr-01 --edit "personal=I tried your export myself today."',
)
async def release(
    desk: Desk,
    kind: CaseKind,
    account: Account,
    message_id: MessageId,
    by: By,
    edit: Annotated[
        list[str] | None, typer.Option("--edit", help="A part that you wrote, as name=text; may be given again.")
    ] = None,
    command_id: CommandId = None,
) -> Reply:
    """Send a drafted message, signed by you, with the parts that you wrote."""
    given = ReleaseMessage(message_id=message_id, by=by, edits=pairs(edit, "--edit"))
    return await give(desk, account, given, command_id, kind)


@of_each("assign", example="assign acc-0001 csm usr-03 --by usr-07")
async def assign(
    desk: Desk,
    kind: CaseKind,
    account: Account,
    role: Annotated[str, typer.Argument(help="The role, such as csm.", show_default=False)],
    person: Annotated[str, typer.Argument(help="Id of the person who takes it.", show_default=False)],
    by: By,
    command_id: CommandId = None,
) -> Reply:
    """Give a role on this case to a person; what is open there is theirs to do."""
    return await give(desk, account, Assign(role=role, person=person, by=by), command_id, kind)
