"""What ``status`` and the book say of a cancellation besides what every case says; the metrics are counted from it."""

from __future__ import annotations

from datetime import date

from models.base import Record, Utc
from models.cancellation import DataChoice, Feedback, Invitation, ReasonBefore, ReceivedRequest, SurveyAnswer
from models.people import RoleId


class LeavingStatus(Record):
    """A cancellation in its own terms. ``deactivated_at`` is when nobody got in any more, proved by reading back.

    ``reasons_before`` are those that ``churn_reason`` and ``reason_detail`` corrected, the first one first;
    ``policy_since`` is since when that policy of leaving holds (UTC). ``may_tell`` is whether they want to hear when what
    they named is fixed; None where they did not say. ``attempt`` is whether the customer may be asked to a save talk, None
    until the wish is validated; ``barred_roles`` have no part in it, since they want no sales conversation.
    ``before_erasure`` are owed steps that the erasure waits for.
    """

    policy: str = ""
    policy_since: Utc | None = None
    requests: tuple[ReceivedRequest, ...] = ()
    churn_reason: str = "unknown"
    reason_detail: str = ""
    reasons_before: tuple[ReasonBefore, ...] = ()
    destination: str = ""
    no_sales_contact: bool = False
    barred_roles: tuple[RoleId, ...] = ()
    attempt: bool | None = None
    attempt_why: str = ""
    attempts_allowed: int = 0
    invitations: tuple[Invitation, ...] = ()
    save_outcome: str = ""
    asked_end_date: date | None = None
    end_date: date | None = None
    waiver: str = ""
    confirmed_at: Utc | None = None
    export_asked_at: Utc | None = None
    exported_at: Utc | None = None
    account_closed_at: Utc | None = None
    deactivated_at: Utc | None = None
    withdrawn_at: Utc | None = None
    feedback: Feedback = Feedback.NOT_ASKED
    answers: tuple[SurveyAnswer, ...] = ()
    satisfaction: int | None = None
    may_tell: bool | None = None
    data_choice: DataChoice | None = None
    clean_break: bool = False
    proof_wanted: bool = False
    too_late_to_withdraw: bool = False
    before_erasure: tuple[str, ...] = ()
    erased_at: Utc | None = None
