"""Tasks and notes on a company: found by our key before they are written, so that the same key has one effect."""

from __future__ import annotations

from datetime import UTC, datetime

from adapters.crm.hubspot.client import HubSpotClient
from adapters.crm.hubspot.mapping import PropertyMap
from adapters.crm.hubspot.owners import Owners
from adapters.crm.hubspot.records import Changed, HubSpotObject, Kind, NewObject
from adapters.crm.hubspot.texts import plain, written
from models.crm import NoteRecord, TaskStatus
from models.effects import TaskChange
from models.people import PersonId
from models.webhooks import ReadTask
from models.work import AddNote, SyncTasks

_TASK = ("hs_task_subject", "hs_task_body", "hs_task_status", "hs_timestamp", "hubspot_owner_id")
_NOTE = ("hs_note_body", "hs_timestamp")
_CHANGED_BY = "hs_updated_by_user_id"
_OPEN, _DONE = "NOT_STARTED", "COMPLETED"


class HubSpotWork:
    """What is written on companies."""

    def __init__(self, client: HubSpotClient, names: PropertyMap, owners: Owners) -> None:
        self._client = client
        self._names = names
        self._owners = owners

    async def sync(self, request: SyncTasks, company: str, at: datetime) -> None:
        """Create the tasks that are not there yet, change the others: one call each way for up to a hundred."""
        key = self._names.tasks.key
        there = await self._client.read(Kind.TASKS, [one.key for one in request.changes], [key], by=key)
        known = {task.value(key): task.id for task in there}
        told = [(one, await self._task(one, request.case_id, at)) for one in request.changes]
        new = [NewObject(properties=said, company=company) for one, said in told if one.key not in known]
        await self._client.create(Kind.TASKS, new)
        changed = [Changed(id=known[one.key], properties=said) for one, said in told if one.key in known]
        await self._client.update(Kind.TASKS, changed)

    async def note(self, request: AddNote, company: str, at: datetime) -> str:
        """Write a note, or find the one of this key; gives its id."""
        marks = self._names.notes
        there = await self._client.read(Kind.NOTES, [request.key], [marks.key], by=marks.key)
        if there:
            return there[0].id
        own = {marks.key: request.key, marks.case_id: request.case_id}
        said = own | {"hs_note_body": written(request.text), "hs_timestamp": _stamp(at)}
        made = await self._client.create(Kind.NOTES, [NewObject(properties=said, company=company)])
        return made[0].id

    async def tasks(self, company: str, account_id: str) -> tuple[TaskStatus, ...]:
        """Our tasks on a company, the earliest due first."""
        found = await self._on(company, Kind.TASKS, (*self._names.names(Kind.TASKS), *_TASK))
        people = await self._owners.people()
        ours = [self._status(each, account_id, people) for each in found if each.value(self._names.tasks.key)]
        return tuple(sorted(ours, key=lambda task: (task.due is None, task.due, task.key)))

    async def notes(self, company: str, account_id: str) -> tuple[NoteRecord, ...]:
        """The notes on a company, those that people wrote there as well, the oldest first."""
        marks = self._names.notes
        found = await self._on(company, Kind.NOTES, (*self._names.names(Kind.NOTES), *_NOTE))
        ours = (
            NoteRecord(
                key=each.value(marks.key) or f"hs-{each.id}",
                account_id=account_id,
                case_id=each.value(marks.case_id),
                text=plain(each.value("hs_note_body")),
                at=_moment(each.value("hs_timestamp")) or each.created,
            )
            for each in found
        )
        return tuple(sorted(ours, key=lambda note: (note.at, note.key)))

    async def task(self, task_id: str) -> ReadTask | None:
        """A task by HubSpot's id, as it stands there now; None where it is none of ours."""
        marks = self._names.tasks
        names = (*self._names.names(Kind.TASKS), *_TASK, _CHANGED_BY)
        found = await self._client.read(Kind.TASKS, [task_id], names)
        if not found or not found[0].value(marks.key):
            return None
        task = found[0]
        owner = (await self._owners.people()).get(task.value("hubspot_owner_id"), "")
        return ReadTask(
            id=task_id,
            case_id=task.value(marks.case_id),
            step_id=task.value(marks.step),
            completed=task.value("hs_task_status") == _DONE,
            by=(await self._owners.users()).get(task.value(_CHANGED_BY), owner),
            note=plain(task.value("hs_task_body")),
        )

    async def _on(self, company: str, kind: Kind, names: tuple[str, ...]) -> tuple[HubSpotObject, ...]:
        return await self._client.read(kind, await self._client.linked(Kind.COMPANIES, company, kind), names)

    async def _task(self, change: TaskChange, case_id: str, at: datetime) -> dict[str, str]:
        """A task as HubSpot takes it, which wants a moment for each: one without a due moment stands at its writing.

        What its owner wrote into it stays until the evidence of the step takes its place.
        """
        marks = self._names.tasks
        body = {"hs_task_body": written(change.note)} if change.note else {}
        return body | {
            marks.key: change.key,
            marks.case_id: case_id,
            marks.step: change.step,
            "hs_task_subject": change.title,
            "hs_task_type": "TODO",
            "hs_task_status": _OPEN if change.open else _DONE,
            "hs_timestamp": _stamp(change.due or at),
            "hubspot_owner_id": await self._owners.id_of(change.person),
        }

    def _status(self, task: HubSpotObject, account_id: str, people: dict[str, PersonId]) -> TaskStatus:
        marks = self._names.tasks
        return TaskStatus(
            key=task.value(marks.key),
            account_id=account_id,
            case_id=task.value(marks.case_id),
            step=task.value(marks.step),
            title=task.value("hs_task_subject"),
            person=people.get(task.value("hubspot_owner_id")),
            due=_moment(task.value("hs_timestamp")),
            open=task.value("hs_task_status") != _DONE,
            note=plain(task.value("hs_task_body")),
            changed_at=task.updated,
        )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: str) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
