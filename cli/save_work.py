"""``save``: the work of a save attempt: steps, contacts, causes, messages, people."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import cases, view_case
from cli.command import Reply, command
from cli.desk import Desk
from cli.options import Account, By, CommandId, Decision, Items, MessageId, Proof, Reason, StepId, moment, pairs
from cli.save import app as app
from cli.view_letters import of_draft
from models.case import CaseKind
from models.commands import (
    AddStep,
    Assign,
    Command,
    CompleteStep,
    EvidenceGiven,
    LogContact,
    LogSaveContact,
    RecordRootCause,
    ReleaseMessage,
    ReopenStep,
    RescheduleStep,
    SkipStep,
    TagStatement,
    Triage,
)
from models.plan import Channel
from models.save import Answer, Probability, SaveableAnswers, SaveWindow


async def give(desk: Desk, account: str, given: Command, command_id: str | None, kind: CaseKind = cases.SAVE) -> Reply:
    """Give the account's open case of that kind a command, and show its answer."""
    answered = await cases.update(desk, account, given, command_id, kind)
    return Reply(answered, view_case.of_answer(answered))


@command(app, "step", example='save step acc-0001 contact_call --by usr-01 --evidence "call 4711: exports time out"')
async def step(
    desk: Desk,
    account: Account,
    step_id: StepId,
    by: By,
    evidence: Proof = "",
    item: Items = None,
    decision: Decision = None,
    command_id: CommandId = None,
) -> Reply:
    """Complete a step with its evidence. What would prove it is said where something is missing."""
    proof = EvidenceGiven(text=evidence, items=pairs(item, "--item"), decision=decision)
    return await give(desk, account, CompleteStep(step_id=step_id, by=by, evidence=proof), command_id)


@command(app, "reschedule", example="save reschedule acc-0001 draft_plan --due 2026-12-04 --by usr-01 --reason leave")
async def reschedule(
    desk: Desk,
    account: Account,
    step_id: StepId,
    due: Annotated[str, typer.Option("--due", help="When it is due instead, as ISO text.", show_default=False)],
    by: By,
    reason: Reason,
    consent: Annotated[str, typer.Option("--consent", help="How the customer agreed, for a promise to them.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Move a due moment; moving a promise to the customer needs their consent."""
    given = RescheduleStep(step_id=step_id, due=moment(due), by=by, reason=reason, consent=consent)
    return await give(desk, account, given, command_id)


@command(app, "reopen", example='save reopen acc-0001 contact_call --by usr-07 --reason "that was another customer"')
async def reopen(
    desk: Desk, account: Account, step_id: StepId, by: By, reason: Reason, command_id: CommandId = None
) -> Reply:
    """Open a step again whose evidence was wrong or weak; what was given stays in the history."""
    return await give(desk, account, ReopenStep(step_id=step_id, by=by, reason=reason), command_id)


@command(app, "skip", example='save skip acc-0001 workshop --by usr-01 --reason "they know it already"')
async def skip(
    desk: Desk, account: Account, step_id: StepId, by: By, reason: Reason, command_id: CommandId = None
) -> Reply:
    """Leave a step out, where its playbook allows it."""
    return await give(desk, account, SkipStep(step_id=step_id, by=by, reason=reason), command_id)


@command(
    app,
    "add-step",
    example='save add-step acc-0001 send_report --title "Send the report" --owner csm --due 2026-12-04 '
    '--by usr-01 --reason "they asked"',
)
async def add_step(
    desk: Desk,
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
    return await give(desk, account, given, command_id)


@command(app, "contact", example='save contact acc-0001 phone --answered --by usr-01 --summary "spoke with the CTO"')
async def contact(
    desk: Desk,
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
    return await give(desk, account, given, command_id)


@command(
    app,
    "cause",
    example='save cause acc-0001 missing_feature --why "no bulk export" --why "staff retypes it" --by usr-01',
)
async def cause(
    desk: Desk,
    account: Account,
    code: Annotated[str, typer.Argument(help="Code of the root cause.", show_default=False)],
    why: Annotated[list[str], typer.Option("--why", help="One to five whys, the first one first.", show_default=False)],
    by: By,
    stated: Annotated[str, typer.Option("--stated", help="The reason in the customer's own words.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Record the root cause; it picks the playbook, and what is done is kept."""
    given = RecordRootCause(root_cause=code, whys=tuple(why), by=by, stated_reason=stated)
    return await give(desk, account, given, command_id)


@command(app, "statement", example='save statement acc-0001 too_expensive --quote "we cannot justify it" --by usr-01')
async def statement(
    desk: Desk,
    account: Account,
    code: Annotated[str, typer.Argument(help="Code in the dictionary of statements.", show_default=False)],
    by: By,
    quote: Annotated[str, typer.Option("--quote", help="Their own words.")] = "",
    command_id: CommandId = None,
) -> Reply:
    """Tag what the customer said; the answer says what it means and how to respond."""
    return await give(desk, account, TagStatement(code=code, quote=quote, by=by), command_id)


@command(app, "triage", example="save triage acc-0001 --can-solve yes --still-needed yes --economics no --by usr-01")
async def triage(
    desk: Desk,
    account: Account,
    by: By,
    can_solve: Annotated[Answer, typer.Option(help="Can we solve it?")] = Answer.UNKNOWN,
    still_needed: Annotated[Answer, typer.Option(help="Do they still need it?")] = Answer.UNKNOWN,
    will_work_with_us: Annotated[Answer, typer.Option(help="Will they work with us?")] = Answer.UNKNOWN,
    economics: Annotated[Answer, typer.Option(help="Does it pay?")] = Answer.UNKNOWN,
    good_for_us: Annotated[Answer, typer.Option(help="Is it good for us?")] = Answer.UNKNOWN,
    probability: Annotated[Probability | None, typer.Option(help="Your own estimate of the chances.")] = None,
    window: Annotated[SaveWindow | None, typer.Option(help="How far they have gone already.")] = None,
    command_id: CommandId = None,
) -> Reply:
    """Answer the saveable test; the verdict is recorded, never acted on by itself."""
    answers = SaveableAnswers(
        can_solve=can_solve,
        still_needed=still_needed,
        will_work_with_us=will_work_with_us,
        economics=economics,
        good_for_us=good_for_us,
    )
    given = Triage(by=by, answers=answers, probability=probability, window=window)
    return await give(desk, account, given, command_id)


@command(app, "message", example="save message acc-0001 engaged_notice-1")
async def message(desk: Desk, account: Account, message_id: MessageId) -> Reply:
    """Read a draft to the customer, with the parts that are still to be written."""
    case_id = (await cases.see(desk, account)).status.case_id
    draft = await (await desk.parts()).letters.preview(case_id, message_id)
    return Reply(draft, of_draft(draft, account))


@command(
    app,
    "release",
    example='save release acc-0001 engaged_notice-1 --by usr-01 --edit "personal=I tried your export myself today."',
)
async def release(
    desk: Desk,
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
    return await give(desk, account, given, command_id)


@command(app, "assign", example="save assign acc-0001 csm usr-03 --by usr-07")
async def assign(
    desk: Desk,
    account: Account,
    role: Annotated[str, typer.Argument(help="The role, such as csm.", show_default=False)],
    person: Annotated[str, typer.Argument(help="Id of the person who takes it.", show_default=False)],
    by: By,
    command_id: CommandId = None,
) -> Reply:
    """Give a role on this case to a person; what is open there is theirs to do."""
    return await give(desk, account, Assign(role=role, person=person, by=by), command_id)
