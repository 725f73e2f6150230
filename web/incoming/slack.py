"""Slack: approvals and step completion by the buttons of a digest, acknowledged first and worked then."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, BackgroundTasks, Request, Response
from pydantic import SecretStr, ValidationError
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from adapters.chat.port import ChatPort
from adapters.chat.slack_clicks import Misshapen, check_slack, read
from adapters.webhooks.signatures import BadSignature
from cli import cases
from cli.exits import Failure, failure_of, refused
from models.book import CaseEntry
from models.cancellation_commands import DecideLeaving
from models.case import CaseKind
from models.chat import About, Click, Does
from models.commands import Command, CompleteStep, DecideApproval, EvidenceGiven
from models.faults import PermanentFault, TransientFault
from models.letter import Letter
from models.offer_commands import Decision
from models.people import PersonId
from models.webhooks import Received, Source, Worked
from parts import Parts
from web.bodies import MOST_JSON, body_of, refusal
from web.house import House
from web.incoming.keeping import keep, unsigned
from web.working import may_pass

_GONE = "this message is not known any more; see the case itself"


def router(house: House, secret: SecretStr) -> APIRouter:
    """``POST /webhooks/slack``, the Request URL of the app's interactivity."""
    routes = APIRouter()

    @routes.post("/webhooks/slack")
    async def receive(request: Request, after: BackgroundTasks) -> Response:
        click = await clicked(house, secret, request.headers, await body_of(request, MOST_JSON))
        if click and click.needs_form:
            after.add_task(_open_form, house, click)
        return Response(background=after)  # a body would be taken for an instruction to the form

    return routes


async def clicked(house: House, secret: SecretStr, headers: Mapping[str, str], body: bytes) -> Click | None:
    """Take an interaction in: what counts by itself is kept to be worked, and the click is given back.

    Raises ``HTTPException``: 401 for a signature that does not hold, 400 for another shape.
    """
    try:
        check_slack(headers, body, secret, house.now())
        click = read(body)
    except BadSignature as fault:
        raise unsigned(fault) from None
    except Misshapen as fault:
        raise refusal(HTTPStatus.BAD_REQUEST, str(fault)) from None
    if click and not click.needs_form:
        await keep(house, [_received(house, click)])
    return click


async def work(house: House, one: Received) -> Worked:
    """Give the case what was clicked, as the person of the directory with the clicker's mail address; say what came of it.

    Raises what may pass; a no of the case is the clicker's to hear, below the message.
    """
    parts, click = await house.desk.parts(), Click.model_validate_json(one.body)
    if parts.chat is None:
        raise refused("NoChat", "no chat is set up; set FOLLOWTHROUGH_CHAT=slack again, and try it again")
    try:
        case = await parts.book.case((await _letter(parts, click.about)).case_id)
        worked = await _given(house, parts, parts.chat, click, case)
    except (Failure, PermanentFault, ValidationError) as error:
        no = error if isinstance(error, Failure) else failure_of(error)
        if may_pass(no):
            raise
        worked = Worked(said=_in_words(no))
    await _say(parts.chat, click.about, worked.said)
    return worked


def _in_words(no: Failure) -> str:
    """The case's own sentence; that of the command line would speak of its options."""
    failed = no.__cause__
    cause = failed.cause if isinstance(failed, WorkflowUpdateFailedError) else None
    return cause.message if isinstance(cause, ApplicationError) else no.sentence


async def _given(house: House, parts: Parts, chat: ChatPort, click: Click, case: CaseEntry) -> Worked:
    by = await _person(parts, await chat.address_of(click.user))
    kind = CaseKind(case.kind)
    given = _command(click, by, kind)
    answered = await cases.answer(house.desk, cases.key_of(case), given, f"slack-{click.id}", kind)
    return Worked(said=answered.said, account_id=case.account_id)


async def _letter(parts: Parts, about: About) -> Letter:
    entry = await parts.outbox.entry(about.key)
    if entry is None or entry.letter.chat is None:
        raise refused("UnknownMessage", _GONE)
    return entry.letter


async def _person(parts: Parts, address: str) -> PersonId:
    """Who it is in the directory. Raises ``Failure`` where that is nobody, or more than one."""
    people = await parts.directory.people()
    found = [one.id for one in people if one.active and address and one.email.casefold() == address.casefold()]
    if len(found) != 1:
        who = "more than one person" if found else "nobody"
        raise refused("UnknownPerson", f"{who} of the team directory has the mail address of your Slack profile")
    return found[0]


def _command(click: Click, by: PersonId, kind: CaseKind) -> Command:
    step = click.about.step
    if click.about.does is Does.COMPLETE:
        proof = EvidenceGiven(text=click.text, items=click.items, decision=click.decision)
        return CompleteStep(step_id=step, by=by, evidence=proof)
    decide = DecideLeaving if kind is CaseKind.CANCELLATION else DecideApproval
    decision = Decision.APPROVED if click.about.does is Does.APPROVE else Decision.REFUSED
    return decide(approval_id=step, by=by, decision=decision, reason=click.text)


async def _open_form(house: House, click: Click) -> None:
    """Open the form after the answer; one that cannot be opened leaves the button, which can be pressed again."""
    parts = await house.desk.parts()
    try:
        letter = await _letter(parts, click.about)
        if parts.chat and letter.chat:
            await parts.chat.open_form(click, letter.chat)
    except (Failure, PermanentFault, TransientFault) as fault:
        logging.getLogger(__name__).warning("a form of Slack did not open: %s", fault)
        if parts.chat:
            await _say(parts.chat, click.about, str(fault))


async def _say(chat: ChatPort, about: About, text: str) -> None:
    """What came of it stands, whether or not it can be said."""
    try:
        await chat.reply(about, text)
    except (PermanentFault, TransientFault) as fault:
        logging.getLogger(__name__).warning("what came of a click was not said: %s", fault)


def _received(house: House, click: Click) -> Received:
    body = click.model_copy(update={"trigger": ""}).model_dump_json().encode()
    return Received(source=Source.SLACK, id=click.id, kind=click.about.does.value, body=body, received_at=house.now())
