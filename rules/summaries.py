"""What ops reads in Temporal's UI: one line per effect and timer, and the plan as a Markdown table. No personal data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.case import Case
from models.effects import Verb, Word
from models.status import Status, StepStatus
from models.step import StepState
from rules.agenda import Entry, agenda
from rules.working import WORK

_VERBS = {Word.WARN: "remind", Word.OVERDUE: "overdue", Word.ESCALATE: "escalate to", Word.ASSIGNED: "assign"}
_LONGEST = 180  # Temporal refuses a summary above 400 bytes

_PLAIN = {
    Verb.LOAD_ACCOUNT: "read the account and its team",
    Verb.LOAD_REVIEW: "read who holds the review",
    Verb.LOAD_PERSON: "look up a person",
    Verb.LOAD_PLAN: "read and pin the playbook",
    Verb.ADD_NOTE: "note the outcome in the CRM",
    Verb.RELEASE_MESSAGE: "send a released message",
    Verb.WRITE_BOOK: "write the book",
    Verb.START_CASE: "start the case that follows",
    Verb.TELL_CASE: "tell the account's other case",
    Verb.TAKE_OVER: "take over what was left to the day of a decision",
    Verb.END_DEFERRAL: "end the wait for a decision that was taken",
    Verb.LOAD_STANDING: "look up what was conceded before",
    Verb.APPLY_CONCESSION: "apply an accepted concession",
    Verb.PAUSE_BILLING: "pause billing as agreed",
}


def of_action(verb: Verb, entries: Sequence[Entry]) -> str:
    """The summary of an activity, such as ``remind csm: ack_call``."""
    steps = ", ".join(dict.fromkeys(entry.step for entry in entries if entry.step))
    if verb is Verb.SEND_DIGEST:
        return _cut("; ".join(dict.fromkeys(_of_line(entry) for entry in entries)))
    names = {
        Verb.SYNC_TASKS: "CRM tasks",
        Verb.NOTIFY_TEAM: "notify the team",
        Verb.DRAFT_MESSAGE: "draft",
        Verb.PREPARE_PAGE: "prepare the page",
        Verb.PREPARE_BRIEF: "prepare the brief",
        Verb.PREPARE_REVIEW: "prepare the page",
        Verb.MEASURE_SERVICE: "measure the service level",
        **{verb: verb.replace("_", " ") for verb in WORK},
    }
    return _cut(f"{names[verb]}: {steps}") if verb in names else _PLAIN[verb]


def of_wake(case: Case, at: datetime) -> str:
    """The summary of the timer that wakes the case at ``at`` (UTC)."""
    here = [entry for entry in agenda(case) if entry.moment == at]
    said = [of_action(entry.verb, [entry]) if entry.verb else f"turn of {entry.step or 'the hold'}" for entry in here]
    return _cut("; ".join(dict.fromkeys(said)) or "try again")


def of_case(status: Status) -> str:
    """The case as Markdown for the details in Temporal's UI: what is late on top, then what comes, then what is done."""
    late = f"**{len(status.overdue)} overdue**" if status.overdue else "nothing overdue"
    hold = f" · on hold until {_day(status.on_hold_until)}" if status.on_hold_until else ""
    end = f" · outcome **{status.outcome}**" if status.outcome else ""
    head = f"**{status.stage}**{end} · {status.plan or 'no plan yet'} · {late}{hold}"
    wake = f"\n\nNext wake-up: {_day(status.next_wake)}" if status.next_wake else ""
    rows = sorted((step for step in status.steps if not step.no_cause), key=_rank)
    table = "\n".join(_row(step) for step in rows)
    return f"{head}{wake}\n\n| | step | owner | due (UTC) | state |\n|---|---|---|---|---|\n{table}"


def _of_line(entry: Entry) -> str:
    word = entry.line.word if entry.line else Word.WARN
    return f"{_VERBS.get(word, word.value)} {entry.role}: {entry.step}".replace(" : ", ": ").rstrip(": ")


def _rank(step: StepStatus) -> tuple[int, str]:
    order = (StepState.OPEN, StepState.WAITING, StepState.FAILED, StepState.DONE, StepState.SKIPPED)
    return (-1 if step.overdue else order.index(step.state), step.due.isoformat() if step.due else "9")


def _row(step: StepStatus) -> str:
    mark = "🔴" if step.overdue else {StepState.OPEN: "🟡", StepState.DONE: "✅"}.get(step.state, "")
    owner = f"{step.owner} ({step.person})" if step.person else step.owner
    return f"| {mark} | {step.id} | {owner} | {_day(step.due)} | {'overdue' if step.overdue else step.state} |"


def _day(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else ""


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
