"""What each activity takes and gives: exactly one model each way."""

from __future__ import annotations

from datetime import date

from models.after_commands import CameBack, DataChosen, ProofWanted
from models.base import Record, Utc
from models.brief_policy import BriefRules
from models.cancellation_commands import SaveAttempted, SaveFinished, SaveOpened
from models.case import Edit
from models.chat import Question
from models.commands import CancellationRequested, RiskSignal
from models.document import DocumentKind
from models.effects import DigestLine, TaskChange
from models.leaving_facts import Churned, LeavingFacts
from models.letter import Attachment
from models.people import PersonId
from models.promise import Commitment
from models.service_level import ServiceLevel
from models.starts import DeferralStart, RecoveryStart, RetentionStart, SaveStart, WinBackStart
from models.telling import Told


class Receipt(Record):
    """Proof of an effect. ``replayed`` is true where the key had its effect before and this is the first receipt."""

    id: str
    at: Utc
    replayed: bool = False


class LoadAccount(Record):
    """Read an account and its team; ``people`` names further members of the directory that the case knows of."""

    account_id: str
    people: tuple[PersonId, ...] = ()


class LoadPerson(Record):
    """Read one person of the directory with their calendar.

    ``voucher`` is who assigns them without being on the team; ``team_of`` the account whose team is read besides.
    """

    person: PersonId
    voucher: PersonId | None = None
    team_of: str = ""


class LoadPlan(Record):
    """Read and check a playbook, with all it inherits and the policies."""

    playbook: str


class SyncTasks(Record):
    """CRM tasks that open and close together, in one call."""

    key: str
    case_id: str
    account_id: str
    changes: tuple[TaskChange, ...]


class AddNote(Record):
    """A note on the account in the CRM."""

    key: str
    case_id: str
    account_id: str
    text: str


class SendDigest(Record):
    """Everything that one person must be told now about one case, in one mail.

    ``about`` is what a case is called that is not known by its account. ``questions`` are the open steps that the person
    may answer at once.
    """

    key: str
    case_id: str
    account_id: str
    person: PersonId
    at: Utc
    lines: tuple[DigestLine, ...]
    about: str = ""
    questions: tuple[Question, ...] = ()


class NotifyTeam(Record):
    """A notice about a step to several members of the team; ``churned`` where it is that the customer left (OFFB-47)."""

    key: str
    case_id: str
    account_id: str
    step: str
    title: str
    people: tuple[PersonId, ...]
    at: Utc
    reason: str = ""
    churned: Churned | None = None


class MeasureService(Record):
    """Measure a service level over the tickets of an account whose answer fell due after ``since``, by ``until`` (UTC)."""

    key: str
    case_id: str
    account_id: str
    level: ServiceLevel
    since: Utc
    until: Utc


class DraftMessage(Record):
    """Prepare a message to the customer from a template; its text is kept in the database, to be released by a person.

    ``reader`` is the contact who gets it, empty for the account's own; ``to_others`` sends it to all others instead.
    ``at`` is the case's own time; ``due`` is when the step is due (both UTC). ``cause`` is the reason the case was opened
    for, ``occurrence`` counts the weeks of a recurring message. ``told`` is what the case knows, ``given`` the parts
    that are known word by word; a person may correct both. ``attachments`` go with it. ``first_writer`` is who wrote to
    the customer first; another person who signs instead says so. ``stands_in_for`` is whom the signer stands in for until
    they are back: they are the customer's one contact, and not the signer.
    """

    key: str
    case_id: str
    account_id: str
    message_id: str
    step: str
    template: str
    signer: PersonId
    reader: str = ""
    to_others: bool = False
    at: Utc
    opened_at: Utc
    due: Utc | None = None
    cause: str = ""
    occurrence: int = 1
    told: Told = Told()
    given: tuple[Edit, ...] = ()
    leaving: LeavingFacts | None = None
    attachments: tuple[Attachment, ...] = ()
    first_writer: PersonId = ""
    stands_in_for: PersonId = ""


class ReleaseMessage(Record):
    """Check and send a drafted message: signed by the person who releases it, with the parts that they wrote.

    ``stands_in_for`` is whom they stand in for until they are back.
    """

    key: str
    case_id: str
    account_id: str
    message_id: str
    by: PersonId
    at: Utc
    edits: tuple[Edit, ...] = ()
    stands_in_for: PersonId = ""


class PrepareBrief(Record):
    """Prepare the page that a person reads before the first call (CONV-8), once for the key.

    ``at`` is the case's own time. ``reason`` is why the case was opened, ``root_cause`` what it found; both may be
    unknown. ``playbook`` runs the case, and its offers are told.
    """

    key: str
    account_id: str
    person: PersonId
    at: Utc
    playbook: str
    case_id: str = ""
    reason: str = ""
    root_cause: str | None = None
    opened_at: Utc | None = None


class PreparePage(Record):
    """Prepare the page of a step from what was measured, and keep it with its chart, once for the key (POST-1, POST-6).

    The page is about the days from ``since`` until before ``until``; NPS is compared before and after ``anchor``, such
    as the day on which the customer was saved. ``titles`` are those in other languages. ``letter`` is the message to the
    customer that it is the draft of.
    """

    key: str
    case_id: str
    account_id: str
    kind: DocumentKind
    title: str
    titles: dict[str, str] = {}
    person: PersonId
    at: Utc
    since: date
    until: date
    anchor: Utc
    commitments: tuple[Commitment, ...] = ()
    rules: BriefRules = BriefRules()
    letter: DraftMessage | None = None


class StartCase(Record):
    """Start a case of the account as a sibling of the one that asks, or reach the one that is open under that id.

    One of the starts is given; ``signal`` is what the case is told besides, new or open.
    A new deferral takes the place of an earlier one: the day that was named last counts.
    """

    key: str
    case_id: str
    account_id: str
    workflow_type: str
    workflow_id: str
    summary: str
    recovery: RecoveryStart | None = None
    save: SaveStart | None = None
    deferral: DeferralStart | None = None
    retention: RetentionStart | None = None
    win_back: WinBackStart | None = None
    signal: RiskSignal | CancellationRequested | None = None


NOT_OPEN = "is not open"
"""How the receipt of a telling ends where there was nobody to hear it."""


def is_closed(receipt: str) -> bool:
    """Whether the receipt of a telling says that the other case is not open."""
    return receipt.endswith(NOT_OPEN)


class TellCase(Record):
    """Tell another case of the account something, where it is open; where it is not, nobody needs to hear it."""

    key: str
    case_id: str
    account_id: str
    workflow_id: str
    signal: (
        DataChosen
        | ProofWanted
        | SaveOpened
        | SaveAttempted
        | SaveFinished
        | RiskSignal
        | CancellationRequested
        | CameBack
    )


class TakeOverParked(Record):
    """Bring what a deferral carries into the open case of its account, once (SAVE-29)."""

    key: str
    case_id: str
    account_id: str
    deferral_id: str
    workflow_id: str


class EndDeferral(Record):
    """End what waits for the day on which the account decides, if anything does (CONV-23)."""

    key: str
    case_id: str
    account_id: str
    workflow_id: str
