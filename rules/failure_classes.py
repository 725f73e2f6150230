"""How patiently each effect is tried again before a person takes over."""

from __future__ import annotations

from models.effects import Verb
from models.policy import FailureClass

FAILURE_CLASS = {
    Verb.LOAD_ACCOUNT: FailureClass.RECORD,
    Verb.LOAD_REVIEW: FailureClass.RECORD,
    Verb.LOAD_PERSON: FailureClass.NOTIFY,
    Verb.LOAD_PLAN: FailureClass.RECORD,
    Verb.SYNC_TASKS: FailureClass.NOTIFY,
    Verb.ADD_NOTE: FailureClass.NOTIFY,
    Verb.SEND_DIGEST: FailureClass.NOTIFY,
    Verb.NOTIFY_TEAM: FailureClass.NOTIFY,
    Verb.DRAFT_MESSAGE: FailureClass.NOTIFY,
    Verb.RELEASE_MESSAGE: FailureClass.NOTIFY,
    Verb.WRITE_BOOK: FailureClass.RECORD,
    Verb.START_CASE: FailureClass.RECORD,
    Verb.TELL_CASE: FailureClass.RECORD,
    Verb.TAKE_OVER: FailureClass.RECORD,
    Verb.END_DEFERRAL: FailureClass.RECORD,
    Verb.LOAD_STANDING: FailureClass.NOTIFY,
    Verb.APPLY_CONCESSION: FailureClass.MONEY,
    Verb.PAUSE_BILLING: FailureClass.MONEY,
    Verb.PREPARE_PAGE: FailureClass.NOTIFY,
    Verb.PREPARE_BRIEF: FailureClass.NOTIFY,
    Verb.PREPARE_REVIEW: FailureClass.BULK,
    Verb.MEASURE_SERVICE: FailureClass.NOTIFY,
}
