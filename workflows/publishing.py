"""What a case shows in Temporal: search attributes and details when they changed, and the counts of what it did."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from models.base import Record
    from models.book import CaseEntry
    from models.case import Case
    from models.effects import Action, Outcome, OutcomeKind, Verb, Word
    from models.policy import FailureClass
    from models.status import Status
    from rules import booking, summaries

from workflows import contract


class Shown(Record):
    """What was published last."""

    entry: tuple[tuple[str, Any], ...] = ()


def publish(case: Case, seen: Status, shown: Shown) -> Shown:
    """Show the case with its status ``seen``; search attributes only where they changed since ``shown``.

    Like the book, they wait for what is under way and changes them again within minutes; a new case is found at once.
    """
    workflow.set_current_details(summaries.of_case(seen))
    if shown.entry and _moves_on(case):
        return shown
    values = _values(booking.entry(case, seen, workflow.info().workflow_id))
    known = dict(shown.entry)
    changed = [key for key, value in values if known.get(key.name) != value]
    if changed:
        by_key = dict(values)
        workflow.upsert_search_attributes([_update(key, by_key[key]) for key in changed])
    return Shown(entry=tuple((key.name, value) for key, value in values))


def _moves_on(case: Case) -> bool:
    """Whether something is under way that ends soon; work in bulk may take hours, and a book write changes nothing."""
    return any(a.failure_class is not FailureClass.BULK and a.verb is not Verb.WRITE_BOOK for a in case.in_flight)


def count(action: Action, outcome: Outcome) -> None:
    """The business counters: reminders and escalations that went out, effects that did not."""
    meter = workflow.metric_meter()
    if outcome.kind is not OutcomeKind.DONE:
        meter.create_counter("followthrough_effects_not_done").add(1, {"verb": action.verb.value})
    elif action.verb is Verb.SEND_DIGEST:
        escalations = sum(line.word is Word.ESCALATE for line in action.lines)
        meter.create_counter("followthrough_reminders").add(len(action.lines) - escalations)
        meter.create_counter("followthrough_escalations").add(escalations)


def _values(entry: CaseEntry) -> list[tuple[SearchAttributeKey[Any], Any]]:
    return [
        (contract.ACCOUNT_ID, entry.account_id or None),
        (contract.CASE_STAGE, entry.stage),
        (contract.PLAYBOOK, entry.plan or None),
        (contract.ROOT_CAUSE, entry.root_cause if entry.plan else None),
        (contract.SEVERITY, entry.severity),
        (contract.OWNER, entry.owner),
        (contract.OUTCOME, entry.outcome),
        (contract.OVERDUE, entry.overdue > 0),
        (contract.NEXT_DUE, entry.next_due),
        (contract.ARR, entry.arr_minor / 100),
    ]


def _update(key: SearchAttributeKey[Any], value: Any) -> SearchAttributeUpdate[Any]:
    return key.value_unset() if value is None else key.value_set(value)
