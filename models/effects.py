"""Effects: what a case asks of the outside world, and what came back."""

from __future__ import annotations

from enum import StrEnum

from models.account import AccountFile
from models.base import Record, Utc
from models.calendar import Calendar
from models.concession import Standing
from models.people import Person, PersonId, Team
from models.plan import Plan
from models.policy import FailureClass
from models.service_level import Attained
from models.step import EvidenceItem


class Verb(StrEnum):
    """What can be asked of a port."""

    LOAD_ACCOUNT = "load_account"
    LOAD_REVIEW = "load_review"
    LOAD_PERSON = "load_person"
    LOAD_PLAN = "load_plan"
    SYNC_TASKS = "sync_tasks"
    ADD_NOTE = "add_note"
    SEND_DIGEST = "send_digest"
    NOTIFY_TEAM = "notify_team"
    DRAFT_MESSAGE = "draft_message"
    RELEASE_MESSAGE = "release_message"
    WRITE_BOOK = "write_book"
    START_CASE = "start_case"
    END_DEFERRAL = "end_deferral"
    TAKE_OVER = "take_over"
    LOAD_STANDING = "load_standing"
    APPLY_CONCESSION = "apply_concession"
    PAUSE_BILLING = "pause_billing"
    PREPARE_PAGE = "prepare_page"
    PREPARE_BRIEF = "prepare_brief"
    PREPARE_REVIEW = "prepare_review"
    MEASURE_SERVICE = "measure_service"
    TELL_CASE = "tell_case"
    SEND_LETTER = "send_letter"
    PREPARE_EXPORT = "prepare_export"
    REDUCE_ACCESS = "reduce_access"
    REVOKE_ACCESS = "revoke_access"
    REVOKE_INTERNAL = "revoke_internal"
    RESTORE_ACCESS = "restore_access"
    PREVIEW_INVOICE = "preview_invoice"
    STOP_CHARGING = "stop_charging"
    ISSUE_FINAL_INVOICE = "issue_final_invoice"
    REFUND = "refund"
    CLOSE_ACCOUNT = "close_account"
    TAG_ACCOUNT = "tag_account"
    READ_BACK = "read_back"
    ERASE_DATA = "erase_data"
    ISSUE_CERTIFICATE = "issue_certificate"
    ERASE_REST = "erase_rest"


BILLING_VERBS = (Verb.APPLY_CONCESSION, Verb.PAUSE_BILLING)
_FOR_THE_ACCOUNT = (Verb.START_CASE, Verb.TELL_CASE, Verb.END_DEFERRAL)
OWED_AFTER_CLOSE = (Verb.SYNC_TASKS, Verb.ADD_NOTE, Verb.WRITE_BOOK, *_FOR_THE_ACCOUNT, *BILLING_VERBS)


class Word(StrEnum):
    """Why somebody is written to; the parts of a digest."""

    WARN = "warn"
    OVERDUE = "overdue"
    ESCALATE = "escalate"
    ASSIGNED = "assigned"
    REROUTED = "rerouted"
    REFUSED = "refused"
    PROPOSED = "proposed"
    FAILED = "failed"
    CONSULTED = "consulted"
    INFORMED = "informed"


class DigestLine(Record):
    """One line of a digest: the word, the step it speaks of, and a sentence without personal data."""

    word: Word
    mark: str
    subject: str
    step: str | None = None
    due: Utc | None = None


class TaskChange(Record):
    """Open or close the CRM task of a step. ``key`` identifies the task for ever; due is UTC."""

    key: str
    step: str
    title: str
    person: PersonId | None
    due: Utc | None
    open: bool
    note: str = ""


class Action(Record):
    """One effect that is due: its key, the lane it travels on, and what it is about.

    ``key`` is unique for ever: ``{case_id}/{step_id}/{verb}[/{occurrence}]``. ``lane`` is ``crm``, ``plan``, ``book`` or
    ``email:{recipient}``; one action is in flight on a lane. ``revision`` and ``events`` are how far the case was when
    the action was made; ``subject`` is the id of the ask that it answers, or of the message
    that is drafted with a page.
    """

    key: str
    lane: str
    verb: Verb
    failure_class: FailureClass
    summary: str
    steps: tuple[str, ...] = ()
    recipients: tuple[PersonId, ...] = ()
    lines: tuple[DigestLine, ...] = ()
    tasks: tuple[TaskChange, ...] = ()
    subject: str = ""
    revision: int = 0
    events: int = 0
    moment: Utc


class OutcomeKind(StrEnum):
    """How an action ended."""

    DONE = "done"
    HELD = "held"
    FAILED = "failed"


class Outcome(Record):
    """What came back from an action: a receipt, a wish to wait, or a failure with its reason.

    ``file``, ``joined``, ``plan`` and ``standing`` are filled by the verbs that load them. ``proof`` is what the work of an
    automatic step has found or made, item by item. ``permanent`` says that trying again is useless.
    """

    kind: OutcomeKind = OutcomeKind.DONE
    receipt: str = ""
    error_type: str = ""
    reason: str = ""
    not_before: Utc | None = None
    permanent: bool = False
    file: AccountFile | None = None
    joined: Joined | None = None
    plan: Plan | None = None
    standing: Standing | None = None
    attained: Attained | None = None
    proof: tuple[EvidenceItem, ...] = ()


class Joined(Record):
    """A person of the directory who joins a case, with their calendar.

    ``voucher`` is who assigned them from outside the team, ``team`` that of the account, where they were asked for.
    """

    person: Person
    calendar: Calendar
    voucher: Joined | None = None
    team: Team | None = None


class Retry(Record):
    """An effect that did not go through yet: the very same action, and when it is tried again.

    ``attempts`` is how often it failed, ``held`` how often in a row it was held back; only failing wears patience out.
    """

    action: Action
    attempts: int = 0
    held: int = 0
    not_before: Utc


class PausedLane(Record):
    """A lane of digests that was held back: nothing left under ``key``, so the digest is made anew when it may leave."""

    lane: str
    key: str
    held: int = 1
    not_before: Utc


Outcome.model_rebuild()
