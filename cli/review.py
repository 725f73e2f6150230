"""``review``: the reviews of the calendar: what waits for you, its page, and that it was held (RISK-121, METR-8..10)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import uuid4

import typer
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ActivityError, ApplicationError

from adapters.clock import utc_now
from cli import cases, standup, view_review
from cli.command import Reply, command, group
from cli.desk import Desk
from cli.exits import Failure, failure_of, unknown
from cli.options import By, CommandId
from models.book import CaseFilter
from models.case import CaseKind, RefusalType
from models.commands import Answered
from models.faults import PermanentFault, TransientFault
from models.people import PersonId
from models.review import Begun, ConfirmReview, ReviewOutcome, ReviewRoundStart
from rules.refusal import Refused
from rules.reviews.asked import spec_of
from rules.reviews.calendar import next_after
from rules.reviews.lifecycle import HELD
from workflows.contract import Queue, WorkflowType, review_round_id

app = group("Reviews by the calendar: each has a page, and a named person who confirms that it was held.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name as 'review list' shows it.", show_default=False)]
_ALL = 10_000


@command(app, "list", example="review list --person usr-07")
async def list_(
    desk: Desk,
    person: Annotated[
        str | None, typer.Option("--person", help="Only what this person is asked for.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that ended, too.")] = False,
) -> Reply:
    """The reviews that wait to be held, the next due first, and when the calendar asks for each kind again."""
    parts = await desk.parts()
    wanted = CaseFilter(kind=CaseKind.REVIEW, open_only=not everything, owner=person, limit=_ALL)
    found = [view_review.listed(entry) for entry in await parts.book.cases(wanted)]
    calendar, now = await parts.playbooks.reviews(), utc_now()
    ahead = {spec.name: next_after(spec, now, calendar.time_zone) for spec in calendar.reviews}
    data = {"reviews": [one.model_dump(mode="json") for one in found], "next": ahead}
    return Reply(data, view_review.of_list(found, ahead, await desk.names(), now))


@command(app, "show", example="review show portfolio.usr-01.2026-W48")
async def show(desk: Desk, name: Name) -> Reply:
    """A review: whom it asks and until when, its page, and what came of it."""
    status = (await cases.see(desk, name, CaseKind.REVIEW)).status
    page = await (await desk.parts()).documents.find(f"{status.case_id}/held/prepare_review")
    data = {"status": status.model_dump(mode="json"), "page": page.text if page else ""}
    return Reply(data, view_review.of_review(name, status, page, await desk.names()))


@command(
    app,
    "confirm",
    example='review confirm portfolio.usr-01.2026-W48 --by usr-01 --notes "went through all twelve; two worry me"',
)
async def confirm(
    desk: Desk,
    name: Name,
    by: By,
    notes: Annotated[
        str, typer.Option("--notes", help="What was found and decided, in a sentence.", show_default=False)
    ] = "",
    command_id: CommandId = None,
) -> Reply:
    """Confirm that a review was held. The one of a stand-up also completes the stand-up step of every save."""
    if team := standup.team_of(name):
        return await standup.confirmed(desk, team, by, notes)
    given = ConfirmReview(by=by, notes=notes)
    try:
        answered = await cases.update(desk, name, given, command_id, CaseKind.REVIEW)
    except Failure as failure:
        if failure.kind != RefusalType.CASE_CLOSED or not (known := await _known(desk, name, given)):
            raise
        answered = known
    return Reply(answered, view_review.of_confirmed(name))


async def _known(desk: Desk, name: str, given: ConfirmReview) -> Answered | None:
    """What a confirmation came to that the same person gives again in the same words; None where it says something new."""
    status = (await cases.see(desk, name, CaseKind.REVIEW)).status
    proofs = {step.evidence.text for step in status.steps if step.id == HELD and step.evidence}
    who = {event.by for event in status.timeline if event.kind == "closed"}
    alike = status.outcome == ReviewOutcome.HELD and given.by in who and given.notes.strip() in proofs
    return Answered(said=f"{name} was confirmed so before; it counts once", stage=status.stage) if alike else None


@command(app, "start", example="review start portfolio --subject usr-01")
async def start(
    desk: Desk,
    review: Annotated[str, typer.Argument(help="Which one, as 'review list' shows it.", show_default=False)],
    subject: Annotated[
        PersonId | None, typer.Option("--subject", help="Of this person or account alone.", show_default=False)
    ] = None,
) -> Reply:
    """Begin the reviews of this period now, without waiting for the calendar; one that began is not begun again."""
    try:
        spec_of(await (await desk.parts()).playbooks.reviews(), review)
    except Refused as refused:
        raise unknown(refused.kind, refused.sentence) from None
    client = await desk.client()
    with desk.working("beginning"):
        began: Begun = await _result_of(
            await client.start_workflow(
                WorkflowType.REVIEW_ROUND,
                ReviewRoundStart(review=review, subject=subject),
                id=f"{review_round_id(review)}:{uuid4()}",
                task_queue=Queue.CASES,
                static_summary=f"begin the reviews: {review}",
                result_type=Begun,
            )
        )
    return Reply(began, view_review.of_begun(began))


async def _result_of(handle: WorkflowHandle[Any, Begun]) -> Begun:
    """What a round comes to. Raises ``Failure`` with its reason, ``TransientFault`` where no worker runs."""
    try:
        return await asyncio.wait_for(handle.result(), cases.PATIENCE.total_seconds())
    except TimeoutError as error:
        raise TransientFault(cases.NO_WORKER) from error
    except WorkflowFailureError as error:
        cause = error.cause.cause if isinstance(error.cause, ActivityError) else error.cause
        if not isinstance(cause, ApplicationError):
            raise TransientFault(f"it did not go through ({cause}); try again") from error
        raise failure_of(PermanentFault(cause.type or "Refused", cause.message)) from error
