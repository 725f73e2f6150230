"""The same save, written the naive way: one activity per effect, one per book row, and a timer for each step.

It is kept to compare with. It calls the real activities of the real parts, does the same for the same people at the
same moments, and knows neither digests nor batches. Its book rows are plainer than the real ones, in its own favour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from activities.crm import CrmActivities
    from activities.messages import MessageActivities
    from activities.notices import NoticeActivities
    from activities.plans import PlanActivities
    from models import commands as c
    from models.base import Record, Utc
    from models.case import Edit
    from models.effects import DigestLine, Word
    from models.people import PersonId
    from models.policy import FailureClass
    from models.work import (
        AddNote,
        DraftMessage,
        LoadAccount,
        LoadPlan,
        NotifyTeam,
        Receipt,
        ReleaseMessage,
        SendDigest,
        SyncTasks,
        TaskChange,
    )

from workflows.contract import Queue
from workflows.options import OPTIONS

QUEUE = "bench"
_WARN_SHARE = 0.75


class NaiveStep(Record):
    """A step with all that the naive way must know of it. ``opens`` and ``due`` count from the start of the case."""

    id: str
    title: str
    person: PersonId
    opens: timedelta
    due: timedelta
    task: bool = True
    template: str = ""
    message_id: str = ""
    proved_by_message: bool = False
    notify: tuple[PersonId, ...] = ()


class NaiveStory(Record):
    """A save from its opening to its end: the account, who opens it, and every step that will come up."""

    account_id: str
    opened_by: PersonId
    reason: str
    playbook: str
    steps: tuple[NaiveStep, ...]


class Row(Record):
    """One row of the book."""

    key: str
    table: str
    id: str
    said: str
    at: Utc


@activity.defn
async def write_row(row: Row) -> Receipt:
    """Take a row; only its cost for the history is of interest."""
    return Receipt(id=row.key, at=row.at)


@workflow.defn(name="NaiveSave")
class NaiveSave:
    """One coroutine per step, one activity per effect."""

    def __init__(self) -> None:
        self._story: NaiveStory | None = None
        self._began = workflow.now()
        self._done: dict[str, str] = {}
        self._closed = ""
        self._count = 0

    @workflow.run
    async def run(self, story: NaiveStory) -> str:
        """Follow every step of the story until the case is closed."""
        self._began = workflow.now()
        await self._do(CrmActivities.load_account, LoadAccount(account_id=story.account_id), Queue.CRM)
        await self._do(PlanActivities.load_plan, LoadPlan(playbook=story.playbook), Queue.CASES)
        await self._rows("case", "case", "opened")
        self._story = story
        followed = [asyncio.ensure_future(self._follow(step)) for step in story.steps]
        await workflow.wait_condition(lambda: bool(self._closed))
        for each in followed:
            await each
        await self._note(self._closed)
        await self._rows("case", "case", self._closed)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._closed

    @workflow.update
    async def log_contact(self, command: c.LogContact) -> None:
        """A contact with the customer."""
        await self._heard(command.summary)

    @workflow.update
    async def triage(self, command: c.Triage) -> None:
        """The saveable test."""
        await self._heard(f"saveable test by {command.by}")

    @workflow.update
    async def record_root_cause(self, command: c.RecordRootCause) -> None:
        """The root cause."""
        await self._heard(command.root_cause)

    @workflow.update
    async def complete_step(self, command: c.CompleteStep) -> None:
        """A step is done; its coroutine does the rest."""
        await workflow.wait_condition(lambda: self._story is not None)
        self._done[command.step_id] = command.evidence.text

    @workflow.update
    async def release_message(self, command: c.ReleaseMessage) -> None:
        """Send a message; where it proves its step, the step is done."""
        await workflow.wait_condition(lambda: self._story is not None)
        edits = tuple(Edit(name=name, text=text) for name, text in command.edits.items())
        await self._do(MessageActivities.release_message, self._release(command, edits), Queue.EMAIL)
        await self._rows("message", command.message_id, "sent")
        step = next(s for s in self._told.steps if s.message_id == command.message_id)
        if step.proved_by_message:
            self._done[step.id] = f"message {command.message_id}"

    @workflow.update
    async def close(self, command: c.CloseSave) -> None:
        """The outcome."""
        self._closed = command.outcome

    @property
    def _told(self) -> NaiveStory:
        assert self._story is not None
        return self._story

    async def _heard(self, said: str) -> None:
        await workflow.wait_condition(lambda: self._story is not None)
        await self._row("event", "case", said)
        await self._row("case", "case", said)

    async def _follow(self, step: NaiveStep) -> None:
        if await self._ended_by(step.opens, lambda: bool(self._closed)):
            return
        await self._open(step)
        if step.notify:
            await self._notify(step)
        for share, word in ((_WARN_SHARE, Word.WARN), (1.0, Word.OVERDUE)):
            if await self._ended_by(step.opens + (step.due - step.opens) * share, lambda: self._is_over(step)):
                break
            await self._remind(step, word)
        await workflow.wait_condition(lambda: self._is_over(step))
        await self._rows("step", step.id, self._done.get(step.id, "left out"))
        if step.task and not step.notify:
            await self._task(step, opens=False)

    def _is_over(self, step: NaiveStep) -> bool:
        return bool(self._closed) or step.id in self._done

    async def _ended_by(self, moment: timedelta, ended: Callable[[], bool]) -> bool:
        """Wait until a moment of the case; True where it ended before that."""
        left = self._began + moment - workflow.now()
        if ended() or left <= timedelta(0):
            return ended()
        try:
            await workflow.wait_condition(ended, timeout=left)
        except TimeoutError:
            return False
        return True

    async def _open(self, step: NaiveStep) -> None:
        await self._rows("step", step.id, "open")
        if step.task and not step.notify:
            await self._task(step, opens=True)
        if step.template:
            await self._do(MessageActivities.draft_message, self._draft(step), Queue.EMAIL)
            await self._rows("message", step.message_id, "drafted")

    async def _notify(self, step: NaiveStep) -> None:
        for person in step.notify:
            notice = NotifyTeam(
                key=self._key(f"{step.id}/notify/{person}"),
                case_id=self._case_id,
                account_id=self._told.account_id,
                step=step.id,
                title=step.title,
                people=(person,),
                at=workflow.now(),
                reason=self._told.reason,
            )
            await self._do(NoticeActivities.notify_team, notice, Queue.EMAIL)
        self._done[step.id] = f"sent to {', '.join(step.notify)}"

    async def _remind(self, step: NaiveStep, word: Word) -> None:
        digest = SendDigest(
            key=self._key(f"{step.id}/{word}"),
            case_id=self._case_id,
            account_id=self._told.account_id,
            person=step.person,
            at=workflow.now(),
            lines=(DigestLine(word=word, mark=word, subject=step.title, step=step.id, due=self._moment(step.due)),),
        )
        await self._do(NoticeActivities.send_digest, digest, Queue.EMAIL)
        await self._row("event", step.id, f"{step.person} was told: {word}")

    async def _task(self, step: NaiveStep, *, opens: bool) -> None:
        change = TaskChange(
            key=self._key(f"{step.id}/task"),
            step=step.id,
            title=step.title,
            person=step.person,
            due=self._moment(step.due),
            open=opens,
            note="" if opens else self._done.get(step.id, "left out"),
        )
        key = self._key(f"{step.id}/{'open' if opens else 'close'}")
        request = SyncTasks(key=key, case_id=self._case_id, account_id=self._told.account_id, changes=(change,))
        await self._do(CrmActivities.sync_tasks, request, Queue.CRM)

    async def _note(self, text: str) -> None:
        key = self._key("note")
        note = AddNote(key=key, case_id=self._case_id, account_id=self._told.account_id, text=text)
        await self._do(CrmActivities.add_note, note, Queue.CRM)

    def _draft(self, step: NaiveStep) -> DraftMessage:
        return DraftMessage(
            key=self._key(f"{step.message_id}/draft"),
            case_id=self._case_id,
            account_id=self._told.account_id,
            message_id=step.message_id,
            step=step.id,
            template=step.template,
            signer=step.person,
            at=workflow.now(),
            opened_at=self._began,
            due=self._moment(step.due),
            cause=self._told.reason,
            occurrence=int(step.message_id.rpartition("-")[2]),
        )

    def _release(self, command: c.ReleaseMessage, edits: tuple[Edit, ...]) -> ReleaseMessage:
        return ReleaseMessage(
            key=self._key(f"{command.message_id}/release"),
            case_id=self._case_id,
            account_id=self._told.account_id,
            message_id=command.message_id,
            by=command.by,
            at=workflow.now(),
            edits=edits,
        )

    @property
    def _case_id(self) -> str:
        return workflow.info().workflow_id.replace(":", "-")

    def _key(self, what: str) -> str:
        return f"{self._case_id}/{what}"

    def _moment(self, offset: timedelta) -> datetime:
        return self._began + offset

    async def _rows(self, table: str, id: str, said: str) -> None:  # noqa: A002
        await self._row(table, id, said)
        await self._row("event", id, said)

    async def _row(self, table: str, id: str, said: str) -> None:  # noqa: A002
        self._count += 1
        row = Row(key=self._key(f"row/{self._count}"), table=table, id=id, said=said, at=workflow.now())
        await self._do(write_row, row, QUEUE)

    async def _do(self, effect: Callable[..., Any], request: Any, queue: str) -> None:
        options = OPTIONS[FailureClass.NOTIFY]
        await workflow.execute_activity(effect, request, task_queue=queue, **options)
