"""What is kept of a customer who left, until when, and how it is deleted (OFFB-23..26, AMB-24)."""

from __future__ import annotations

from enum import StrEnum

from models.base import Record, Utc
from models.cancellation import DataChoice
from models.case import CaseKind
from models.contact import CustomerCase
from models.leaving_stages import RetentionStage
from models.people import PersonId
from models.personal import PersonsRequest
from models.starts import ClosedAgain

DELETION_DUE, BACKUPS_DUE, RETRIEVAL_ENDS = "deletion_due", "backups_due", "retrieval_ends"
"""The anchors that a retention's plan counts from, besides the closure of the account."""


class RetentionOutcome(StrEnum):
    """How a retention ends: everything deleted, or the customer came back before; ``rejected`` never began."""

    DELETED = "deleted"
    RETURNED = "returned"
    REJECTED = "rejected"


class LegalHold(Record):
    """Why nothing is deleted for now, by whom and since when; ``was_due`` is when it would have been (UTC).

    ``until`` is when somebody decides anew (UTC); a hold never lifts by itself.
    """

    since: Utc
    by: PersonId
    reason: str
    was_due: Utc
    until: Utc | None = None


class ErasureMethod(StrEnum):
    """How data was made unreadable; ``by_hand`` is what a person attests, ``kept`` what is not deleted at all."""

    DELETED = "deleted"
    TEXTS_REMOVED = "texts_removed"
    BY_HAND = "by_hand"
    KEPT = "kept"


class Erased(Record):
    """What a store did of an erasure. ``kept`` is what it keeps and why: a word that the certificate knows, or a text.

    Of what a person attests, ``by`` is who they are, and ``note`` what they say of it.
    """

    store: str
    what: str
    rows: int
    method: ErasureMethod = ErasureMethod.DELETED
    kept: str = ""
    by: PersonId = ""
    note: str = ""


class RetentionCase(CustomerCase):
    """The data of one account that left: retrievable, then deleted, then gone from the backups too.

    ``returned_at`` is since when the customer is back (UTC); nothing is deleted from then on. ``closures`` counts how often
    the account was closed under this case, and ``next_closure`` waits until the former deletion is proved. ``written_to`` is
    the contact who asked to leave and might; empty where that is not known.
    """

    kind: CaseKind = CaseKind.RETENTION
    stage: RetentionStage = RetentionStage.RETAINED
    outcome: RetentionOutcome | None = None
    cancellation_case_id: str = ""
    account_closed_at: Utc
    policy: str = ""
    proof_wanted: bool = False
    data_choice: DataChoice | None = None
    written_to: str = ""
    legal_hold: LegalHold | None = None
    hold_reviews: int = 0
    carried_requests: tuple[PersonsRequest, ...] = ()
    verified_by: PersonId | None = None
    returned_at: Utc | None = None
    closures: int = 1
    next_closure: ClosedAgain | None = None
