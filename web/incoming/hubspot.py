"""HubSpot: a task that was completed there completes the step that it is of."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from pydantic import SecretStr

from adapters.webhooks.signatures import BadSignature, check_hubspot
from cli import cases
from cli.exits import refused
from models.case import CaseKind
from models.commands import CompleteStep, EvidenceGiven
from models.step import StepState
from models.webhooks import Received, Source, Worked
from web.bodies import MOST_JSON, body_of, json_of
from web.house import House
from web.incoming.keeping import Kept, keep, misshapen, unsigned

PATH = "/webhooks/hubspot"
_TASK = "0-27"
_ENDED = (StepState.DONE, StepState.SKIPPED, StepState.FAILED)
_RIGHT = "an array of HubSpot's events with eventId, subscriptionType and objectId"


def router(house: House, secret: SecretStr) -> APIRouter:
    """``POST /webhooks/hubspot``; the signature covers the URL under which HubSpot calls."""
    routes = APIRouter()

    @routes.post(PATH)
    async def receive(request: Request) -> Kept:
        body = await body_of(request, MOST_JSON)
        try:
            check_hubspot(request.headers, body, house.settings.web_url + PATH, secret, house.now())
        except BadSignature as fault:
            raise unsigned(fault) from None
        events = json_of(body)
        if not isinstance(events, list) or not all(_is_event(event) for event in events):
            raise misshapen(_RIGHT)
        wanted = [event for event in events if _is_of_task(event)]
        return await keep(house, [_received(house, event) for event in wanted], ignored=len(events) - len(wanted))

    return routes


async def work(house: House, one: Received) -> Worked:
    """Read the task again, and complete its step with its words as evidence. Raises ``Failure`` where the case refuses."""
    parts = await house.desk.parts()
    if parts.readers.tasks is None:
        raise refused("NoReader", "no part reads tasks of HubSpot; let HubSpot keep the accounts, and try it again")
    task = await parts.readers.tasks.task(json.loads(one.body)["object"])
    if task is None or not task.completed:
        return Worked(said="HubSpot has no completed task of ours by that id")
    case = await parts.book.case(task.case_id)
    step = next((step for step in await parts.book.steps(case.case_id) if step.status.id == task.step_id), None)
    if step and step.status.state in _ENDED:
        return Worked(said=f"step {task.step_id} has ended already", account_id=case.account_id)
    if not task.by:
        sentence = "whoever completed the task is nobody of the team directory; complete the step by hand"
        raise refused("UnknownPerson", f"{case.account_id}, step {task.step_id}: {sentence}")
    given = CompleteStep(step_id=task.step_id, by=task.by, evidence=EvidenceGiven(text=task.note))
    known_as = f"hubspot-{one.id}"  # a step that was opened again is completed again, by another event
    await cases.answer(house.desk, cases.key_of(case), given, known_as, CaseKind(case.kind))
    return Worked(said=f"completed {task.step_id} of {case.workflow_id}", account_id=case.account_id)


def _is_event(event: Any) -> bool:
    wanted = ("eventId", "subscriptionType", "objectId")
    return isinstance(event, dict) and all(isinstance(event.get(name), str | int) for name in wanted)


def _is_of_task(event: dict[str, Any]) -> bool:
    """Whether it tells of a change to a task, in either of the ways in which HubSpot names the kind of object."""
    kind = str(event["subscriptionType"])
    return kind == "task.propertyChange" or (kind == "object.propertyChange" and event.get("objectTypeId") == _TASK)


def _received(house: House, event: dict[str, Any]) -> Received:
    """HubSpot's event ids are not unique by themselves."""
    id_ = "-".join(str(event.get(name, "")) for name in ("portalId", "eventId", "objectId", "occurredAt"))[:200]
    body = json.dumps({"object": str(event["objectId"])}).encode()
    kind = str(event["subscriptionType"])[:200]
    return Received(source=Source.HUBSPOT, id=id_, kind=kind, body=body, received_at=house.now())
